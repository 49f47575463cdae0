"""The day on which an answer was made, from any of the ways in which other tools write a time."""

from contextlib import suppress
from datetime import UTC
from datetime import datetime
from email.utils import parsedate_to_datetime


def day_of(told: object) -> str:
    """The day (in UTC) of a time: an ISO 8601 or HTTP text, a YAML value, or seconds since 1970;
    empty if it is none.
    """
    found = _time(told)
    if not found:
        return ""
    return (found.astimezone(UTC) if found.tzinfo else found).date().isoformat()


def _time(told: object) -> datetime | None:
    with suppress(ValueError, OverflowError, OSError):
        match told:
            case datetime():
                return told
            case bool() | 0:
                return None
            case int() | float():
                return datetime.fromtimestamp(told, UTC)
            case str() if told[:1].isdigit():
                return datetime.fromisoformat(told)
            case str():
                return parsedate_to_datetime(told)
    return None
