"""When an answer was made, as far as the API or the file says."""

from contextlib import suppress
from datetime import UTC
from datetime import datetime
from datetime import timedelta

from rechat.values.conversation.answers import Answer
from rechat.values.conversation.answers import AnyAnswer
from rechat.values.conversation.answers import RawAnswer
from rechat.values.conversation.sections import Reply
from rechat.values.jsontext import Json

_DAY = len("2026-11-26")


def made_at(reply: Reply) -> float | None:
    """When an answer was made, in seconds since 1970: according to its file, or else its API; None
    if neither says. A day counts as its end, so that no answer seems older than it is.
    """
    if reply.recorded:
        return time_of(reply.recorded)
    return told_by_api(reply.answer)


def told_by_api(answer: AnyAnswer | None) -> float | None:
    """When an API says that it made an answer; None if it does not say."""
    match answer:
        case Answer(fields=told) | RawAnswer(value=dict(told)):
            return _created(told)
    return None


def _created(fields: Json) -> float | None:
    match fields:
        case {"created": int(seconds)} | {"created_at": int(seconds) | float(seconds)}:
            return float(seconds) or None
        case {"created_at": str(text)} | {"createTime": str(text)}:
            return time_of(text)
    return None


def day_at(seconds: float) -> str:
    """The day (in UTC) of a time in seconds since 1970, as files write it: `2026-11-26`."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def time_of(text: str) -> float | None:
    """The time of an ISO 8601 text, in UTC if it has no zone; None if it is invalid."""
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return (found + timedelta(days=1) if len(text) <= _DAY else found).timestamp()
    return None
