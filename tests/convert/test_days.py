"""The day of a time, as other tools tell it."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import timezone

import pytest

from rechat.convert.days import day_of

EAST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    "told",
    [
        "2026-11-26",
        "2026-11-26T10:00:00.123Z",
        "2026-11-27T01:00:00+09:00",
        "Thu, 26 Nov 2026 10:00:00 GMT",
        "Thu, 26 Nov 2026 19:00:00 +0900",
        datetime(2026, 11, 26, 10, tzinfo=UTC),
        datetime(2026, 11, 27, 1, tzinfo=EAST),
        1795687200,
        1795687200.5,
    ],
)
def test_a_time_has_its_day(told: object) -> None:
    assert day_of(told) == "2026-11-26"


@pytest.mark.parametrize(
    "told", [None, "", "yesterday", "2026", "0", 0, True, 1e30, -1e30, [], "é"]
)
def test_what_tells_no_time_has_no_day(told: object) -> None:
    assert day_of(told) == ""
