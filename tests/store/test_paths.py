"""Which files of a folder are transcripts."""

from pathlib import Path

import pytest

from rechat.store.paths import is_transcript
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
