from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import questions
from asking import result

from rechat.resend.questions.selection import Selection
from rechat.resend.results.options import RunOptions
from rechat.resend.results.run_folder import ResultFile
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.sending.limits import check_for_limits
from rechat.resend.sending.limits import limits_of
from rechat.resend.sending.limits import rounds_kept
from rechat.resend.sending.limits import rounds_of
from rechat.resend.sending.parts import Part
from rechat.resend.sending.parts import parts_of
from rechat.resend.target import parse_target
from rechat.values.errors import UsageError

FIRST, SECOND = questions()
OPTIONS = RunOptions((), (), slo="e2el=100", find_limit=True)


@pytest.fixture
def part() -> Part:
    """What one target is asked, one question after the other."""
    (found,) = parts_of(Selection((FIRST, SECOND), ()), [parse_target("http://a:m")])
    return found


def ask(rounds: Iterator[Part], run: RunFolder, most: int = 99) -> Iterator[str]:
    """Answer what is asked, fast enough up to five at once."""
    for asked, _ in zip(rounds, range(most), strict=False):
        file = ResultFile(run.file_of(asked.name))
        for question in (FIRST, SECOND):
            file.add(result(question, ms=50.0 if asked.load.at <= 5 else 500.0))
        file.close()
        yield asked.name


def test_loads_are_tried_until_the_limit_is_known(part: Part, tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    asked = [*ask(rounds_of([part], OPTIONS, run), run)]
    assert asked == ["m at 1", "m at 2", "m at 4", "m at 8", "m at 6", "m at 5"]
    assert [one.name for one in rounds_kept([part], OPTIONS, run)] == asked
    assert [*limits_of([part], OPTIONS, run)] == ["m: 5 at once reach the goals, 6 miss them"]


def test_a_search_that_was_broken_off_takes_the_same_way(part: Part, tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    [*ask(rounds_of([part], OPTIONS, run), run, 3)]
    assert [one.load.at for one in rounds_kept([part], OPTIONS, run)] == [1, 2, 4]
    assert [*limits_of([part], OPTIONS, run)] == [
        "m: 4 at once reach the goals, and more was not tried"
    ]


def test_without_a_search_the_parts_are_the_rounds(part: Part, tmp_path: Path) -> None:
    options, run = RunOptions((), ()), RunFolder(tmp_path)
    assert [*rounds_of([part], options, run)] == rounds_kept([part], options, run) == [part]
    assert [*limits_of([part], options, run)] == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (RunOptions((), (), find_limit=True), "which goals are to be reached"),
        (RunOptions((), (), slo="ttft=1", at="1,8", find_limit=True), "begins with one load"),
    ],
)
def test_what_cannot_be_searched_is_told(options: RunOptions, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        check_for_limits(options)
