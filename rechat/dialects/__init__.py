"""The wire APIs that are understood, and which of them a request speaks."""

from rechat.dialects.base import Dialect
from rechat.dialects.chat import Chat

DIALECTS: tuple[Dialect, ...] = (Chat(),)


def dialect_of(method: str, path: str) -> Dialect | None:
    """The API that a request speaks; None if it is none of these."""
    return next((dialect for dialect in DIALECTS if dialect.claims(method, path)), None)


__all__ = ["DIALECTS", "Dialect", "dialect_of"]
