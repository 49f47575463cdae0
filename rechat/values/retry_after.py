"""When a server asks to retry (RFC 9110, section 10.2.3, and OpenAI's `retry-after-ms`)."""

import re
from collections.abc import Iterable
from datetime import UTC
from email.utils import parsedate_to_datetime

from rechat.values.http import header

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


def retry_after(headers: Iterable[tuple[str, str]], now: float) -> float | None:
    """How many seconds an answer asks to wait, from `now` (seconds since 1970) on; None if it does
    not say, or not in a readable way.
    """
    there = tuple(headers)
    milliseconds = header(there, "retry-after-ms").strip()
    if _NUMBER.fullmatch(milliseconds):
        return float(milliseconds) / 1000
    after = header(there, "retry-after").strip()
    return float(after) if _NUMBER.fullmatch(after) else _until(after, now)


def _until(date: str, now: float) -> float | None:
    try:
        due = parsedate_to_datetime(date)
    except (ValueError, OverflowError):  # a year or an offset with twenty digits
        return None
    due = due if due.tzinfo else due.replace(tzinfo=UTC)
    return max(0.0, due.timestamp() - now)
