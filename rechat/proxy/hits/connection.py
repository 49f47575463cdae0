"""One client connection whose requests are answered without mitmproxy's machinery: bytes in, bytes
out, no socket, no framework.

1. Only whole, plain HTTP/1.1 requests are answered here (`framing`). The first one that is not
   plain, or that an upstream has to answer, is handed over with all that came after it, and
   mitmproxy does the rest; once it is idle again, so are we back.
2. What the endpoint says is sent at once, or piece by piece when it is due: deadlines are counted
   from the request, so a late piece does not delay the next ones.
3. Bytes that come while an answer is still leaving wait (pipelining).
"""

import re
import time
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import lru_cache

from mitmproxy.connection import Client

from rechat.answering import Answered
from rechat.answering import Asked
from rechat.answering import Held
from rechat.answering import Later
from rechat.answering import Sent
from rechat.answering import failure
from rechat.answering import since
from rechat.proxy import limits
from rechat.proxy.access import Address
from rechat.proxy.hits.framing import Chunks
from rechat.proxy.hits.framing import Head
from rechat.proxy.hits.framing import read_head
from rechat.proxy.hits.shared import Hits
from rechat.proxy.hits.wire_answer import WireAnswer
from rechat.proxy.hits.wire_answer import head_of
from rechat.proxy.hits.wire_answer import wire_answer
from rechat.values import HttpRequest
from rechat.values import redact_path
from rechat.values import redact_text

_BLANK_LINE = re.compile(rb"\n\r?\n")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# Due so soon, it is sent now: waking up takes longer.
_SLACK = 0.0005

_head_of = lru_cache(256)(read_head)


@dataclass(frozen=True, slots=True)
class Output:
    """What is to be done: send bytes, give bytes to mitmproxy (and what is known of the request in
    them), be woken up after so many seconds, close the connection.
    """

    send: bytes = b""
    hand_over: bytes = b""
    sent: Sent | Held | Later | None = None
    wake_in: float | None = None
    closes: bool = False


NOTHING = Output()


@dataclass(slots=True)
class _Leaving:
    """An answer of which pieces are still to be sent."""

    reply: WireAnswer
    started: float
    count: int = 0


