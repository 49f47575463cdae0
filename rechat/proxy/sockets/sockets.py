"""The addon for web sockets: each message that asks is answered from the store, or by the upstream,
as the same POST would be.

1. A question never goes to the upstream by itself: its lane asks the endpoint first, one question
   after the other, so that answers do not mix.
2. A question that goes on from an answer which the upstream did not give on this socket (it came
   from the store) is sent with the whole conversation: the upstream does not know the id.
3. The last event of an answer leaves when the answer is saved, like the end of a stream.
4. Equal questions, on other sockets or in other processes, wait for each other while recording.
5. A request that only prepares later ones (`"generate": false`) is never recorded: nothing is
   answered to it. Without an upstream it gets an id to go on from.
"""

import asyncio
import time
from collections.abc import Callable

from mitmproxy import http
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from rechat.answering import Answered
from rechat.answering import Asked
from rechat.answering import Endpoint
from rechat.answering import Held
from rechat.answering import Later
from rechat.answering import Sent
from rechat.answering import bad_request_response
from rechat.answering import failure
from rechat.dialects import PREVIOUS
from rechat.dialects import socket_messages
from rechat.proxy import limits
from rechat.proxy.flows import http_request
from rechat.proxy.flows import to_mitmproxy
from rechat.proxy.forwarding import Forwarding
from rechat.proxy.hits.shared import CLIENT_HEADER
from rechat.proxy.hits.shared import Report
from rechat.proxy.sockets.handshake import SOCKET
from rechat.proxy.sockets.handshake import accept
from rechat.proxy.sockets.handshake import tell_to_post
from rechat.proxy.sockets.lane import Lane
from rechat.proxy.sockets.lane import Question
from rechat.proxy.sockets.lane import Socket
from rechat.proxy.sockets.lane import Turn
from rechat.proxy.waiting import Waiting
from rechat.values import BodyError
from rechat.values import HttpResponse
from rechat.values import Request

type Put = Callable[[http.HTTPFlow, WebSocketMessage], None]

_STREAM = (("content-type", "text/event-stream; charset=utf-8"),)
_API = "openai.responses"


