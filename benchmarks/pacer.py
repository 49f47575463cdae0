"""The least that a paced server can do, so that it is on time where others are not: every question gets
the same stream, its bytes made before. `python -m benchmarks.pacer PORT PACE TOKENS`; with the pace `0`,
the whole answer at once.
"""

import asyncio
import json
import sys
from typing import Any

from benchmarks import questions


def events(tokens: int) -> list[bytes]:
    """The chunks of an answer: the role, as many words, and the end with the tokens."""
    chunks = [
        {"role": "assistant", "content": ""},
        *({"content": f"{'' if number == 0 else ' '}token"} for number in range(tokens)),
    ]
    told = [_event({"choices": [{"index": 0, "delta": one}]}) for one in chunks]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    usage = {"prompt_tokens": 150, "completion_tokens": tokens, "total_tokens": 150 + tokens}
    last = _event(end) + _event({"choices": [], "usage": usage}) + _chunk(b"data: [DONE]\n\n")
    return [*told, last + b"0\r\n\r\n"]


def _event(told: dict[str, Any]) -> bytes:
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-5"} | told
    return _chunk(b"data: " + json.dumps(whole).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)


class Answering(asyncio.Protocol):
    """Answers one request after the other on a connection."""

    def __init__(self, first: float, gap: float, sent: list[bytes]) -> None:
        self._first, self._gap, self._sent = first, gap, sent
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head = self._rest.find(b"\r\n\r\n")
        if head < 0:
            return
        length = int(self._rest.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self._rest) < head + 4 + length:
            return
        self._rest = self._rest[head + 4 + length :]
        if not self._gap:
            self._write(self._sent[0])
            return
        now = asyncio.get_running_loop().time() + self._first
        self._write(_STREAM)
        self._next(now, 0)

    def _next(self, due: float, number: int) -> None:
        loop = asyncio.get_running_loop()
        loop.call_at(due, self._send, due, number)

    def _send(self, due: float, number: int) -> None:
        if number == 0:
            self._write(self._sent[0] + self._sent[1])
            self._next(due + self._gap, 2)
            return
        self._write(self._sent[number])
        if number + 2 == len(self._sent):
            self._write(self._sent[-1])
        elif number + 1 < len(self._sent):
            self._next(due + self._gap, number + 1)

    def _write(self, data: bytes) -> None:
        self._transport.write(data)  # type: ignore[attr-defined]  # a transport for both ways


async def _serve(port: int, pace: str, tokens: int) -> None:
    rate, _, first = pace.partition(":")
    body = questions.completion(0)
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    sent = events(tokens) if float(rate) else [head.encode() + body]
    gap = 1 / float(rate) if float(rate) else 0.0
    server = await asyncio.get_running_loop().create_server(
        lambda: Answering(float(first or 0), gap, sent), "127.0.0.1", port, backlog=4096
    )
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(_serve(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
