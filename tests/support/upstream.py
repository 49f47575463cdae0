"""The test-suite's own LLM provider: a real HTTP/1.1 server on 127.0.0.1 that does as it is told.

    with Upstream() as upstream:
        upstream.reply(Stream(gate=gate))  # Json, Bytes, Stream, Break, or a function to choose
        ...                                # talk to upstream.url
        assert upstream.requests[0].json["model"] == "gpt-5"

Without a `reply` the fake model (model.py) answers. No test has to sleep: a `Gate` lets the events
of a stream out one by one, and `wait_for_requests` waits for what arrives.
"""

import asyncio
import io
import json
import ssl
import struct
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from http.client import HTTPMessage
from http.client import parse_headers
from http.client import responses
from pathlib import Path
from socket import SO_LINGER
from socket import SOL_SOCKET
from typing import Any, Literal, Self, get_args

import model

type Headers = Sequence[tuple[str, str]]
type Framing = Literal["chunked", "length", "eof"]
type Ending = Literal["keep", "close", "reset", "stall"]
type Behaviour = Json | Bytes | Stream | Break
type Reply = Behaviour | Callable[[Received], Behaviour]
How = Literal[
    "close",  # closes in a chunked body
    "reset",  # RST in a chunked body
    "short-length",  # closes before the content-length it promised
    "no-answer",  # closes before any byte
    "eof",  # a body that ends where the connection does is cut: whole as far as HTTP can tell
    "no-end-mark",  # the HTTP framing ends cleanly, but the stream (or the JSON) has no end
    "mid-event",  # the same, cut in the middle of an event (or of a line of the JSON)
    "stall",  # says nothing more, keeps the connection open
    "mute",  # never says anything
]

_HEAD_LIMIT = 1 << 20
_TURNS_TO_ACCEPT = 3  # of the loop; a server closed earlier loses the socket (never closes it)
_RST_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """A request as it arrived, and when each event of its answer left (`time.perf_counter()`)."""

    number: int
    method: str
    path: str
    headers: HTTPMessage
    body: bytes
    sent_at: list[float] = field(default_factory=list)

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


class Gate:
    """What a stream waits at before each event, until the test has opened it for one more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: float = 0
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def open(self, steps: float = 1) -> None:
        """Let `steps` more events out; `math.inf` lets out all that will ever come."""
        with self._lock:
            self._steps += steps
            for loop, opened in self._waiting:
                loop.call_soon_threadsafe(opened.set)

    async def passed(self) -> None:
        """Wait for a step and use it up."""
        opened = asyncio.Event()
        waiter = (asyncio.get_running_loop(), opened)
        with self._lock:
            self._waiting.append(waiter)
        try:
            while not self._take():
                await opened.wait()
                opened.clear()
        finally:
            with self._lock:
                self._waiting.remove(waiter)

    def _take(self) -> bool:
        with self._lock:
            if self._steps < 1:
                return False
            self._steps -= 1
            return True


@dataclass(frozen=True, slots=True)
class Json:
    """An answer of JSON, indented as OpenAI's."""

    body: object
    status: int = 200
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Bytes:
    """An answer of any bytes, with their length."""

    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer sent event by event, each after `delay` seconds and `gate`; no events: the model's.

    The head goes out at once, the end of the body right after the last event.
    """

    events: Sequence[bytes] = ()
    gate: Gate | None = None
    delay: float = 0.0
    content_type: str = "text/event-stream; charset=utf-8"
    framing: Framing = "chunked"
    status: int = 200
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Break:
    """The model's answer, broken after some of its events (or of the lines of its JSON).

    `after` counts as in a slice: `2` keeps two, `-1` all but the last.
    """

    how: How
    after: int = 2


def failure(status: int, message: str = "", code: str | None = None) -> Json:
    """An error in OpenAI's form, which lets a client retry at once."""
    text = message or f"The upstream fails with {status}, as it was told."
    return Json(model.error(status, text, code), status, (("retry-after-ms", "1"),))


