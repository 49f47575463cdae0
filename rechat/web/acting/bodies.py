"""Reads the bodies of requests to the journal API."""

from rechat.values import JsonError
from rechat.values import RechatError
from rechat.values import jsontext


class NotUnderstoodError(RechatError):
    """The body of a request lacks what is needed."""


def text_in(body: bytes, name: str) -> str | None:
    """A text in the JSON of a request; None if it has none with that name."""
    try:
        text = jsontext.parse_object(body).get(name)
    except JsonError:
        return None
    return text if isinstance(text, str) else None


def texts_in(body: bytes, *names: str) -> list[str]:
    """The texts with these names. Raises `NotUnderstoodError` if one is missing."""
    found = [text for name in names if (text := text_in(body, name)) is not None]
    if len(found) < len(names):
        expected = ", ".join(f'"{name}": "…"' for name in names)
        raise NotUnderstoodError(f"expected {{{expected}}}")
    return found
