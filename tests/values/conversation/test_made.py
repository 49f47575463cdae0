"""When an answer was made."""

from datetime import UTC
from datetime import datetime

import pytest

from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Choice
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reply
from rechat.values.conversation import day_at
from rechat.values.conversation import made_at
from rechat.values.conversation import time_of
from rechat.values.jsontext import JsonObject

END_OF_DAY = datetime(2026, 11, 27, tzinfo=UTC).timestamp()


def said(fields: JsonObject) -> Answer:
    return Answer((Choice(Message("assistant", "Yes.")),), fields)


@pytest.mark.parametrize(
    ("answer", "recorded", "expected"),
    [
        (said({}), "", None),
        (said({}), "2026-11-26", END_OF_DAY),
        (said({"created": 9}), "", 9.0),
        (said({"created": 9}), "2026-11-26", END_OF_DAY),
        (said({"created": 0}), "", None),
        (said({"created_at": 9.5}), "", 9.5),
        (said({"created_at": "1970-01-01T00:00:09.123456789Z"}), "", 9.123456),
        (said({"createTime": "1970-01-01T01:00:09+01:00"}), "", 9.0),
        (said({"created_at": "yesterday"}), "", None),
        (RawAnswer({"created": 9}), "", 9.0),
        (RawAnswer("audio"), "2026-11-26", END_OF_DAY),
        (Fault("reset"), "", None),
    ],
)
def test_the_file_says_when_an_answer_was_made_or_else_its_api(
    answer: AnyAnswer, recorded: str, expected: float | None
) -> None:
    assert made_at(Reply(answer, recorded=recorded)) == expected


@pytest.mark.parametrize("text", ["", "soon", "2026-11-31", "26.11.2026"])
def test_what_is_no_day_and_no_time_means_none(text: str) -> None:
    assert time_of(text) is None


def test_a_time_without_a_zone_is_one_of_utc() -> None:
    assert time_of("1970-01-01T00:00:09") == time_of("1970-01-01T00:00:09Z") == 9.0


def test_a_day_is_that_of_utc_and_ends_where_its_time_is() -> None:
    assert day_at(END_OF_DAY - 1) == "2026-11-26"
    assert day_at(END_OF_DAY) == "2026-11-27"
