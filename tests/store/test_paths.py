"""Which files of a folder are transcripts."""

from pathlib import Path

import pytest

from rechat.store.paths import is_transcript
from rechat.store.paths import misnamed_in
from rechat.store.paths import transcripts_in


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.md", True),
        ("deep/a.md", True),
        ("a.txt", False),
        (".hidden.md", False),
        (".git/a.md", False),
        ("assets/a.md", False),
        ("README.md", False),
    ],
)
def test_what_is_a_transcript(path: str, expected: bool) -> None:
    assert is_transcript(Path(path)) is expected


def test_the_transcripts_of_a_folder_come_in_order(tmp_path: Path) -> None:
    names = ["b.md", "a/z.md", "a.md", "a/README.md", "assets/x.md", ".git/x.md", "x.txt", ".x.md"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in transcripts_in(tmp_path)]
    assert found == ["a/z.md", "a.md", "b.md"]
    assert all(is_transcript(Path(name)) for name in found)


def test_files_that_miss_being_transcripts_by_the_end_of_their_names(tmp_path: Path) -> None:
    for name in ("a.MD", "b.markdown", "c.md", "d.txt", "README.MD", ".git/e.MD", "assets/f.mdx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.name for path in misnamed_in(tmp_path)] == ["a.MD", "b.markdown"]
