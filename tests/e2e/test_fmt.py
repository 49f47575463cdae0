"""`rechat fmt` and `rechat lint --fix`, as a person runs them."""

from pathlib import Path

from process import run

LOOSE = "### user\n> Hello\n### assistant\n> Hi!\n"
TIDY = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


def test_files_are_laid_out_and_named(mine: Path) -> None:
    mine.write_text(LOOSE)
    result = run("fmt", folder=mine.parent.parent)
    assert (result.returncode, result.stdout) == (0, "transcripts/mine.md\n")
    assert result.stderr == "1 file: 1 changed\n"
    assert mine.read_text() == TIDY
    assert run("fmt", "--check", folder=mine.parent.parent).returncode == 0


def test_check_and_diff_write_nothing(mine: Path) -> None:
    mine.write_text(LOOSE)
    checked = run("fmt", "--check", folder=mine.parent.parent)
    assert (checked.returncode, checked.stdout) == (1, "transcripts/mine.md\n")
    diff = run("fmt", "--diff", folder=mine.parent.parent)
    assert diff.returncode == 1
    assert diff.stdout.startswith(
        "--- transcripts/mine.md\n+++ transcripts/mine.md\n@@ -1,4 +1,7 @@\n"
    )
    assert mine.read_text() == LOOSE


def test_a_file_that_cannot_be_read_is_told_and_left(mine: Path) -> None:
    mine.write_text("### usr\n")
    result = run("fmt", folder=mine.parent.parent)
    assert result.returncode == 1
    assert result.stdout.startswith("transcripts/mine.md:1: error: `### usr` is not a role")
    assert mine.read_text() == "### usr\n"


def test_standard_input_is_formatted_to_standard_output(tmp_path: Path) -> None:
    assert run("fmt", "-", folder=tmp_path, given=LOOSE).stdout == TIDY
    broken = run("fmt", "-", folder=tmp_path, given="### usr\n")
    assert (broken.returncode, broken.stdout) == (2, "")
    assert "<stdin>:1" in broken.stderr


def test_lint_fixes_what_can_only_mean_one_thing(mine: Path) -> None:
    mine.write_text(LOOSE.replace("### user", "###User"))
    result = run("lint", "--fix", folder=mine.parent.parent)
    assert result.returncode == 0
    assert mine.read_text() == TIDY
    assert result.stderr == "transcripts/mine.md: fixed\n1 file: 0 errors, 0 warnings\n"


def test_lint_prints_annotations_for_github(mine: Path) -> None:
    mine.write_text("### usr\n")
    result = run("lint", "--format", "github", folder=mine.parent.parent)
    assert result.returncode == 1
    assert result.stdout.startswith("::error file=transcripts/mine.md,line=1,title=unknown-role::")
