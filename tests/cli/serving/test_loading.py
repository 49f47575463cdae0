"""Loading the folder that a server answers from."""

import io
from pathlib import Path

import pytest
from rich.console import Console as Terminal

from rechat.cli.options import CommonOptions
from rechat.cli.options import ServerOptions
from rechat.cli.serving.loading import _teller
from rechat.cli.serving.loading import load
from rechat.observe.terminal.console import Console
from rechat.store.folder import Store
from rechat.values import Policy
from rechat.values import UsageError

FILE = "### user\n\n> Hi\n\n### assistant\n\n> Hello!\n"


def loaded(folder: Path, policy: Policy) -> tuple[Store, str]:
    """The store, and what was said on the way."""
    said = Terminal(file=io.StringIO(), width=200)
    options = ServerOptions(CommonOptions("localhost", 0), policy, (folder,))
    store = load(options, said, Console(said, said))
    assert isinstance(said.file, io.StringIO)
    return store, said.file.getvalue()


def test_what_cannot_be_read_is_told_and_the_rest_is_served(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(FILE)
    (tmp_path / "bad.md").write_text(FILE.replace("### user", "### usr"))
    store, said = loaded(tmp_path, "replay")
    assert store.index.answers == 1
    assert "bad.md:1" in said


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_to_record_to_gets_its_settings_if_nothing_is_in_it(
    tmp_path: Path, exists: bool
) -> None:
    folder = tmp_path / "transcripts"
    if exists:
        folder.mkdir()
    _, said = loaded(folder, "record")
    assert (folder / ".gitattributes").exists()
    assert "is new: " in said


def test_a_folder_with_transcripts_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(FILE)
    _, said = loaded(tmp_path, "record")
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == [
        "good.md"
    ]
    assert not (tmp_path / ".gitattributes").exists()
    assert said == ""


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        loaded(tmp_path / "file" / "transcripts", "record")


def test_a_copy_of_a_file_is_told_and_not_served(tmp_path: Path) -> None:
    (tmp_path / "chat.md").write_text(FILE)
    (tmp_path / "chat (conflict 2026-11-27).md").write_text(FILE.replace("Hello!", "Go away!"))
    _, said = loaded(tmp_path, "replay")
    assert "chat.md answers the same request and comes first" in said


def test_a_log_tells_once_of_what_takes_long_to_load() -> None:
    said = Terminal(file=io.StringIO(), width=200)
    done = _teller(said, iter([0.0, 1.0, 3.0]).__next__)
    for number in range(1, 9):
        done(number, 8)
    assert isinstance(said.file, io.StringIO)
    assert said.file.getvalue() == "loading 8 files\n"
