"""Whole folders are checked, and files of several processes are compared with each other."""

from pathlib import Path

import pytest

from rechat.store.tidying import linting
from rechat.store.tidying.linting import lint_files

HELLO = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


def nothing() -> None:
    """What each process does first; it has to stand at the top of a module."""


def test_several_processes_find_what_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        (tmp_path / f"{number}.md").write_text(HELLO)
    (tmp_path / "5.md").write_text("### usr\n")
    (tmp_path / "6.md").write_text(HELLO.replace("Hello", "Bye").replace("> Hi!", ""))
    alone = lint_files([tmp_path], nothing)
    monkeypatch.setattr(linting, "_MANY", 2)
    assert lint_files([tmp_path], nothing) == alone
    count, found = alone
    assert count == 6
    assert [one.level for one in found] == ["warning", "warning", "warning", "error", "warning"]
    assert all("0.md:5 answers the same request" in one.message for one in found[:3])
