import json
from pathlib import Path

import pytest
import typer
from asking import questions
from asking import result

from rechat.cli.resend.printing import Printing
from rechat.cli.resend.printing import checked_kinds
from rechat.resend import Told
from rechat.resend import report_of
from rechat.values import UsageError

QUESTION, _ = questions()
REPORT = report_of("r", [QUESTION], [], [Told("a", "http://a", [result(QUESTION, "Lyon.")], ())])


def printing(
    *, as_json: bool = False, folder: Path | None = None, fail_on: str = "words"
) -> Printing:
    """Printing with a check, and with files in a folder."""
    html, junit = (folder / "r.html", folder / "r.xml") if folder else (None, None)
    return Printing(as_json, html, junit, True, checked_kinds(fail_on))


def test_a_report_is_printed_for_people_or_programs(capsys: pytest.CaptureFixture[str]) -> None:
    printing().write(REPORT)
    assert capsys.readouterr().out.startswith("# Asked again: r\n")
    printing(as_json=True).write(REPORT)
    assert json.loads(capsys.readouterr().out)["run"] == "r"


def test_files_are_written_beside_it(tmp_path: Path) -> None:
    printing(folder=tmp_path).write(REPORT)
    assert "<h1>Asked again: r</h1>" in (tmp_path / "r.html").read_text()
    assert 'failure type="words"' in (tmp_path / "r.xml").read_text()


def test_a_check_fails_for_what_it_names_and_nothing_else() -> None:
    with pytest.raises(typer.Exit) as exit_:
        printing(fail_on="call, words").check(REPORT)
    assert exit_.value.exit_code == 1
    printing(fail_on="call").check(REPORT)


def test_a_kind_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="--fail-on tone: expected some of same, spaces"):
        checked_kinds("words,tone")


def test_a_file_without_a_folder_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    printing(folder=tmp_path).check_files()
    with pytest.raises(UsageError, match=r"--html .*there is no folder"):
        printing(folder=tmp_path / "none").check_files()
