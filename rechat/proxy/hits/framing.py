"""HTTP/1.1 requests found in bytes, by the strict half of RFC 9112: what is not plain is left to
mitmproxy, which knows all of it.

A request is plain if its head is well formed and says no more than where to, how long the body is
and what is in it. Two readings of one request would let it be smuggled past one of them, so
whatever two programs might read in two ways (two lengths, a length beside chunks, folded lines,
bare line feeds) is not plain.
"""

import re
from dataclasses import dataclass

from rechat.values import Headers

_REQUEST_LINE = re.compile(
    rb"(?P<method>GET|POST|PUT|PATCH|DELETE) (?P<target>/[\x21-\x7e]*) HTTP/1\.1"
)
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*+([\t\x20-\x7e]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[^\r\n]{0,200})?\r\n")
_HEAD_LIMIT = 1 << 16
# So many digits tell a length that a number of the system holds; it is refused for what it is.
_LONGEST_LENGTH = 18
# What asks for more than an answer, and what a web page sends: mitmproxy and the addon see to it.
_NOT_PLAIN = frozenset(
    {
        "content-encoding",
        "http2-settings",
        "origin",
        "proxy-authorization",
        "proxy-connection",
        "sec-fetch-site",
        "te",
        "trailer",
        "upgrade",
    }
)
_ONCE = ("host", "content-length", "transfer-encoding", "expect", "connection")


@dataclass(frozen=True, slots=True)
class Head:
    """A plain head. `length` is the body's, or None if it comes in chunks; `is_expecting` if the
    client waits for `100 Continue` before it sends the body.
    """

    method: str
    path: str
    query: str
    headers: Headers
    host: str
    length: int | None
    is_expecting: bool


def read_head(raw: bytes) -> Head | None:
    """The head whose lines these are, without the blank one; None if it is not plain."""
    first, *lines = raw.split(b"\r\n")
    request = _REQUEST_LINE.fullmatch(first)
    if not request or len(raw) > _HEAD_LIMIT:
        return None
    fields = [_FIELD.fullmatch(line) for line in lines]
    headers = tuple(
        (field[1].decode().lower(), field[2].decode().strip()) for field in fields if field
    )
    known = {name: value for name, value in headers if name in _ONCE}
    names = [name for name, _ in headers]
    if (
        len(headers) < len(lines)
        or not _NOT_PLAIN.isdisjoint(names)
        or any(names.count(name) > 1 for name in known)
        or "host" not in known
        or known.get("connection", "keep-alive").lower() != "keep-alive"
        or known.get("expect", "100-continue").lower() != "100-continue"
    ):
        return None
    length = known.get("content-length", "0")
    is_chunked = "transfer-encoding" in known
    if is_chunked and ("content-length" in known or known["transfer-encoding"] != "chunked"):
        return None
    if not (length.isascii() and length.isdigit() and len(length) <= _LONGEST_LENGTH):
        return None
    path, _, query = request["target"].decode().partition("?")
    return Head(
        request["method"].decode(),
        path,
        query,
        headers,
        known["host"],
        None if is_chunked else int(length),
        "expect" in known,
    )


class Chunks:
    """A chunked body as it comes in; what was read once is not read again."""

    def __init__(self, start: int) -> None:
        self._at = start
        self._pieces: list[bytes] = []

    def read(self, data: bytes | bytearray) -> tuple[bytes, int] | None:
        """The body, and where it ends in all that was received so far; None if more is to come.
        Raises `ValueError` for anything but a chunk.
        """
        while size := _CHUNK.match(data, self._at):
            length, start = int(size[1], 16), size.end()
            end = start + length
            if len(data) < end + 2:
                return None
            if data[end : end + 2] != b"\r\n":
                raise ValueError("a chunk does not end where it says, or trailers follow")
            self._pieces.append(bytes(data[start:end]))
            self._at = end + 2
            if not length:
                return b"".join(self._pieces), self._at
        if data.find(b"\n", self._at) >= 0 or len(data) - self._at > 300:
            raise ValueError("this is not a chunk")
        return None
