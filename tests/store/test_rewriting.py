"""Files that are to say something else."""

from pathlib import Path

from rechat.store.rewriting import Rewrite
from rechat.store.rewriting import put_in_place

LOOSE = "### user\n> Hi\n### assistant\n> Ho\n"
TIDY = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


def test_a_file_that_has_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    (tmp_path / ".wire").mkdir()
    path.write_text(LOOSE)
    change = Rewrite(path, LOOSE.encode(), TIDY.encode())
    path.write_text("### user\n")
    assert not put_in_place(tmp_path, change)
    path.write_text(LOOSE)
    assert put_in_place(tmp_path, change)
    assert path.read_text() == TIDY


def test_a_file_may_get_another_name(tmp_path: Path) -> None:
    path, target = tmp_path / "a.md", tmp_path / "b.md"
    path.write_text(LOOSE)
    assert put_in_place(tmp_path, Rewrite(path, LOOSE.encode(), TIDY.encode()), target)
    assert not path.exists()
    assert target.read_text() == TIDY
