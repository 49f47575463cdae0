"""`rechat init`: a folder to begin with."""

from pathlib import Path

from process import run


def test_init_makes_a_folder_that_lints_clean_and_answers(tmp_path: Path) -> None:
    assert run("init", folder=tmp_path).returncode == 0
    assert (tmp_path / "transcripts" / ".gitattributes").is_file()
    assert run("lint", folder=tmp_path).returncode == 0
    assert run("find", "Hello!", folder=tmp_path).stdout.startswith("transcripts/hello.md:")


def test_init_leaves_alone_what_is_there(mine: Path) -> None:
    (mine.parent / "hello.md").write_text("mine")
    result = run("init", folder=mine.parent.parent)
    assert "hello.md already exists" in result.stderr
    assert (mine.parent / "hello.md").read_text() == "mine"
