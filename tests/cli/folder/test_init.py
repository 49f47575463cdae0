"""A folder with an example, and what is said of it."""

from pathlib import Path

import pytest

from rechat.cli.folder.init import make_folder
from rechat.values.errors import UsageError


def test_a_reader_that_leaves_is_not_taken_for_a_folder_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("rechat.cli.folder.init.typer.echo", leave)
    with pytest.raises(BrokenPipeError):
        make_folder(tmp_path / "transcripts")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        make_folder(tmp_path / "file" / "transcripts")
