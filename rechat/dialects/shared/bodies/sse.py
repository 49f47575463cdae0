"""Server-sent events: text to events and back, as the HTML standard's section 9.2 says, without a
socket.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rechat.values import Headers
from rechat.values import HttpResponse
from rechat.values import JsonObject
from rechat.values import Piece
from rechat.values import jsontext

HEADERS: Headers = (
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-cache"),
)
"""What comes before a stream of events."""

# An error in a line of no field: some gateways forget where they are.
_BARE_ERROR = re.compile(r"""\{\s{0,9}"(?:error"|(?:event_)?type"\s{0,9}:\s{0,9}"error")""")
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `name` is empty for a plain message."""

    data: str
    name: str = ""


DONE = Event("[DONE]")
"""How OpenAI ends a stream."""


def read(text: str) -> Iterator[Event]:
    """The events of a stream. One that the end of the text cuts off is given too: what it is worth
    is the dialect's to say. A field `error`, which the standard does not know, is an event of this
    name, and so is JSON of an error without a field.
    """
    name, lines = "", list[str]()
    for line in _lines(text.removeprefix("\ufeff")):
        if not line:
            if lines:
                yield Event("\n".join(lines), name)
            name, lines = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if _BARE_ERROR.match(line):
            name, lines = "error", [line]
        elif field == "data":
            lines.append(value)
        elif field == "error":
            name, lines = field, [value]
        elif field == "event":
            name = value


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, and an empty one. One after the other: to split a text of 100 MB in one
    go keeps other threads from running for a second.
    """
    done = 0
    for end in _LINE_END.finditer(text):
        yield text[done : end.start()]
        done = end.end()
    yield text[done:]
    yield ""


def write(event: Event) -> bytes:
    """An event as bytes, with the blank line that ends it (without which openai-python loses the
    last one).
    """
    name = f"event: {event.name}\n" if event.name else ""
    data = event.data.replace("\n", "\ndata: ")
    return f"{name}data: {data}\n\n".encode()


def stream(events: Iterable[Event]) -> HttpResponse:
    """The response that sends these events, each in a piece of its own."""
    return HttpResponse(200, HEADERS, tuple(Piece(0.0, write(event)) for event in events))


def event(value: JsonObject) -> Event:
    """A JSON object as a plain message."""
    return Event(jsontext.dump(value))


def named(value: JsonObject) -> Event:
    """A JSON object as an event that is named after its `type`, as OpenAI's Responses and Anthropic
    send them.
    """
    return Event(jsontext.dump(value), str(value["type"]))
