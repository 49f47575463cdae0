"""JSON-RPC messages with their `Content-Length`, as editors exchange them over pipes.

There are frameworks for this (pygls), but they bring more code than these few lines, and types for
all of the protocol, of which a transcript needs little.
"""

from typing import IO, Any

from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import jsontext

# More than any text that is edited.
_LARGEST = 64 << 20


class FramingError(Exception):
    """The input is not a message; what follows it cannot be read either."""


def read_message(stream: IO[bytes]) -> JsonObject | None:
    """The next message; None at the end. Raises `FramingError`."""
    length = -1
    while True:
        line = stream.readline(1000)
        if not line:
            return None
        if line in (b"\r\n", b"\n"):
            break
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
    if not 0 <= length <= _LARGEST:
        raise FramingError("a message has no Content-Length, or one that is too large")
    body = stream.read(length)
    if len(body) < length:
        return None
    try:
        message = jsontext.parse(body)
    except (JsonError, UnicodeDecodeError) as error:
        raise FramingError(f"a message is not JSON: {error}") from None
    if not isinstance(message, dict):
        raise FramingError("a message is not an object")
    return message


def write_message(stream: IO[bytes], **message: Any) -> None:
    """Send a message."""
    body = jsontext.dump({"jsonrpc": "2.0", **message}).encode("utf-8", "surrogatepass")
    stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    stream.flush()
