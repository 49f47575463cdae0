"""The files of a folder, as tools tell them."""

from pathlib import Path
from typing import Any

import pytest

from rechat.mcp.transcripts import Transcripts
from rechat.store import Store
from rechat.values import RechatError

HELLO = (
    "---\nmodel: gpt-5\n---\n\n## Greeting\n\n### user\n\n> Hello\n\n### assistant\n\n> Hi, İ!\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    found = Path("transcripts")
    found.mkdir()
    (found / "hello.md").write_text(HELLO, "utf-8")
    (found / "broken.md").write_text("### usr\n")
    Path("secret.md").write_text("### user\n\n> a\n")
    return found


def of(folder: Path) -> Transcripts:
    def load() -> Store:
        store = Store([folder])
        store.load()
        return store

    return Transcripts(load)


def test_files_are_listed_with_what_they_answer_or_why_not(folder: Path) -> None:
    broken, hello = of(folder).listed()["transcripts"]
    assert hello == {
        "path": "transcripts/hello.md",
        "answers": 1,
        "models": ["gpt-5"],
        "sections": ["Greeting"],
    }
    assert (broken["path"], broken["line"]) == ("transcripts/broken.md", 1)
    assert "usr" in broken["problem"]


def test_a_file_is_read_as_it_is_now(folder: Path) -> None:
    tools = of(folder)
    assert tools.read("transcripts/hello.md") == HELLO
    (folder / "hello.md").write_text(HELLO + "\nmore\n", "utf-8")
    assert tools.read(str((folder / "hello.md").absolute())).endswith("more\n")


@pytest.mark.parametrize(
    "path", ["secret.md", "transcripts/../secret.md", "/etc/passwd", "transcripts", ""]
)
def test_no_other_file_is_read(folder: Path, path: str) -> None:
    with pytest.raises(RechatError, match="is not one of the transcripts"):
        of(folder).read(path)


def test_files_are_found_by_all_words_whatever_their_case(folder: Path) -> None:
    tools = of(folder)
    assert tools.searched("HELLO greeting") == {
        "found": [{"path": "transcripts/hello.md", "line": 9, "text": "> Hello"}],
        "count": 1,
    }
    assert tools.searched("hello madrid")["count"] == 0
    with pytest.raises(RechatError, match="at least one"):
        tools.searched(" ")


def test_a_long_line_is_told_around_the_word(folder: Path) -> None:
    (folder / "long.md").write_text(
        f"### user\n\n> {'a ' * 400}needle{' b' * 400}\n\n### assistant\n"
    )
    [found] = of(folder).searched("needle")["found"]
    assert "needle" in found["text"]
    assert len(found["text"]) <= 200


def test_all_files_are_checked_or_one(folder: Path) -> None:
    tools: Any = of(folder)
    [found] = tools.checked()["findings"]
    assert (found["path"], found["level"], found["code"]) == (
        "transcripts/broken.md",
        "error",
        "unknown-role",
    )
    assert tools.checked("transcripts/hello.md") == {"findings": [], "count": 0}
    with pytest.raises(RechatError, match="is not one of the transcripts"):
        tools.checked("secret.md")
