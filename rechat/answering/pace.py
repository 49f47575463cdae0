"""When the bytes of an answer are sent: at once, with the recorded timing, or at a rate of tokens.

A provider sends about one event for each token, so an event with text counts as one; those that
only frame the text take no time. An answer that is not streamed arrives when its last token would
have.
"""

import re
from dataclasses import dataclass
from dataclasses import replace
from itertools import accumulate
from itertools import pairwise

from rechat.dialects import said_tokens
from rechat.values import PACE
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import HttpResponse
from rechat.values import Options
from rechat.values import Piece
from rechat.values import UsageError
from rechat.values import header

_EVENT_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\n")
# A piece of text, reasoning or arguments in an event of any API.
_TEXT = re.compile(
    rb'"(?:content|text|delta|thinking|partial_json|arguments|reasoning|reasoning_content|refusal'
    rb'|response|transcript)": ?"[^"]'
)
# Events of Responses that tell the whole text again, or what was asked.
_FRAMING = re.compile(
    rb'"type": ?"response\.(?:[\w.]{1,60}\.)?(?:created|in_progress|added|done|completed)"'
)


@dataclass(frozen=True, slots=True)
class Pace:
    """`rate` tokens per second after `first` seconds; a `rate` of None means the recorded times."""

    rate: float | None
    first: float = 0.0


def parse(spec: str) -> Pace | None:
    """The pace for `none`, `recorded`, `RATE` or `RATE:FIRST`; None means at once. Raises
    `UsageError`.
    """
    match spec:
        case "none":
            return None
        case "recorded":
            return Pace(None)
    found = PACE.fullmatch(spec)
    if not found or not float(found["rate"]):
        raise UsageError(
            f"--pace {spec}: expected none, recorded, or tokens per second (50), "
            "and optionally the seconds until the first one (50:0.4)"
        )
    return Pace(float(found["rate"]), float(found["first"] or 0))


def timed(
    response: HttpResponse, answer: AnyAnswer, options: Options, pace: Pace | None
) -> HttpResponse:
    """The response to this answer with its pieces at their times; what the file says of them
    counts, and else `pace`.
    """
    pace = parse(options.pace) if options.pace else pace
    tokens = said_tokens(answer) if pace and isinstance(answer, Answer) else 0
    response = paced(response, pace, tokens)
    return delayed(response, options.delay) if options.delay else response


def paced(response: HttpResponse, pace: Pace | None, tokens: int) -> HttpResponse:
    """The response with each piece at the time when it is to be sent, in milliseconds after the
    request. An answer of `tokens` that is not streamed is sent in one piece.
    """
    if pace is None:
        return replace(response, pieces=_at(0.0, response.body))
    if pace.rate is None:
        return response
    end = _end_of_event(response)
    if not end:
        return replace(
            response, pieces=_at(pace.first * 1000 + tokens * 1000 / pace.rate, response.body)
        )
    events = _cut(response.body, end)
    numbers = _numbers_of_tokens(events)
    return replace(
        response,
        pieces=tuple(
            Piece(pace.first * 1000 + number * 1000 / pace.rate, event)
            for number, event in zip(numbers, events, strict=True)
        ),
    )


def _numbers_of_tokens(events: list[bytes]) -> list[int]:
    """For each event the number of the token that it is, or that it comes with. Where no event has
    a text, each is a token.
    """
    has_text = [bool(_TEXT.search(event)) and not _FRAMING.search(event) for event in events]
    if not any(has_text):
        return list(range(len(events)))
    told = accumulate(has_text)
    return [max(number - 1, 0) for number in told]


def delayed(response: HttpResponse, seconds: float) -> HttpResponse:
    """The response, all of it later."""
    later = seconds * 1000
    pieces = tuple(Piece(piece.at + later, piece.data) for piece in response.pieces)
    return replace(response, pieces=pieces)


def _at(milliseconds: float, body: bytes) -> tuple[Piece, ...]:
    return (Piece(milliseconds, body),) if body else ()


def _end_of_event(response: HttpResponse) -> re.Pattern[bytes] | None:
    """The bytes that end an event of a stream; None if this is not a stream."""
    kind = header(response.headers, "content-type").partition(";")[0].strip()
    return {"text/event-stream": _EVENT_END, "application/x-ndjson": _LINE_END}.get(kind)


def _cut(body: bytes, end: re.Pattern[bytes]) -> list[bytes]:
    ends = [0, *(match.end() for match in end.finditer(body)), len(body)]
    return [body[start:stop] for start, stop in pairwise(ends) if stop > start]
