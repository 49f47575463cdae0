"""What `kill -9` takes away: rounds in each of which 16 clients record until rechat is killed, and
every answer that a client had in full is asked of what is on the disk then.

A client has an answer in full at its last byte, or at the event that SDKs take for the end of a
stream: most close the connection there.
"""

import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from upstream import Behaviour
from upstream import Bytes
from upstream import Received
from upstream import Stream
from upstream import Upstream

from benchmarks.servers import free_port
from benchmarks.servers import wait_for
from rechat.answering import Answered
from rechat.answering import Asked
from rechat.answering import Endpoint
from rechat.answering import Session
from rechat.store import Store
from rechat.values import HttpRequest

CLIENTS = 16
# The process is killed after so many answers, or so many seconds.
_MOST = 100
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Shape:
    """How an API is asked, and how its clients know the end of an answer; None is the last byte."""

    path: str
    is_streamed: bool = True
    end: bytes | None = None


_SHAPES = (
    _Shape("/v1/chat/completions", is_streamed=False),
    _Shape("/v1/chat/completions", end=b"data: [DONE]\n\n"),
    _Shape("/v1/messages", end=b'{"type": "message_stop"}\n\n'),
    _Shape("/v1/responses", end=b'"status": "completed"}}\n\n'),
)


@dataclass(slots=True)
class Toll:
    """How many answers clients had in full, and the questions of those that were lost, each with
    what came in their place.
    """

    answers: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Had:
    """An answer that a client had in full."""

    path: str
    asked: bytes
    answered: bytes


def measure(rounds: int, tell: Callable[[str], None] = lambda _: None) -> Toll:
    """The toll of so many rounds; `tell` is told of it after each."""
    toll = Toll()
    chance = random.Random(1)
    with Upstream() as upstream:
        upstream.reply(_answer)
        for number in range(1, rounds + 1):
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder) / "transcripts"
                had = _round(upstream.url, home, chance.randint(1, _MOST))
                toll.answers += len(had)
                toll.lost += filter(None, _missing(home, had))
            tell(f"round {number}: {toll.answers:,} answers, {len(toll.lost)} lost")
    return toll


def _round(upstream: str, home: Path, count: int) -> list[_Had]:
    """What clients had in full when the process was killed."""
    port = free_port()
    command = [sys.executable, "-m", "rechat", "record", upstream, "--to", str(home), "-q"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [*command, "-p", str(port)], cwd=home.parent, stdin=quiet, stdout=quiet, stderr=quiet
    )
    had: list[_Had] = []
    clients = [
        threading.Thread(target=_record, args=(port, number, had)) for number in range(CLIENTS)
    ]
    try:
        wait_for(port, process)
        for client in clients:
            client.start()
        latest = time.monotonic() + _SECONDS
        while len(had) < count and time.monotonic() < latest:
            time.sleep(0.001)
    finally:
        process.kill()
        process.wait()
    for client in clients:
        client.join()
    return had


def _record(port: int, client: int, had: list[_Had]) -> None:
    """Ask one question after the other until nobody answers."""
    shape = _SHAPES[client % len(_SHAPES)]
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    number = 0
    try:
        while True:
            number += 1
            message = {"role": "user", "content": f"Question {number} of client {client}"}
            said = {"model": "m", "max_tokens": 9, "stream": shape.is_streamed}
            talk = "input" if shape.path.endswith("responses") else "messages"
            asked = json.dumps({**said, talk: [message]}).encode()
            connection.request("POST", shape.path, asked, {"content-type": "application/json"})
            response = connection.getresponse()
            had.append(_Had(shape.path, asked, _in_full(response, shape.end)))
            response.read()
    except (OSError, http.client.HTTPException):
        return
    finally:
        connection.close()


def _in_full(response: http.client.HTTPResponse, end: bytes | None) -> bytes:
    """The answer, once all of it is here. Raises `HTTPException` if it is not to come."""
    body = b""
    while not (end and body.endswith(end)):
        piece = response.read1()
        body += piece
        if not piece:
            if end or response.length:
                raise http.client.IncompleteRead(body)
            break
    return body


def _missing(home: Path, had: list[_Had]) -> list[str]:
    """What is not answered as it was, from what is on the disk."""
    store = Store([home])
    store.load()
    endpoint = Endpoint(Session(store.index, "replay"), store)
    found = []
    for one in had:
        http_request = HttpRequest("POST", one.path, body=one.asked)
        said = endpoint.ask(Asked(http_request, "", is_ours=True, started=time.perf_counter()))
        body = said.response.body if isinstance(said, Answered) else b""
        if body != one.answered:
            found.append(f"{one.asked.decode()}: {body.decode()[:200]}")
    return found


def _answer(received: Received) -> Behaviour:
    """An answer that is never the same, in the API that is asked."""
    text = f"Answer {received.number} " + "and so on " * 20
    match received.path.partition("?")[0]:
        case "/v1/messages":
            return Stream([_event(event) for event in _of_anthropic(text)])
        case "/v1/responses":
            return Stream([_event(event) for event in _of_responses(text)])
    if not received.json["stream"]:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return Bytes(json.dumps({"id": "1", "choices": [choice]}).encode(), "application/json")
    deltas: list[tuple[dict[str, str], str | None]] = [
        ({"role": "assistant", "content": text}, None),
        ({}, "stop"),
    ]
    chunks = [
        {"id": "1", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}
        for delta, reason in deltas
    ]
    return Stream([*(f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks), _DONE])


_DONE = b"data: [DONE]\n\n"


def _event(event: dict[str, object]) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def _of_anthropic(text: str) -> list[dict[str, object]]:
    said = {"id": "1", "type": "message", "role": "assistant", "content": [], "model": "m"}
    stopped = {"stop_reason": "end_turn", "stop_sequence": None}
    return [
        {"type": "message_start", "message": said},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": text},
        },
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stopped, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    ]


def _of_responses(text: str) -> list[dict[str, object]]:
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"id": "msg", "type": "message", "role": "assistant", "status": "completed"}
    whole = {"id": "r", "object": "response", "output": [{**item, "content": [part]}]}
    empty = {"id": "r", "object": "response", "output": [], "status": "in_progress"}
    return [
        {"type": "response.created", "response": empty},
        {"type": "response.output_text.delta", "delta": text, "output_index": 0},
        {"type": "response.completed", "response": {**whole, "status": "completed"}},
    ]