@dataclass(slots=True)
class HitConnection:
    """The requests of one client, in order. `destination` is where they go to; None for the proxy
    itself.
    """

    hits: Hits
    destination: Address | None
    client: Client
    _buffer: bytearray = field(default_factory=bytearray)
    _head: Head | None = None
    _body_at: int = 0
    _chunks: Chunks | None = None
    _is_continued: bool = False
    _leaving: _Leaving | None = None
    _is_mute: bool = False

    @property
    def is_busy(self) -> bool:
        """Whether what the client sends next belongs to what is here."""
        return bool(self._buffer) or self._leaving is not None or self._is_mute

    def receive(self, data: bytes) -> Output:
        """What is to be done now that the client has sent more."""
        if self._is_mute:
            return NOTHING
        self._buffer += data
        if self._leaving:
            return NOTHING
        return self._answer()

    def at_once(self, data: bytes) -> bytes | None:
        """The answer to a request whose exact bytes were asked before; None if there is more
        to do than to send it.
        """
        if self.is_busy:
            return None
        started = time.perf_counter()
        reply = self.hits.remembered(self.destination, data)
        if not reply or reply.later:
            return None
        self.hits.report(reply.entry, since(started))
        return reply.now

    def wake(self) -> Output:
        """What is due now."""
        out = self._leave()
        return out if self._leaving else _joined(out.send, self._answer())

    def leave(self) -> bytes:
        """The client is gone: what it sent and nobody answered."""
        if self._leaving:
            entry = replace(self._leaving.reply.entry, reason="the client left")
            self.hits.report(entry, since(self._leaving.started))
            self._leaving = None
            self._buffer.clear()
        unread = b"" if self._is_mute else bytes(self._buffer)
        self._buffer.clear()
        return unread

    def _answer(self) -> Output:
        """Answer the requests that are there whole, one after the other."""
        sent = bytearray()
        while self._buffer:
            try:
                whole = self._next()
            except limits.ExcessError as excess:
                return Output(bytes(sent) + self._refuse(excess))
            except ValueError:
                return Output(bytes(sent), self._given_up())
            if not whole:
                sent += self._continue()
                break
            head, body, end = whole
            try:
                out = self._answer_one(head, bytes(self._buffer[:end]), body)
            except Exception as error:  # noqa: BLE001  # a client is never left without an answer
                out = self._give_up(head, error)
            if out.hand_over:
                return Output(bytes(sent), self._given_up(), out.sent)
            sent += out.send
            del self._buffer[:end]
            self._forget()
            if out.wake_in is not None or out.closes or self._is_mute:
                return replace(out, send=bytes(sent))
        return Output(bytes(sent))

    def _answer_one(self, head: Head, raw: bytes, body: bytes) -> Output:
        started = time.perf_counter()
        match self.hits.remembered(self.destination, raw) or self.hits.ask(
            head, raw, body, self.destination
        ):
            case WireAnswer(now, ()) as reply:
                self.hits.report(reply.entry, since(started))
                return Output(now)
            case WireAnswer(now) as reply:
                self._leaving = _Leaving(reply, started)
                return _joined(now, self._leave())
            case Answered() as said:
                self.hits.report(said.entry, since(started))
                return self._fail(said)
            case Sent() | Held() | Later() as sent:
                return Output(hand_over=raw, sent=sent)

    def _refuse(self, excess: limits.ExcessError) -> bytes:
        """Answer that a request is too large. What else the client sends is left unread: closing
        the connection could take the answer from a client that is still sending.
        """
        line = bytes(self._buffer[: limits.HEAD].split(b"\r\n", 1)[0])
        self._is_mute = True
        self._buffer.clear()
        self._forget()
        return self._told(excess, line)

    def refuse(self, status: int, reason: str, line: bytes) -> bytes:
        """What the client is told whose request, of this line, cannot be read."""
        return self._told(limits.ExcessError(status, redact_text(reason)), line)

    def _told(self, excess: limits.ExcessError, line: bytes) -> bytes:
        words = line.decode("latin-1").split(" ")
        method, target = (*words, "", "")[:2]
        said = limits.refused(excess, method, target)
        self.hits.report(said.entry, said.entry.milliseconds)
        headers = (*said.response.headers, ("connection", "close"))
        return wire_answer(replace(said, response=replace(said.response, headers=headers))).now

    def _give_up(self, head: Head, error: Exception) -> Output:
        """Answer that something failed, and close."""
        self._leaving = None
        http = HttpRequest(head.method, redact_path(head.path))
        asked = Asked(http, "", is_ours=False, started=time.perf_counter())
        said = failure(asked, error)
        self.hits.report(said.entry, said.entry.milliseconds)
        return Output(wire_answer(said).now, closes=True)

    def _fail(self, said: Answered) -> Output:
        """A broken connection: none answers, it is closed, or it ends after part of the body."""
        assert said.fault
        match said.fault.kind:
            case "timeout":
                self._is_mute = True
                return NOTHING
            case "reset":
                return Output(closes=True)
            case "cut":
                promised = len(said.response.body) + 1
                return Output(head_of(said.response, promised) + said.response.body, closes=True)

    def _leave(self) -> Output:
        """Send what is due, and say when the next piece is."""
        leaving = self._leaving
        assert leaving
        later = leaving.reply.later
        now = time.perf_counter() - leaving.started + _SLACK
        start = leaving.count
        while leaving.count < len(later) and later[leaving.count].at <= now * 1000:
            leaving.count += 1
        send = b"".join(piece.data for piece in later[start : leaving.count])
        if leaving.count < len(later):
            return Output(send, wake_in=later[leaving.count].at / 1000 - now + _SLACK)
        self.hits.report(leaving.reply.entry, since(leaving.started))
        self._leaving = None
        return Output(send)

    def _next(self) -> tuple[Head, bytes, int] | None:
        """The request at the start of the buffer: its head, its body, and where it ends; None if it
        is not there whole. Raises `ValueError` if it is not plain.
        """
        head = self._head or self._read_head()
        if not head:
            return None
        excess = limits.excess_of_body(head.length or len(self._buffer) - self._body_at)
        if excess:
            raise excess
        if head.length is not None:
            end = self._body_at + head.length
            if len(self._buffer) < end:
                return None
            return head, bytes(self._buffer[self._body_at : end]), end
        self._chunks = self._chunks or Chunks(self._body_at)
        found = self._chunks.read(self._buffer)
        return (head, *found) if found else None

    def _read_head(self) -> Head | None:
        blank = _BLANK_LINE.search(self._buffer)
        if not blank:
            excess = limits.excess_of_head(len(self._buffer), 0)
            if excess:
                raise excess
            return None
        excess = limits.excess_of_head(blank.start(), self._buffer.count(b"\n", 0, blank.start()))
        if excess:
            raise excess
        lines, end = (
            bytes(self._buffer[: blank.start() - 1]),
            self._buffer[blank.start() - 1 : blank.end()],
        )
        head = _head_of(lines) if end == b"\r\n\r\n" else None
        if not head or not self.hits.takes(head, self.destination, self.client):
            raise ValueError("the head is not plain")
        self._head, self._body_at = head, blank.end()
        return head

    def _continue(self) -> bytes:
        """What makes a client send its body that waits to be asked for it."""
        if not self._head or not self._head.is_expecting or self._is_continued:
            return b""
        self._is_continued = True
        return _CONTINUE

    def _given_up(self) -> bytes:
        """All that is here, for mitmproxy; it need not ask for a body that we asked for."""
        data = bytes(self._buffer)
        if self._is_continued:
            head = re.sub(rb"(?i)\r\nexpect:[^\r]*", b"", data[: self._body_at], count=1)
            data = head + data[self._body_at :]
        self._buffer.clear()
        self._forget()
        return data

    def _forget(self) -> None:
        self._head = self._chunks = None
        self._is_continued = False


def _joined(sent: bytes, out: Output) -> Output:
    return replace(out, send=sent + out.send)
