"""HTTP messages as values: complete requests and responses, without a socket."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import urljoin

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++")
_BREAK = re.compile(r"[\r\n\0]")
# A path from the root of the same host.
_FROM_ROOT = re.compile("/(?!/)")

type Headers = tuple[tuple[str, str], ...]


def header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """The first value of a header, by its lower-case name; empty if it is missing."""
    return next((value for key, value in headers if key.lower() == name), "")


def check_headers(headers: Iterable[tuple[str, str]]) -> None:
    """Raises `ValueError` for a header with a line break, which would begin another one."""
    for name, value in headers:
        if not _NAME.fullmatch(name):
            raise ValueError(f"a header cannot be named {name!r}")
        if _BREAK.search(value):
            raise ValueError(f"the header {name} has a line break, or a null character")


def leads_up(location: str) -> bool:
    """Whether a location is a relative path that leads up (`../b`)."""
    path = location.partition("?")[0].partition("#")[0]
    first, *others = path.split("/")
    return first == ".." or (bool(first) and ":" not in first and ".." in others)


def location_under(base: str, location: str, path: str = "/") -> str:
    """The location for a client whose paths begin with `base`: the base is added to absolute paths,
    and no relative one leads up out of it from `path`.
    """
    if base and leads_up(location):
        location = "/" + urljoin(path, location).lstrip("/")
    return base + location if _FROM_ROOT.match(location) else location


def headers_under(base: str, headers: Headers, path: str = "/") -> Headers:
    """The headers, with their location adapted for a client whose paths begin with `base`, and
    which requested `path` there.
    """
    return tuple(
        (name, location_under(base, value, path) if name.lower() == "location" else value)
        for name, value in headers
    )


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it reached the proxy. `path` is without the query, `query` without the `?`."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    @property
    def target(self) -> str:
        """Method, path and query on one line."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.method} {self.path}{query}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a body that arrived together, and when: milliseconds after the request was sent."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole response. The body is its pieces in the order and at the times they arrived."""

    status: int
    headers: Headers = ()
    pieces: tuple[Piece, ...] = field(default=())

    @classmethod
    def whole(cls, status: int, headers: Headers, body: bytes) -> "HttpResponse":
        """A response whose body is sent at once."""
        return cls(status, headers, (Piece(0.0, body),) if body else ())

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(piece.data for piece in self.pieces)

    @property
    def is_stream(self) -> bool:
        """Whether the body is a stream of server-sent events, by its content type."""
        return header(self.headers, "content-type").startswith("text/event-stream")
