"""`rechat lint`: its findings, how they are counted, and its exit code."""

import json
from pathlib import Path

import pytest
from process import run

HELLO = "# Mine\n\n### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"
ODD = HELLO.replace("### user", "### user, like")
SECRET = HELLO.replace("Hi!", "My key is sk-" + "a1" * 20)
WRONG = HELLO.replace("### user", "### usr")


def test_lint_names_file_line_and_what_to_do(mine: Path) -> None:
    mine.write_text(HELLO.replace("> Hi!", "Hi!"))
    result = run("lint", folder=mine.parent.parent)
    assert result.returncode == 1
    finding = result.stdout.splitlines()[0]
    assert finding.startswith("transcripts/mine.md:9: error: this text is not in the body")
    assert finding.endswith(" [missing-body]")


def test_lint_prints_the_code_of_a_mistake_as_json_too(mine: Path) -> None:
    mine.write_text(HELLO.replace("### user", "### usr"))
    [finding] = json.loads(run("lint", "--json", folder=mine.parent.parent).stdout)
    assert (finding["level"], finding["line"], finding["code"]) == ("error", 3, "unknown-role")


def test_lint_prints_json(mine: Path) -> None:
    (mine.parent / "again.md").write_text(HELLO)
    [finding] = json.loads(run("lint", "--json", folder=mine.parent.parent).stdout)
    assert (finding["path"], finding["level"]) == ("transcripts/mine.md", "warning")


def test_lint_finds_files_that_are_not_read_for_their_names(mine: Path) -> None:
    mine.rename(mine.with_suffix(".MD"))
    result = run("lint", folder=mine.parent.parent)
    assert result.returncode == 0
    told = "warning: this file is not read: rename it to mine.md"
    assert result.stdout == f"transcripts/mine.MD:1: {told}\n"


@pytest.mark.parametrize(
    ("sources", "code", "strict_code", "summary"),
    [
        ([HELLO], 0, 0, "1 file: 0 errors, 0 warnings"),
        ([ODD], 0, 1, "1 file: 0 errors, 1 warning"),
        ([SECRET], 1, 1, "1 file: 1 error, 0 warnings"),
        ([WRONG], 1, 1, "1 file: 1 error, 0 warnings"),
        ([WRONG, ODD, ODD + "\n/home/ada\n"], 1, 1, "3 files: 1 error, 3 warnings, 2 notices"),
        ([HELLO + "\n/home/ada\n"], 0, 0, "1 file: 0 errors, 0 warnings, 2 notices"),
    ],
)
def test_errors_fail_and_warnings_do_if_strict(
    sources: list[str], code: int, strict_code: int, summary: str, tmp_path: Path
) -> None:
    for number, source in enumerate(sources):
        (tmp_path / f"{number}.md").write_text(source)
    result = run("lint", tmp_path, folder=tmp_path)
    assert (result.returncode, result.stderr) == (code, summary + "\n")
    assert run("lint", "--strict", tmp_path, folder=tmp_path).returncode == strict_code