def answer(received: Received) -> Json | Bytes | Stream:
    """The model's answer, which is the reply unless a test chooses another."""
    path = received.path.partition("?")[0]
    is_anthropic = path.endswith("/messages")
    if received.method != "POST" or not (is_anthropic or path.endswith("/chat/completions")):
        return failure(404, f"Invalid URL ({received.method} {path})")
    try:
        request = received.json
    except ValueError:
        return failure(400, "We could not parse the JSON body of your request.")
    if not isinstance(request, dict) or not request.get("messages"):
        return failure(400, "Missing required parameter: 'messages'.", "missing_required_parameter")
    headers = model.headers(received.number)
    if is_anthropic and request.get("stream"):
        return Stream(model.message_events(request, received.number), headers=headers)
    if is_anthropic:
        return Json(model.message(request, received.number), headers=headers)
    if request.get("stream"):
        return Stream(model.events(request, received.number), headers=headers)
    return Json(model.completion(request, received.number), headers=headers)


CUTS: list[tuple[str, Behaviour]] = [(how, Break(how)) for how in get_args(How)]
"""Every way in which no whole answer arrives: (id, behaviour)."""

FAILURES: list[tuple[str, Behaviour]] = [(f"status-{n}", failure(n)) for n in (429, 500)]
"""Whole answers that are errors: (id, behaviour)."""

ALL_BREAKS = CUTS + FAILURES


@dataclass(frozen=True, slots=True)
class _Script:
    """What goes over the wire for an answer, byte for byte, and what becomes of the connection."""

    head: bytes = b""
    pieces: Sequence[bytes] = ()
    tail: bytes = b""
    ending: Ending = "keep"
    gate: Gate | None = None
    delay: float = 0.0


def _script(behaviour: Behaviour, received: Received) -> _Script:
    match behaviour:
        case Break():
            return _broken(behaviour, _in_pieces(answer(received)))
        case Stream(events=()):
            own = _in_pieces(answer(received))
            gate, delay, framing = behaviour.gate, behaviour.delay, behaviour.framing
            return _framed(replace(own, gate=gate, delay=delay, framing=framing))
        case Stream():
            return _framed(behaviour)
        case Json() | Bytes():
            return _framed(_whole(behaviour))


def _whole(answer: Json | Bytes) -> Stream:
    """A body as a stream of one event."""
    if isinstance(answer, Json):
        answer = Bytes(model.pretty(answer.body), "application/json", answer.status, answer.headers)
    whole = Stream([answer.body], content_type=answer.content_type, framing="length")
    return replace(whole, status=answer.status, headers=answer.headers)


def _in_pieces(behaviour: Json | Bytes | Stream) -> Stream:
    """An answer in pieces that it can be cut between: events, or the lines of a body."""
    if isinstance(behaviour, Stream):
        return behaviour
    whole = _whole(behaviour)
    return replace(whole, events=whole.events[0].splitlines(keepends=True), framing="chunked")


