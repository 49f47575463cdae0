"""The takes of an answer, side by side."""

from pathlib import Path
from typing import Any

from conversations import ask

from rechat.observe.entry import JournalEntry
from rechat.store.folder import Store
from rechat.web.takes import takes

FILE = "### user\n\n> Two\n\n### assistant\n\n> one\n\n### assistant, take 2\n\n> two\n"


def test_all_takes_are_told_and_which_was_served(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(FILE)
    store = Store([tmp_path])
    store.load()
    entry = JournalEntry("hit", "POST /x", ask("Two"), place=f"{path.as_posix()}:9")
    found: Any = takes(store, entry)["takes"]
    assert [(take["take"], take["is_this"]) for take in found] == [(1, False), (2, True)]
    assert [take["messages"][0]["raw"] for take in found] == ["one", "two"]
    differs = [take["difference"] for take in found]
    assert [line["kind"] for line in differs[0]["lines"]] == ["recorded", "asked"]
    assert (differs[0]["recorded"], differs[0]["asked"], differs[1]) == ("two", "one", None)
    gone = JournalEntry("hit", "POST /x", ask("Two"), place=f"{path.as_posix()}:99")
    assert takes(store, gone) == {"takes": []}