class Sockets:
    """The addon that answers the messages of web sockets. `put` says something to one side."""

    def __init__(
        self,
        endpoint: Endpoint,
        waiting: Waiting,
        forwarding: Forwarding,
        report: Report,
        put: Put | None = None,
        *,
        coalesces: bool = True,
    ) -> None:
        self._coalesces = coalesces
        self._endpoint = endpoint
        self._waiting = waiting
        self._forwarding = forwarding
        self._report = report
        self.put = put

    def open(self, flow: http.HTTPFlow, *, is_ours: bool, is_known: bool) -> None:
        """Answer a handshake, or send it to the upstream."""
        request = http_request(flow)
        client = flow.request.headers.get(CLIENT_HEADER, "")
        socket = Socket(request, client, is_known, self._endpoint.is_offline)
        flow.metadata[SOCKET] = socket
        if socket.is_alone:
            accept(flow)
        else:
            asked = Asked(request, client, is_known, time.perf_counter())
            sent = Sent(asked, None, None, saves=False, reason="a web socket")
            self._forwarding.forward(flow, sent, is_ours=is_ours)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Have a client ask by POST if the upstream has no web sockets."""
        if SOCKET in flow.metadata and flow.response:
            tell_to_post(flow.response)

    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        """Take a message; of the client's, only what asks for nothing goes on by itself."""
        socket: Socket | None = flow.metadata.get(SOCKET)
        if not socket or not flow.websocket:
            return
        message = flow.websocket.messages[-1]
        flow.websocket.messages.clear()
        try:
            if message.from_client:
                self._hear(flow, socket, message)
            elif event := _event_in(message.content):
                await self._relay(flow, socket, event)
        except Exception as error:  # noqa: BLE001  # mitmproxy would pass it on without a word
            told = self._failure(socket, error)
            if message.from_client:
                message.drop()
                self._tell(flow, "", told)

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        """Tell of the answers that will not come."""
        socket: Socket | None = flow.metadata.pop(SOCKET, None)
        for turn in socket.close() if socket else []:
            self._end(turn)
            if turn.pending:
                self._forwarding.give_up_on(turn.pending, "the web socket was closed")

    def _hear(self, flow: http.HTTPFlow, socket: Socket, message: WebSocketMessage) -> None:
        excess = limits.excess_of_body(len(message.content))
        if excess:
            raise excess
        kind, value = socket_messages.read_kind(message.content)
        if kind == socket_messages.CREATE:
            message.drop()
            question = socket.read(value)
            lane = socket.lane(question.request.lane, lambda lane: self._serve(flow, socket, lane))
            lane.questions.put_nowait(question)
        elif socket.is_alone:
            message.drop()
            self._put(flow, socket_messages.refused(value))
        else:
            for lane in socket.lanes.values():
                self._keep_no_more(lane, kind)

    def _keep_no_more(self, lane: Lane, kind: str) -> None:
        """An answer that is changed on its way (steered, injected into, cancelled) answers no
        question that could be asked again.
        """
        if lane.turn and lane.turn.pending:
            reason = f"it may have been changed by a {kind}"
            self._forwarding.give_up_on(lane.turn.pending, reason)
            lane.turn.pending = None

    async def _serve(self, flow: http.HTTPFlow, socket: Socket, lane: Lane) -> None:
        """Answer the questions of a lane."""
        while True:
            question = await lane.questions.get()
            name = question.request.lane
            try:
                if question.request.generates:
                    await self._answer(flow, socket, lane, question)
                elif socket.is_alone:
                    self._tell(flow, name, self._endpoint.prepare(question.asked))
                else:
                    await self._send(flow, lane, Turn(question, None), question.message_bytes)
            except Exception as error:  # noqa: BLE001  # the client would wait for ever
                self._tell(flow, name, self._failure(socket, error))

    async def _answer(
        self, flow: http.HTTPFlow, socket: Socket, lane: Lane, question: Question
    ) -> None:
        outcome: Answered | Sent | Held | Later | None = self._endpoint.ask(question.asked)
        if isinstance(outcome, Later):
            outcome = await self._endpoint.finish(outcome)
        if isinstance(outcome, Held):
            outcome = await self._waiting.hold(flow, outcome)
        match outcome:
            case Sent() if self._forwarding.in_flight.is_ending:
                raise limits.ExcessError(503, "it is being stopped, and asks no upstream any more")
            case Sent(request=Request() as request, saves=True) if self._coalesces:
                async with self._endpoint.others.alone(request):
                    await self._ask_alone(flow, socket, lane, question, outcome)
            case Sent() as sent:
                await self._ask(flow, socket, lane, question, sent)
            case Answered() as said:
                await self._say(flow, question, said)

    async def _ask_alone(
        self, flow: http.HTTPFlow, socket: Socket, lane: Lane, question: Question, sent: Sent
    ) -> None:
        """Ask the upstream, unless an equal question has been answered meanwhile."""
        outcome: Answered | Sent | Held | Later = sent
        if self._endpoint.policy == "record" and sent.version != self._endpoint.version:
            outcome = self._endpoint.again(sent, is_recorded=sent.room.left <= 1)
        if isinstance(outcome, Later):
            outcome = await self._endpoint.finish(outcome)
        match outcome:
            case Answered() as said:
                await self._say(flow, question, said)
            case Sent() as sent:
                await self._ask(flow, socket, lane, question, sent)

    async def _ask(
        self, flow: http.HTTPFlow, socket: Socket, lane: Lane, question: Question, sent: Sent
    ) -> None:
        turn = Turn(question, self._forwarding.begin(sent))
        await self._send(flow, lane, turn, _message(socket, question, sent))

    async def _say(self, flow: http.HTTPFlow, question: Question, said: Answered) -> None:
        """Give an answer, each message when it is due."""
        kind = said.fault.kind if said.fault else ""
        started = question.asked.started
        if kind in ("", "cut"):
            for piece in socket_messages.messages_of(said.response, question.request.lane):
                left = started + piece.at / 1000 - time.perf_counter()
                if left > 0:
                    await asyncio.sleep(left)
                self._put(flow, piece.data)
        if kind in ("cut", "reset"):
            self._put(flow, b"", kind=Opcode.CLOSE)
        self._report(said.entry, said.entry.milliseconds)

    async def _send(self, flow: http.HTTPFlow, lane: Lane, turn: Turn, message: bytes) -> None:
        """Ask the upstream, and wait for the end of its answer."""
        lane.turn = turn
        self._forwarding.in_flight.begin(turn.name)
        self._put(flow, message, to_client=False)
        await turn.over.wait()
        lane.turn = None

    async def _relay(
        self, flow: http.HTTPFlow, socket: Socket, event: socket_messages.SocketEvent
    ) -> None:
        """Keep a message of the upstream's on its way to the client."""
        lane = socket.lanes.get(event.lane)
        turn = lane.turn if lane else None
        if event.response:
            socket.known.add(event.response)
        if not turn:
            return
        try:
            await self._keep(flow, turn, event)
        finally:
            if event.is_end:
                self._end(turn)

    async def _keep(
        self, flow: http.HTTPFlow, turn: Turn, event: socket_messages.SocketEvent
    ) -> None:
        if turn.pending:
            instead = None if turn.is_begun else event.instead
            turn.pending.tee(instead.body if instead else event.in_a_stream)
            turn.is_begun = True
            if event.is_end:
                await self._take_in(flow, turn, event, instead or HttpResponse(200, _STREAM))
        if event.is_end and event.response and not turn.question.request.generates:
            self._endpoint.prepared(turn.question.asked, event.response)

    async def _take_in(
        self,
        flow: http.HTTPFlow,
        turn: Turn,
        event: socket_messages.SocketEvent,
        response: HttpResponse,
    ) -> None:
        pending, turn.pending = turn.pending, None
        assert pending
        if event.is_of_the_socket:
            self._forwarding.give_up_on(pending, "the upstream no longer knows what came before")
        else:
            await self._forwarding.take_in(flow, pending, to_mitmproxy(response))

    def _end(self, turn: Turn) -> None:
        self._forwarding.in_flight.end(turn.name)
        turn.over.set()

    def _failure(self, socket: Socket, error: Exception) -> HttpResponse:
        """The error for a message that could not be answered."""
        match error:
            case limits.ExcessError():
                said = limits.refused(error, "POST", socket.http.path)
            case BodyError():
                return bad_request_response(f"rechat: {error}", 400, _API)
            case _:
                asked = Asked(socket.http, "", is_ours=False, started=time.perf_counter())
                said = failure(asked, error)
        self._report(said.entry, said.entry.milliseconds)
        return said.response

    def _tell(self, flow: http.HTTPFlow, lane: str, response: HttpResponse) -> None:
        for piece in socket_messages.messages_of(response, lane):
            self._put(flow, piece.data)

    def _put(
        self,
        flow: http.HTTPFlow,
        data: bytes,
        *,
        to_client: bool = True,
        kind: Opcode = Opcode.TEXT,
    ) -> None:
        assert self.put
        self.put(flow, WebSocketMessage(kind, not to_client, data))


def _event_in(message: bytes) -> socket_messages.SocketEvent | None:
    """What a message of the upstream's says; None if it is not JSON, and only passes."""
    try:
        return socket_messages.read_event(message)
    except BodyError:
        return None


def _message(socket: Socket, question: Question, sent: Sent) -> bytes:
    """The message that asks the upstream: as it came, or with all that went before."""
    name = question.request.body.get(PREVIOUS)
    request, dialect = sent.request, sent.dialect
    is_whole = request is not None and PREVIOUS not in request.settings
    if not isinstance(name, str) or name in socket.known or not (is_whole and dialect):
        return question.message_bytes
    assert request
    return socket_messages.write_create(question.message, dialect.write_request(request))
