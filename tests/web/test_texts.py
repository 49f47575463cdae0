"""The texts of all transcripts."""

import time
from pathlib import Path
from typing import Any

import pytest

from rechat.store.folder import Store
from rechat.values.errors import RechatError
from rechat.web.texts import Texts
from rechat.web.texts import read

QA = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.chdir(tmp_path)
    Path("t").mkdir()
    Path("t/a.md").write_text(QA.format("Where is Oslo?", "In Norway."))
    Path("t/b.md").write_text(QA.format("Where is Rome?", "In Italy."))
    store = Store([Path("t")])
    store.load()
    return store


def paths(texts: Texts, query: str) -> list[str]:
    found: Any = texts.search(query)["found"]
    return [one["path"] for one in found]


def test_all_words_have_to_stand_in_a_file_and_the_place_of_the_first_is_told(store: Store) -> None:
    texts = Texts(store)
    assert paths(texts, "where") == ["t/a.md", "t/b.md"]
    assert paths(texts, "rome WHERE") == ["t/b.md"]
    assert paths(texts, "rome oslo") == []
    assert paths(texts, "  ") == []
    [found] = texts.search("norway")["found"]
    assert found == {"path": "t/a.md", "line": 7, "before": "> In ", "text": "Norway", "after": "."}


def test_a_changed_file_is_searched_as_it_is_now(store: Store) -> None:
    texts = Texts(store)
    assert paths(texts, "bergen") == []
    Path("t/a.md").write_text(QA.format("Where is Bergen?", "In Norway."))
    store.reload(Path("t/a.md"))
    assert paths(texts, "bergen") == ["t/a.md"]


def test_ten_thousand_files_are_searched_at_once(store: Store) -> None:
    texts = Texts(store)
    texts.search("oslo")
    one = texts._texts["t/a.md"]
    texts._texts = {f"t/{number}.md": one for number in range(10_000)}
    started = time.process_time()
    assert texts.search("norway")["count"] == 10_000
    searched = time.process_time() - started
    started = time.process_time()
    for _ in range(10_000):
        "norway".join(["a", "b", "c"]).upper().lower().partition("x")
    assert searched < 60 * (time.process_time() - started)


def test_a_file_is_read_with_its_lines(store: Store) -> None:
    found: Any = read(store, "t/a.md")
    assert found["source"] == Path("t/a.md").read_text()
    [section] = found["sections"]
    assert [(said["role"], said["line"]) for said in section["messages"]] == [
        ("user", 1),
        ("assistant", 5),
    ]


@pytest.mark.parametrize("path", ["/etc/passwd", "t/../t/a.md", "t", "", "t/c.md"])
def test_only_transcripts_are_read(store: Store, path: str) -> None:
    with pytest.raises(RechatError, match="not a transcript"):
        read(store, path)


def test_a_broken_file_is_shown_as_it_is(store: Store) -> None:
    Path("t/c.md").write_text("### usr\n\n> x\n")
    store.reload(Path("t/c.md"))
    found = read(store, "t/c.md")
    assert (found["sections"], found["source"]) == ([], "### usr\n\n> x\n")
