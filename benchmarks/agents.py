"""What a hit costs that no memory of bytes can answer: a coding agent's request of 150 KB whose ids
are other ones each time, held against what `json.loads` takes for the same body; and the next turn of the same
conversation, whose earlier messages come in the same bytes.

All is CPU time of one process, in turns: the ratio is what counts.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rechat.answering import Answered
from rechat.answering import Asked
from rechat.answering import Endpoint
from rechat.answering import Session
from rechat.dialects import dialect_of
from rechat.store import Recording
from rechat.store import Store
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Message

PATHS = {
    "openai.chat": "/v1/chat/completions",
    "openai.responses": "/v1/responses",
    "anthropic.messages": "/v1/messages",
}
_TURNS = 30
_TOOLS = 15


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU: of a hit, of `json.loads` for its body, of the next turn's hit, of saving
    the first request with its answer; and the kilobytes of the body.
    """

    hit: float
    loads: float
    next: float
    saved: float
    size: float

    @property
    def ratio(self) -> float:
        """How many times `json.loads` a hit takes."""
        return self.hit / self.loads

    @property
    def next_ratio(self) -> float:
        """How many times `json.loads` the hit of the next turn takes."""
        return self.next / self.loads


def measure(scratch: Path, count: int) -> dict[str, Cost]:
    """The median of so many requests, for each API."""
    return {api: _measure(api, scratch / f"agent-{api}", count) for api in PATHS}


def _measure(api: str, folder: Path, count: int) -> Cost:
    folder.mkdir()
    store = Store([folder])
    store.load()
    first = _asked(api, body(api, 0))
    saved = _cpu(lambda: store.save(_recording(api, first.http)))
    store.save(_recording(api, _asked(api, body(api, 0, _TURNS + 1)).http))
    endpoint = Endpoint(Session(store.index, "replay"), store)
    hits, loads, nexts = [], [], []
    for number in range(1, count + 1):
        asked, then = (_asked(api, body(api, number, turns)) for turns in (_TURNS, _TURNS + 1))

        def hit(asked: Asked) -> None:
            said = endpoint.ask(asked)
            assert isinstance(said, Answered), said
            assert said.entry.verdict == "hit", said.entry.reason

        loads.append(_cpu(partial(json.loads, asked.http.body)))
        hits.append(_cpu(partial(hit, asked)))
        nexts.append(_cpu(partial(hit, then)))
    size = len(first.http.body) / 1000
    middle = statistics.median
    return Cost(middle(hits), middle(loads), middle(nexts), saved, size)


def _recording(api: str, asked: HttpRequest) -> Recording:
    """A recorded request and its answer, in the words of the API."""
    dialect = dialect_of("POST", PATHS[api])
    assert dialect
    request = dialect.read_request(asked)
    said = dialect.write_answer(Answer((Choice(Message("assistant", "Done.")),)), request)
    return Recording(request, dialect.read_answer(said).answer)


