"""How long ago the answers of a test were recorded. Only the time when an answer was made counts,
not when its file was last read or written.
"""

from collections.abc import Iterable, Mapping
from typing import Any

_DAY = 86400


def too_old(answers: Iterable[Mapping[str, Any]], most: int, now: float) -> list[str]:
    """Which of the answers that a test used are older than this many seconds, as lines for
    people.
    """
    return [
        f"{answer['place']}: recorded {_duration(now - answer['recorded'])} ago, "
        f"and max_age is {_duration(most)}"
        for answer in answers
        if answer["used"] and answer["recorded"] and now - answer["recorded"] > most
    ]


def undated(answers: Iterable[Mapping[str, Any]]) -> list[str]:
    """The places of the used answers whose age is unknown."""
    return [answer["place"] for answer in answers if answer["used"] and answer["undated"]]


def _duration(seconds: float) -> str:
    if seconds < 2 * _DAY:
        hours = int(seconds // 3600)
        return "1 hour" if hours == 1 else f"{hours} hours"
    return f"{int(seconds // _DAY)} days"