def _broken(broken: Break, whole: Stream) -> _Script:
    kept, lost = list(whole.events[: broken.after]), whole.events[broken.after :]
    promised = sum(map(len, whole.events))
    match broken.how:
        case "no-answer":
            return _Script(ending="close")
        case "mute":
            return _Script(ending="stall")
        case "close" | "reset" | "stall":
            return replace(_framed(replace(whole, events=kept)), tail=b"", ending=broken.how)
        case "short-length":
            cut = replace(whole, events=kept, framing="length")
            return replace(_framed(cut, length=promised), ending="close")
        case "eof":
            return _framed(replace(whole, events=kept, framing="eof"))
        case "no-end-mark":
            return _framed(replace(whole, events=kept))
        case "mid-event":
            half = [event[: len(event) // 2] for event in lost[:1]]
            return _framed(replace(whole, events=[*kept, *half]))


def _framed(stream: Stream, *, length: int | None = None) -> _Script:
    timed = _Script(gate=stream.gate, delay=stream.delay)
    match stream.framing:
        case "chunked":
            head = _head(stream, ("transfer-encoding", "chunked"))
            chunks = [b"%x\r\n%b\r\n" % (len(event), event) for event in stream.events if event]
            return replace(timed, head=head, pieces=chunks, tail=b"0\r\n\r\n")
        case "length":
            length = sum(map(len, stream.events)) if length is None else length
            head = _head(stream, ("content-length", str(length)))
            return replace(timed, head=head, pieces=stream.events)
        case "eof":
            head = _head(stream, ("connection", "close"))
            return replace(timed, head=head, pieces=stream.events, ending="close")


def _head(stream: Stream, framing: tuple[str, str]) -> bytes:
    fields = [("content-type", stream.content_type), *stream.headers, framing]
    status = f"HTTP/1.1 {stream.status} {responses.get(stream.status, 'Unknown')}"
    lines = [status, *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1")


class Upstream:
    """The server, which runs for the length of a `with`; call its methods from any thread."""

    def __init__(self, *, tls: tuple[Path, Path] | None = None) -> None:
        self.url = ""
        self._tls: ssl.SSLContext | None = None
        if tls is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*tls)
        self._reply: Reply = answer
        self._requests: list[Received] = []
        self._arrived = threading.Condition()
        self._errors: list[Exception] = []
        self._stopping = asyncio.Event()
        self._started: Future[tuple[asyncio.AbstractEventLoop, int]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main()), name="upstream", daemon=True
        )

    @property
    def requests(self) -> list[Received]:
        """The requests that have arrived whole so far."""
        with self._arrived:
            return list(self._requests)

    def reply(self, reply: Reply) -> None:
        """Answer so from now on; a function is called in the server's thread and must not block."""
        self._reply = reply

    def wait_for_requests(self, count: int, timeout: float = 60) -> list[Received]:
        """The requests, once there are `count` of them."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._requests) >= count, timeout):
                seen = [f"{each.method} {each.path}" for each in self._requests]
                raise TimeoutError(f"waited {timeout} s for {count} requests, got {seen}")
            return list(self._requests)

    def __enter__(self) -> Self:
        self._thread.start()
        _, port = self._started.result(timeout=10)
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}/v1"
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Listen no more, and break off what is on its way."""
        loop, _ = self._started.result()
        if self._thread.is_alive():
            loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout=10)
        if self._thread.is_alive():
            raise TimeoutError("the upstream did not stop within 10 s")
        if self._errors:
            raise ExceptionGroup("the upstream failed", self._errors)

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._blame)
        server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=self._tls, limit=_HEAD_LIMIT
        )
        self._started.set_result((loop, server.sockets[0].getsockname()[1]))
        await self._stopping.wait()
        loop.remove_reader(server.sockets[0].fileno())
        for _ in range(_TURNS_TO_ACCEPT):
            await asyncio.sleep(0)
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await server.wait_closed()

    def _blame(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Keep what went wrong in the server's thread for the end of the `with`."""
        error = context.get("exception") or RuntimeError(context["message"])
        if not isinstance(
            error, asyncio.CancelledError
        ):  # what Python 3.12 tells of a cancelled task
            self._errors.append(error)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection until either side has enough; a client may leave at any time."""
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer):
                    pass
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection can serve another request after this one."""
        method, path, headers, body = await _read_request(reader, writer)
        with self._arrived:
            received = Received(len(self._requests) + 1, method, path, headers, body)
            self._requests.append(received)
            self._arrived.notify_all()
        reply = self._reply
        script = _script(reply(received) if callable(reply) else reply, received)
        await _perform(script, received.sent_at, writer)
        if script.ending == "stall":
            await reader.read()
        if script.ending == "reset":
            writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, _RST_ON_CLOSE)
            writer.transport.abort()
        return script.ending == "keep" and headers.get("connection", "").lower() != "close"


async def _perform(script: _Script, sent_at: list[float], writer: asyncio.StreamWriter) -> None:
    writer.write(script.head)
    for piece in script.pieces:
        await asyncio.sleep(script.delay)
        if script.gate is not None:
            await script.gate.passed()
        sent_at.append(time.perf_counter())
        writer.write(piece)
        await writer.drain()
    writer.write(script.tail)
    await writer.drain()


async def _read_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, str, HTTPMessage, bytes]:
    line, _, fields = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
    method, path, _version = line.decode("latin-1").split(" ")
    headers = parse_headers(io.BytesIO(fields))
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return method, path, headers, await _read_chunks(reader)
    length = int(headers.get("content-length", "0"))
    return method, path, headers, await reader.readexactly(length)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\n")).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    while (await reader.readuntil(b"\n")).strip():
        pass
    return body
