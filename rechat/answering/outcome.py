"""The outcomes of a request: an answer, a request to an upstream, a question to a person, or work
that takes longer.
"""

import time
from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import quote

from rechat.answering.errors import failure_response
from rechat.answering.takes import ONE
from rechat.answering.takes import Room
from rechat.dialects import Dialect
from rechat.dialects import KnownRequests
from rechat.dialects import dialect_of
from rechat.index import Miss
from rechat.observe import JournalEntry
from rechat.values import BodyError
from rechat.values import Fault
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Request
from rechat.values import headers_under
from rechat.values import reason_of

# Bytes of memory: of a character beyond ASCII, of a value of JSON, of what is kept of a piece.
_WIDE = 4
_VALUE = 100
# What the connection says of an answer, whatever a file has.
_OURS = frozenset(("x-rechat", "content-length", "transfer-encoding"))
_AS_IT_STANDS = "".join(map(chr, range(32, 127))).replace("%", "")
# Of a long text one character of so many is looked at.
_STEP = 37
_PIECE = 128


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request without secrets. `client` identifies the client for the order of takes,
    `is_ours` is false for hosts other than the upstreams, `started` is when the request was
    complete (`time.perf_counter()`). `base` is what the client's paths begin with if it names its
    session there: so do the locations that it is sent to.
    """

    http: HttpRequest
    client: str
    is_ours: bool
    started: float
    base: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and its journal entry. `is_stable` if the same request gets the same
    answer until the store changes.
    """

    response: HttpResponse
    entry: JournalEntry
    fault: Fault | None = None
    is_stable: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that is for an upstream to answer, whether the answer is saved, and the room for it
    beside those that were there in this `version` of the endpoint.
    """

    asked: Asked
    dialect: Dialect | None
    request: Request | None
    saves: bool
    reason: str
    room: Room = ONE
    version: int = -1

    @property
    def model(self) -> str:
        """The requested model; empty if none is named."""
        return self.request.model if self.request else ""


@dataclass(frozen=True, slots=True)
class Held:
    """A request that waits until a person has written the answer, and its journal entry. Ask again
    to find out whether the answer has been written.
    """

    asked: Asked
    entry: JournalEntry


@dataclass(frozen=True, slots=True)
class Question:
    """A request as it was read: None if that failed, with the reason."""

    asked: Asked
    dialect: Dialect | None
    request: Request | None
    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """A request whose answer takes longer than the event loop may wait: it is for `finish`. `path`
    is a file that has to be read first; it `is_behind` if one was edited and is being read again.
    """

    asked: Asked
    question: Question | None = None
    path: str = ""
    is_behind: bool = False


def failure(
    asked: Asked, error: Exception, request: Request | None = None, place: str = ""
) -> Answered:
    """The error for a request that could not be answered because something failed; `place` is the
    transcript that should have answered.
    """
    dialect = dialect_of(asked.http.method, asked.http.path)
    reason = reason_of(error)
    entry = JournalEntry("failed", asked.http.target, request, place=place, reason=reason)
    what = f"{place} cannot be served" if place else "this request could not be answered"
    response = failure_response(f"rechat: {what}: {reason}", dialect.name if dialect else "")
    return say(response, entry, asked)


def read_request(
    dialect: Dialect | None, asked: HttpRequest, known: KnownRequests | None = None
) -> tuple[Request | None, str]:
    """The request, or the reason why it cannot be read. `known` are those that were read before."""
    if not dialect:
        return (
            None,
            f"{asked.method} {asked.path} is not an endpoint that transcripts can answer",
        )
    try:
        return known.read(dialect, asked) if known else dialect.read_request(asked), ""
    except BodyError as error:
        return None, str(error)
    except RecursionError:
        return None, "the body is nested too deeply to be read"


def say(
    response: HttpResponse, entry: JournalEntry, asked: Asked, *, is_stable: bool = False
) -> Answered:
    """The answer as it is sent: with its verdict in the headers, and the time it took."""
    entry = with_wire(entry, asked, response)
    headers = [pair for pair in response.headers if pair[0].lower() not in _OURS]
    told = headers_under(asked.base, (*headers, ("x-rechat", entry.verdict)), asked.http.path)
    response = replace(response, headers=told)
    return Answered(
        response, replace(entry, milliseconds=since(asked.started)), is_stable=is_stable
    )


def hold(question: Question, miss: Miss, place: str) -> Held:
    """A question that waits for a person at a place."""
    asked, reason = question.asked, "waits for the answer"
    target, request = asked.http.target, question.request
    entry = JournalEntry("held", target, request, place=place, reason=reason, miss=miss)
    return Held(asked, with_wire(entry, asked))


def with_wire(
    entry: JournalEntry, asked: Asked, response: HttpResponse | None = None
) -> JournalEntry:
    """The entry with headers, times and size of the request and its response."""
    pieces = response.pieces if response else ()
    return replace(
        entry,
        headers=asked.http.headers,
        answer_headers=response.headers if response else (),
        session=asked.client,
        status=response.status if response else 0,
        times=tuple((piece.at, len(piece.data)) for piece in pieces),
        size=weight(asked.http.body) + sum(len(piece.data) + _PIECE for piece in pieces),
    )


def weight(body: bytes) -> int:
    """About how many bytes a JSON text takes once it is read: a text with one character beyond
    ASCII may take four bytes for each, and each value is an object. In a long one not every
    character is looked at: each hit of an agent is weighed.
    """
    step = _STEP if len(body) > _STEP * _STEP else 1
    some = body[::step]
    values = (len(some) - len(some.translate(None, b",[{"))) * step
    return len(body) * (1 if body.isascii() else _WIDE) + _VALUE * values


def header_value(path: str) -> str:
    """A path as a header can hold it: what is not printable ASCII is encoded as in a URL."""
    return quote(path.encode("utf-8", "surrogateescape"), safe=_AS_IT_STANDS)


def since(started: float) -> float:
    """The milliseconds since then, on the clock of `Asked`."""
    return (time.perf_counter() - started) * 1000
