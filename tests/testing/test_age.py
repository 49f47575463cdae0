"""How old the answers of a test are."""

import pytest

from rechat.testing.age import too_old
from rechat.testing.age import undated

NOW = 100 * 86400.0


@pytest.mark.parametrize(
    ("recorded", "is_used", "told"),
    [
        (NOW - 90 * 86400, True, []),
        (NOW - 91 * 86400, True, ["a.md:3: recorded 91 days ago, and max_age is 90 days"]),
        (NOW - 91 * 86400, False, []),
        (None, True, []),  # the API does not say when it made this
    ],
)
def test_only_answers_that_are_used_and_older_are_told(
    recorded: float | None, is_used: bool, told: list[str]
) -> None:
    answer = {"place": "a.md:3", "used": is_used, "recorded": recorded}
    assert too_old([answer], 90 * 86400, NOW) == told


def test_short_ages_are_told_in_hours() -> None:
    answer = {"place": "a.md:3", "used": True, "recorded": NOW - 7200}
    assert too_old([answer], 3600, NOW) == ["a.md:3: recorded 2 hours ago, and max_age is 1 hour"]


def test_answers_of_no_known_age_are_named_if_they_are_used() -> None:
    answers = [
        {"place": "a.md:3", "used": True, "undated": True},
        {"place": "a.md:9", "used": False, "undated": True},
        {"place": "b.md:3", "used": True, "undated": False},
    ]
    assert undated(answers) == ["a.md:3"]
