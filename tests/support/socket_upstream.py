"""An upstream of ours that answers Responses over web sockets."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve

type Event = dict[str, Any]


@dataclass
class SocketUpstream:
    """What it was asked, and the address where it listens. `answer` gives the events for a message,
    texts that are none, and None to close the socket.
    """

    answer: Callable[[Event, int], Iterator[Event | str | None]]
    url: str = ""
    asked: list[Event] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def handle(self, socket: ServerConnection) -> None:
        """Answer a socket until it is closed."""
        assert socket.request
        self.paths.append(socket.request.path)
        self.headers.append(dict(socket.request.headers.raw_items()))
        known: set[str] = set()
        try:
            for message in socket:
                event = json.loads(message)
                self.asked.append(event)
                name = event.get("previous_response_id")
                if name and name not in known:
                    socket.send(json.dumps(not_found(name)))
                    continue
                for said in self.answer(event, len(self.asked)):
                    if said is None:
                        return
                    if isinstance(said, str):
                        socket.send(said)
                        continue
                    known.add(said.get("response", {}).get("id", ""))
                    socket.send(json.dumps(said))
        except ConnectionClosed:
            return


def not_found(name: str) -> Event:
    """What a server says that does not know what to go on from."""
    message = f"Previous response with id '{name}' not found."
    error = {"type": "invalid_request_error", "code": "previous_response_not_found"}
    return {
        "type": "error",
        "status": 400,
        "error": error | {"message": message, "param": "previous_response_id"},
    }


def echo(event: Event, number: int) -> Iterator[Event]:
    """The events of an answer that says the last text again."""
    name = f"resp_{number}"
    around = {"id": name, "object": "response", "created_at": 1, "model": event["model"]}
    lane = {"stream_id": event["stream_id"]} if "stream_id" in event else {}
    output: list[Event] = []
    yield (
        _event("response.created", 0, response=around | {"status": "in_progress"} | {"output": []})
        | lane
    )
    if event.get("generate") is not False:
        text = f"Echo: {last_text(event['input'])}"
        item = {"type": "message", "id": f"msg_{number}", "role": "assistant"}
        part = {"type": "output_text", "text": text, "annotations": []}
        at = {"item_id": item["id"], "output_index": 0, "content_index": 0}
        begun = item | {"status": "in_progress", "content": []}
        yield _event("response.output_item.added", 1, output_index=0, item=begun) | lane
        yield _event("response.content_part.added", 2, **at, part=part | {"text": ""}) | lane
        for count, word in enumerate(text.split(" ")):
            delta = word if not count else f" {word}"
            yield _event("response.output_text.delta", 3 + count, **at, delta=delta) | lane
        output = [item | {"status": "completed", "content": [part]}]
        yield _event("response.output_item.done", 99, output_index=0, item=output[0]) | lane
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    whole = around | {"status": "completed", "output": output, "usage": usage}
    yield _event("response.completed", 100, response=whole) | lane


def last_text(given: Any) -> str:
    """The last text of an input."""
    last = given if isinstance(given, str) else given[-1]["content"]
    return last if isinstance(last, str) else str(last[-1]["text"])


def _event(kind: str, number: int, **more: Any) -> Event:
    return {"type": kind, "sequence_number": number, **more}


@contextmanager
def socket_upstream(
    answer: Callable[[Event, int], Iterator[Event | str | None]] = echo,
) -> Iterator[SocketUpstream]:
    """A server that runs for the length of a `with`."""
    upstream = SocketUpstream(answer)
    with serve(upstream.handle, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, name="sockets", daemon=True)
        thread.start()
        upstream.url = f"http://127.0.0.1:{server.socket.getsockname()[1]}/v1"
        yield upstream
        server.shutdown()
        thread.join(timeout=10)
