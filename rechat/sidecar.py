"""The wire detail of an answer in a small file: exact bytes, how they were cut, when they arrived.

A sidecar is lines of JSON. The first says what follows; then, for a stream, comes a line for each
event:

- `{…}`: the event is `data: {…}` and these are the fields that differ from `same`, the constants of
  the stream. `order` in the first line lists the key orders that occur, and `@` picks one (0 if it
  is left out).
- `"…"`: the event as it was: comments, `[DONE]`, odd spellings.

Whatever is written is read again and compared with the bytes; if they differ, the body is kept as
one text, or in base64. A checksum makes sure that a damaged sidecar gives no bytes at all instead
of wrong ones.
"""

import base64
import binascii
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rechat import jsontext
from rechat.errors import RechatError
from rechat.http import HttpResponse, Piece
from rechat.jsontext import COMPACT, SPACED, Json, JsonError, JsonObject, Style

VERSION = 1

_STYLES = {"compact": COMPACT, "spaced": SPACED}
# An event with the blank line after it; the last one may lack that.
_EVENT = re.compile(r"(?:(?!\r?\n\r?\n)[\s\S])*(?:\r?\n\r?\n|\Z)")
_DATA = re.compile(
    r"(?:event: (?P<name>[^\r\n]*)\r?\n)?data: (?P<json>\{[^\r\n]*\})(?P<end>(?:\r?\n){2})"
)
_SHAPE = "@"


class SidecarError(RechatError):
    """A text is no sidecar that can be trusted."""


def pack(response: HttpResponse) -> str:
    """The text of the sidecar of a response."""
    body = response.body
    head: JsonObject = {
        "rechat": "wire",
        "version": VERSION,
        "status": response.status,
        "headers": [list(header) for header in response.headers],
        "sha256": _checksum(body),
        "pieces": [[round(piece.at, 1), len(piece.data)] for piece in response.pieces],
    }
    for extra, lines in _bodies(body, is_stream=response.is_stream):
        text = "".join(
            jsontext.dump_visible(line, COMPACT) + "\n" for line in (head | extra, *lines)
        )
        try:
            if unpack(text).body == body:
                return text
        except SidecarError:
            continue
    raise AssertionError("base64 holds any bytes")


def _checksum(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _bodies(body: bytes, *, is_stream: bool) -> Iterator[tuple[JsonObject, list[Json]]]:
    """Ways to hold a body, the shortest first."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None:
        if is_stream:
            yield _pack_events(text)
        yield {"kind": "text"}, [text]
    yield {"kind": "base64"}, [base64.b64encode(body).decode()]


def _pack_events(text: str) -> tuple[JsonObject, list[Json]]:
    blocks = [block for block in _EVENT.findall(text) if block]
    matches = [_DATA.fullmatch(block) for block in blocks]
    ends = Counter(match["end"] for match in matches if match)
    end = ends.most_common(1)[0][0] if ends else "\n\n"
    name = (
        "spaced"
        if any(match and match["json"][:20].find('": ') > 0 for match in matches)
        else "compact"
    )
    events = [_event(match, end, _STYLES[name]) for match in matches]
    same = _constants([event for event in events if event is not None])
    orders: list[list[str]] = []
    lines: list[Json] = []
    for block, event in zip(blocks, events, strict=True):
        lines.append(block if event is None else _difference(event, same, orders))
    named = any(match and match["name"] is not None for match in matches)
    head = {
        "kind": "events",
        "style": name,
        "end": end,
        "named": named,
        "order": orders,
        "same": same,
    }
    return head, lines


def _event(match: re.Match[str] | None, end: str, style: Style) -> JsonObject | None:
    """The object that an event can be made of again; None if its line has to be kept."""
    if not match or match["end"] != end:
        return None
    try:
        value = jsontext.parse_object(match["json"])
    except JsonError:
        return None
    name = match["name"]
    is_plain = jsontext.dump(value, style) == match["json"] and _SHAPE not in value
    return value if is_plain and (name is None or name == value.get("type")) else None


def _constants(events: list[JsonObject]) -> JsonObject:
    """The fields that all events share, spelled alike."""
    if not events:
        return {}
    first, *others = events
    return {
        key: value
        for key, value in first.items()
        if all(
            key in other and jsontext.dump(other[key]) == jsontext.dump(value) for other in others
        )
    }


def _difference(event: JsonObject, same: JsonObject, orders: list[list[str]]) -> JsonObject:
    order = list(event)
    if order not in orders:
        orders.append(order)
    at = orders.index(order)
    own = {key: value for key, value in event.items() if key not in same}
    return {_SHAPE: at, **own} if at else own


def unpack(text: str) -> HttpResponse:
    """The response of a sidecar, exactly as it was packed. Raises `SidecarError`."""
    try:
        head, *lines = [jsontext.parse(line) for line in text.split("\n") if line]
        return _response(head, lines)
    except (JsonError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise SidecarError(f"this is no sidecar: {error!r}") from None


def _response(head: Any, lines: list[Json]) -> HttpResponse:
    if head["rechat"] != "wire" or head["version"] != VERSION:
        raise SidecarError(f"expected a sidecar of version {VERSION}")
    body = _body(head, lines)
    if _checksum(body) != head["sha256"]:
        raise SidecarError("the checksum differs: this sidecar is damaged")
    headers = tuple((str(name), str(value)) for name, value in head["headers"])
    return HttpResponse(head["status"], headers, tuple(_cut(body, head["pieces"])))


def _cut(body: bytes, pieces: list[Any]) -> Iterator[Piece]:
    start = 0
    for at, length in pieces:
        yield Piece(float(at), body[start : start + length])
        start += length
    if start != len(body):
        raise SidecarError("the pieces do not add up to the body")


def _body(head: Any, lines: list[Any]) -> bytes:
    match head["kind"]:
        case "events":
            return "".join(_unpack_event(head, line) for line in lines).encode("utf-8")
        case "text":
            return str(lines[0]).encode("utf-8")
        case "base64":
            try:
                return base64.b64decode(lines[0], validate=True)
            except binascii.Error as error:
                raise SidecarError(f"this sidecar is damaged: {error}") from None
    raise SidecarError(f"unknown kind {head['kind']!r}")


def _unpack_event(head: Any, line: Any) -> str:
    if isinstance(line, str):
        return line
    own = dict(line)
    order = head["order"][own.pop(_SHAPE, 0)]
    event = {key: own[key] if key in own else head["same"][key] for key in order}
    newline = head["end"][: len(head["end"]) // 2]
    name = f"event: {event['type']}{newline}" if head["named"] else ""
    return f"{name}data: {jsontext.dump(event, _STYLES[head['style']])}{head['end']}"