def _cpu(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return (time.process_time() - started) * 1000


def _asked(api: str, content: bytes) -> Asked:
    http = HttpRequest("POST", PATHS[api], "", (), content)
    return Asked(http, "", is_ours=True, started=time.perf_counter())


def body(api: str, run: int, turns: int = _TURNS) -> bytes:
    """The request of a run: the same words each time, but its own ids."""
    ids = random.Random(run)
    said = random.Random(0)
    write = {
        "openai.chat": _chat,
        "openai.responses": _responses,
        "anthropic.messages": _anthropic,
    }[api]
    return json.dumps(write(said, ids, turns), separators=(",", ":")).encode()


def _text(said: random.Random, size: int) -> str:
    lines = (
        f"{number:5}\t" + " ".join(f"{said.choice(_WORDS)}_{said.randrange(99)}" for _ in range(9))
        for number in range(size // 90)
    )
    return "\n".join(lines)


_WORDS = ("self", "return", "value", "def", "import", "message", "for", "path", "index", "=", "'x'")


def _system(said: random.Random) -> str:
    env = "<env>\nWorking directory: /home/me/project\nToday's date: 2026-11-25\n</env>"
    return f"You are a coding agent.\n{_text(said, 12_000)}\n{env}"


def _schema(said: random.Random) -> dict[str, Any]:
    fields = {
        f"field{number}": {"type": "string", "description": _text(said, 270)} for number in range(4)
    }
    return {"type": "object", "properties": fields, "required": ["field0"]}


def _tools(said: random.Random) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for number in range(_TOOLS):
        yield f"tool{number}", _text(said, 1000), _schema(said)


def _turns(said: random.Random, turns: int) -> Iterator[tuple[str, str, str]]:
    """What the agent says, the arguments of its call, and what the tool gives back."""
    for turn in range(turns):
        arguments = {"command": f"sed -n {turn},99p /home/me/project/a.py", "lines": turn}
        yield f"Next, look at part {turn}.", json.dumps(arguments), _text(said, 2900)


def _id(ids: random.Random, prefix: str) -> str:
    return prefix + "".join(ids.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=24))


def _chat(said: random.Random, ids: random.Random, turns: int) -> dict[str, Any]:
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": _system(said)},
        {"role": "user", "content": [{"type": "text", "text": "Find the fault."}]},
    ]
    tools = [
        {"type": "function", "function": {"name": name, "description": told, "parameters": schema}}
        for name, told, schema in _tools(said)
    ]
    for text, arguments, output in _turns(said, turns):
        name = _id(ids, "call_")
        function = {"name": "tool0", "arguments": arguments}
        call = {"id": name, "type": "function", "function": function}
        messages += [
            {"role": "assistant", "content": text, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": name, "content": output},
        ]
    key = _id(ids, "session-")
    return {"model": "m", "messages": messages, "tools": tools, "prompt_cache_key": key}


def _responses(said: random.Random, ids: random.Random, turns: int) -> dict[str, Any]:
    instructions = _system(said)
    items: list[dict[str, Any]] = [
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "Find the fault."}],
        }
    ]
    tools = [
        {"type": "function", "name": name, "description": told, "parameters": schema}
        for name, told, schema in _tools(said)
    ]
    for text, arguments, output in _turns(said, turns):
        name = _id(ids, "call_")
        content = [{"type": "output_text", "text": text, "annotations": []}]
        items += [
            {"type": "message", "role": "assistant", "id": _id(ids, "msg_"), "content": content},
            {
                "type": "function_call",
                "id": _id(ids, "fc_"),
                "call_id": name,
                "name": "tool0",
                "arguments": arguments,
            },
            {"type": "function_call_output", "call_id": name, "output": output},
        ]
    return {
        "model": "m",
        "instructions": instructions,
        "input": items,
        "tools": tools,
        "stream": True,
        "prompt_cache_key": _id(ids, "session-"),
    }


def _anthropic(said: random.Random, ids: random.Random, turns: int) -> dict[str, Any]:
    system = [{"type": "text", "text": _system(said), "cache_control": {"type": "ephemeral"}}]
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": [{"type": "text", "text": "Find the fault."}]}
    ]
    tools = [
        {"name": name, "description": told, "input_schema": schema}
        for name, told, schema in _tools(said)
    ]
    for text, arguments, output in _turns(said, turns):
        name = _id(ids, "toolu_")
        call = {"type": "tool_use", "id": name, "name": "tool0", "input": json.loads(arguments)}
        result = {"type": "tool_result", "tool_use_id": name, "content": output}
        messages += [
            {"role": "assistant", "content": [{"type": "text", "text": text}, call]},
            {"role": "user", "content": [result]},
        ]
    return {
        "model": "m",
        "max_tokens": 1000,
        "system": system,
        "messages": messages,
        "tools": tools,
        "metadata": {"user_id": _id(ids, "user_")},
    }
