"""Requests and answers of real clients that stand beside this checkout (`shared/captures`)."""

from pathlib import Path

from shared import SHARED

from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

CAPTURES = SHARED / "captures"
MISSING = "the captures of real clients are not beside this checkout"


def requests(pattern: str) -> list[Path]:
    """The captured requests whose path below the captures matches a pattern."""
    return sorted(CAPTURES.glob(pattern))


def _split(raw: bytes) -> tuple[str, tuple[tuple[str, str], ...], bytes]:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return first, tuple((name.lower(), value) for name, value in pairs), body


def request_of(path: Path) -> HttpRequest:
    """A captured request."""
    first, headers, body = _split(path.read_bytes())
    if ("transfer-encoding", "chunked") in headers:
        body = _unchunked(body)
    method, target, _ = first.split(" ")
    address, _, query = target.partition("?")
    return HttpRequest(method, address, query, headers, body)


def answer_to(path: Path) -> HttpResponse:
    """The answer that a captured request got."""
    beside = path.with_name(path.name.replace(".req.http", ".res.http"))
    first, headers, body = _split(beside.read_bytes())
    if ("transfer-encoding", "chunked") in [(name, value.lower()) for name, value in headers]:
        body = _unchunked(body)
    return HttpResponse.whole(int(first.split(" ")[1]), headers, body)


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        whole += rest[:length]
        body = rest[length + 2 :] if length else b""
    return whole
