"""What is found in a file of another tool."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Section


def _nothing(_name: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its display name, its bytes, and a function that returns those of a file beside it,
    if there is one with this name.
    """

    name: str
    content: bytes
    beside: Callable[[str], bytes | None] = field(default=_nothing, compare=False)


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """A request and its response as they were on the wire, without credentials in the headers or
    the URL. If it is one `of_a_test`, its file belongs to that test alone. `day` is when it was
    answered, empty if unknown.
    """

    place: str
    host: str
    request: HttpRequest
    response: HttpResponse
    of_a_test: bool = False
    day: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation whose original requests are unknown: a listed section, which compares only
    what it contains.
    """

    place: str
    section: Section


@dataclass(frozen=True, slots=True)
class Left:
    """What is left out, and why."""

    place: str
    reason: str


type Found = HttpExchange | Conversation | Left
