"""What is asked on one web socket: its lanes, and what is at the upstream of each."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from rechat.answering import Asked
from rechat.dialects import socket_messages
from rechat.proxy.forwarding import Pending
from rechat.values import HttpRequest
from rechat.values import JsonObject
from rechat.values import jsontext


@dataclass(frozen=True, slots=True)
class Question:
    """A message that asks for an answer: what it asks, the message itself, and the same as the
    body of a POST.
    """

    request: socket_messages.SocketRequest
    message: JsonObject
    asked: Asked

    @property
    def message_bytes(self) -> bytes:
        """The message as it is sent."""
        return jsontext.dump(self.message).encode("utf-8", "surrogatepass")


@dataclass(slots=True, eq=False)
class Turn:
    """A question that is at the upstream. `pending` is None if the answer is not to be kept."""

    question: Question
    pending: Pending | None
    is_begun: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        """A name that no other turn has while this one lasts."""
        return f"turn {id(self)}"


@dataclass(slots=True, eq=False)
class Lane:
    """Questions that are answered one after the other."""

    questions: asyncio.Queue[Question] = field(default_factory=asyncio.Queue)
    turn: Turn | None = None
    task: asyncio.Task[None] | None = None


@dataclass(slots=True, eq=False)
class Socket:
    """A web socket: how its questions are told (`http` is the handshake), its lanes, and the ids of
    the answers that its upstream gave on it.
    """

    http: HttpRequest
    client: str
    is_known: bool
    is_alone: bool
    lanes: dict[str, Lane] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def read(self, message: JsonObject) -> Question:
        """What a message asks."""
        request = socket_messages.read_create(message)
        same = HttpRequest(
            "POST", self.http.path, self.http.query, self.http.headers, request.encoded
        )
        asked = Asked(same, self.client, self.is_known, time.perf_counter())
        return Question(request, message, asked)

    def lane(self, name: str, begin: Callable[[Lane], Any]) -> Lane:
        """A lane, which is begun if there is none of this name."""
        if name not in self.lanes:
            self.lanes[name] = Lane()
            self.lanes[name].task = asyncio.ensure_future(begin(self.lanes[name]))
        return self.lanes[name]

    def close(self) -> list[Turn]:
        """Answer no more; the turns of which the end has not come."""
        left = []
        for lane in self.lanes.values():
            if lane.task:
                lane.task.cancel()
            if lane.turn:
                left.append(lane.turn)
        return left
