import pytest
from asking import questions
from asking import result

from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.load.shape import Load
from rechat.resend.questions.selection import Selection
from rechat.resend.results.options import RunOptions
from rechat.resend.sending.as_recorded import check_for_times
from rechat.resend.sending.as_recorded import left_of
from rechat.resend.sending.as_recorded import seconds_of
from rechat.resend.sending.as_recorded import timed
from rechat.resend.sending.as_recorded import untimed
from rechat.resend.sending.parts import latest
from rechat.resend.sending.parts import parts_of
from rechat.resend.target import parse_target
from rechat.values.errors import UsageError

TARGET = parse_target("http://a:m")
MADE = "\n<details>\n\n```yaml\ncreated: {}\nid: c\n```\n\n</details>\n"
TAKES = (
    "### user\n\n> One?\n\n### assistant\n\n> 1\n"
    + MADE.format(1_750_000_100)
    + "\n### assistant, take 2\n\n> 2\n"
    + MADE.format(1_750_000_040)
    + "\n### assistant, take 3\n\n> 3\n"
    + "\n### user\n\n> Two?\n\n### assistant\n\n> 4\n"
)
LATER = "### user\n\n> Three?\n\n### assistant\n\n> 5\n" + MADE.format(1_750_000_070)


def asked(*texts: str) -> list[Asked]:
    """The questions of some files."""
    found = [
        ask_in(question, TARGET)
        for number, text in enumerate(texts)
        for question in questions(text, f"{number}.md")
    ]
    return [one for one in found if isinstance(one, Asked)]


def test_each_recorded_take_is_a_request_at_its_time() -> None:
    found = timed(asked(TAKES, LATER))
    told = [(one.asked.question.name, one.take, one.made) for one in found]
    assert told == [
        ("0.md:1", 2, 1_750_000_040.0),
        ("1.md", 1, 1_750_000_070.0),
        ("0.md:1", 1, 1_750_000_100.0),
    ]
    assert seconds_of(found, 2.0) == 30.0
    assert seconds_of([], 2.0) == 0.0


def test_what_has_no_time_is_told_and_not_asked() -> None:
    told = {one.name: one.reason for one in untimed(asked(TAKES, LATER))}
    assert [*told] == ["0.md:1", "0.md:2"]
    assert told["0.md:1"].startswith("1 of 3 takes do not say when it was made")
    assert told["0.md:2"].startswith("the answer does not say when it was made")
    selection = Selection((*questions(TAKES), *questions(LATER, "1.md")), ())
    (part,) = parts_of(selection, [TARGET], [Load(0, speed=1.0)])
    assert [one.question.name for one in part.asked] == ["capital.md:1", "1.md"]
    assert [one.name for one in part.unasked] == ["capital.md:1", "capital.md:2"]
    assert len(part.requests(1)) == 3


@pytest.mark.parametrize(
    ("told", "made"),
    [
        ("recorded: 2025-06-15T15:07:20Z", [1_750_000_040.0]),
        ("recorded: 2025-06-15", []),
        ("recorded: 2025-06-15\ncreated: 1750000070", [1_750_000_070.0]),
    ],
)
def test_a_file_may_say_the_time_and_a_day_is_none(told: str, made: list[float]) -> None:
    text = LATER.replace("created: 1750000070", told)
    assert [one.made for one in timed(asked(text))] == made


def test_only_what_has_no_answer_is_asked_again() -> None:
    whole = asked(TAKES, LATER)
    done = latest([result(whole[0].question, take=2), result(whole[2].question)])
    assert [(one.asked.question.name, one.take) for one in left_of(whole, done)] == [("0.md:1", 1)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"takes": 2}, "--takes"),
        ({"ramp": 1.0}, "--ramp"),
        ({"find_limit": True}, "--find-limit"),
        ({"workers": 2}, "--workers"),
        ({"history": "live"}, "--history live"),
    ],
)
def test_what_says_something_else_about_the_times_is_told(
    options: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageError, match=f"leave out {told}"):
        check_for_times(RunOptions((), (), as_recorded="*1", **options))  # type: ignore[arg-type]
