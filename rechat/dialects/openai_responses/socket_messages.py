"""Responses over a web socket: a message of the client asks what the body of a POST asks, and a
message of the server is the data of one event of its stream.

A socket may have lanes: a request that names one (`stream_id`) has its events marked with it. A
request may say what later ones go on from, and ask for nothing (`"generate": false`). Neither is
part of what a POST would have, and so of no transcript.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rechat.dialects.shared import sse
from rechat.values import BodyError
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Piece
from rechat.values import jsontext

CREATE = "response.create"

_LANE = "stream_id"
_ENDS = ("response.completed", "response.incomplete", "response.failed", "response.done", "error")
_JSON = (("content-type", "application/json"),)
# Errors that say something of the socket: they are no answer to what was asked.
_OF_THE_SOCKET = ("previous_response_not_found", "websocket_connection_limit_reached")
_AFTER_EVENT = re.compile(r"(?<=\n\n)|(?<=\n\r\n)")


@dataclass(frozen=True, slots=True)
class SocketRequest:
    """A request in a message. `body` is what a POST would have, for an answer that streams."""

    body: JsonObject
    lane: str = ""
    generates: bool = True

    @property
    def encoded(self) -> bytes:
        """The body as bytes."""
        return jsontext.dump(self.body).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class SocketEvent:
    """A message of the server: its type, its lane, the id of its response, and its data, with no
    lane in it.
    """

    kind: str
    lane: str
    response: str
    value: JsonObject
    data: bytes

    @property
    def is_end(self) -> bool:
        """Whether no more follows to the same request."""
        return self.kind in _ENDS

    @property
    def is_of_the_socket(self) -> bool:
        """Whether this is an error that another socket would not give."""
        error = self.value.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        return self.kind == "error" and code in _OF_THE_SOCKET

    @property
    def in_a_stream(self) -> bytes:
        """The same in a stream of events."""
        return sse.write(sse.Event(self.data.decode("utf-8", "replace"), self.kind))

    @property
    def instead(self) -> HttpResponse | None:
        """The whole response that a POST would have got in place of a stream; None if this is not
        an error with a status.
        """
        status = self.value.get("status")
        if self.kind != "error" or not isinstance(status, int) or not 400 <= status < 600:
            return None
        told: JsonObject = {"error": self.value.get("error")}
        return HttpResponse.whole(status, _JSON, jsontext.dump(told).encode("utf-8", "replace"))


def read_kind(message: bytes) -> tuple[str, JsonObject]:
    """The type of a message, and all of it. Raises `BodyError` if it is not a JSON object."""
    try:
        value = jsontext.parse_object(message.decode("utf-8"))
    except (JsonError, ValueError) as error:
        raise BodyError(f"a message is not a JSON object: {error}") from None
    return str(value.get("type")), value


def read_create(value: JsonObject) -> SocketRequest:
    """What a message of the type `response.create` asks."""
    body = {key: each for key, each in value.items() if key not in ("type", _LANE, "generate")}
    lane = value.get(_LANE)
    return SocketRequest(
        body | {"stream": True},
        lane if isinstance(lane, str) else "",
        generates=value.get("generate") is not False,
    )


def refused(value: JsonObject) -> bytes:
    """The message that says that there is no upstream to take a message of another type. Raises
    `BodyError` if the API has none that would leave the answers on their way alone.
    """
    kind = value.get("type")
    what = (
        f"a message of the type `{kind}`" if isinstance(kind, str) else "a message without a type"
    )
    reason = f"{what} is for an upstream, and a replay has none: only `{CREATE}` is answered"
    error: JsonObject = {"code": "response_not_found", "message": f"rechat: {reason}"}
    told: JsonObject = {"type": f"{kind}.failed", "sequence_number": 0}
    match kind:
        case "response.steer":
            error |= {"code": "steering_not_supported", "type": "invalid_request_error"}
            told["steer"] = {key: each for key, each in value.items() if key != "type"}
        case "response.inject":
            told |= {key: each for key, each in value.items() if key != "type"}
        case _:
            raise BodyError(reason)
    return jsontext.dump(told | {"error": error}).encode("utf-8", "surrogatepass")


def write_create(value: JsonObject, whole_body: bytes) -> bytes:
    """A message that asks the same, with the whole conversation (as the body of a POST has it) in
    place of the id of what it goes on from.
    """
    written = jsontext.parse_object(whole_body.decode("utf-8", "surrogatepass"))
    kept = {key: each for key, each in value.items() if key != "previous_response_id"}
    told = kept | {key: written[key] for key in ("input", "instructions") if key in written}
    return jsontext.dump(told).encode("utf-8", "surrogatepass")


def read_event(message: bytes) -> SocketEvent:
    """What a message of the server says. Raises `BodyError` if it is not a JSON object."""
    kind, value = read_kind(message)
    lane = value.get(_LANE)
    if isinstance(lane, str):
        value = {key: each for key, each in value.items() if key != _LANE}
        message = jsontext.dump(value).encode("utf-8", "surrogatepass")
    name = _id_of(value.get("response"))
    return SocketEvent(kind, lane if isinstance(lane, str) else "", name, value, message)


def messages_of(response: HttpResponse, lane: str) -> Iterator[Piece]:
    """The messages that give the events of a stream, each at the time when its event is whole; one
    that tells the error, if the response is another.
    """
    if response.status != 200 or not response.is_stream:
        yield Piece(0.0, _error(response, lane))
        return
    for at, text in _events(response.pieces):
        for event in sse.read(text):
            if event.data.startswith("{"):
                yield Piece(at, _in_lane(event.data, lane))


def _events(pieces: Iterable[Piece]) -> Iterator[tuple[float, str]]:
    """The events of a stream, each with when it was whole."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    begun: list[str] = []
    at = 0.0
    for piece in pieces:
        at = max(at, piece.at)
        begun.append(decoder.decode(piece.data))
        if "\n" in begun[-1]:
            *whole, rest = _AFTER_EVENT.split("".join(begun))
            begun = [rest]
            yield from ((at, text) for text in whole)
    yield at, "".join(begun)


def _error(response: HttpResponse, lane: str) -> bytes:
    """The event that tells an error, in the form that a socket has it."""
    text = response.body.decode("utf-8", "replace")
    try:
        told: Json = jsontext.parse_object(text).get("error")
    except JsonError:
        told = None
    if not isinstance(told, dict):
        told = {"type": "server_error", "code": None, "message": text, "param": None}
    value: JsonObject = {"type": "error", "status": response.status, "error": told}
    return _in_lane(jsontext.dump(value), lane)


def _in_lane(data: str, lane: str) -> bytes:
    """The data of an event, marked with its lane."""
    if lane:
        try:
            data = jsontext.dump(jsontext.parse_object(data) | {_LANE: lane})
        except JsonError:  # an odd event of a recording goes out as it came
            return data.encode("utf-8", "replace")
    return data.encode("utf-8", "replace")


def _id_of(response: Json) -> str:
    name = response.get("id") if isinstance(response, dict) else None
    return name if isinstance(name, str) else ""
