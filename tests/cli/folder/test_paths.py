"""Which transcripts a command line names."""

from pathlib import Path

import pytest

from rechat.cli.folder.paths import transcripts_of
from rechat.values import UsageError


def test_files_and_folders_are_found_with_the_folder_they_belong_to(mine: Path) -> None:
    folder = mine.parent
    assert transcripts_of([folder]) == {mine: folder}
    assert transcripts_of([mine, folder]) == {mine: folder}


def test_a_path_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        transcripts_of([tmp_path / "no"])
