"""Files of other tools, made up as they write them."""

import json
from collections.abc import Iterable
from typing import Any

ASKED = {"model": "gpt-5", "messages": [{"role": "user", "content": "What is the capital?"}]}
SAID = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-5-2026",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Paris"}, "finish_reason": "stop"}
    ],
}
URL = "https://api.openai.com/v1/chat/completions"
KEY = "Bearer sk-" + "a1" * 20


def lines(rows: Iterable[Any]) -> bytes:
    """Rows of JSON."""
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def cassette(*bodies: Any, url: str = URL) -> bytes:
    """A cassette with the same question for each body; JSON is YAML too, but a key is not quoted."""
    interactions = [
        {
            "request": {
                "method": "POST",
                "uri": url,
                "body": json.dumps(ASKED),
                "headers": {"authorization": [KEY], "content-type": ["application/json"]},
            },
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {"content-type": ["application/json"], "set-cookie": ["session=1"]},
                "body": {"string": json.dumps(body)},
            },
        }
        for body in bodies
    ]
    return f"interactions: {json.dumps(interactions)}\nversion: 1\n".encode()


def har(status: int = 200) -> bytes:
    """A log with one exchange."""
    entry = {
        "request": {
            "method": "POST",
            "url": URL,
            "headers": [{"name": "Authorization", "value": KEY}],
            "postData": {"mimeType": "application/json", "text": json.dumps(ASKED)},
        },
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"mimeType": "application/json", "text": json.dumps(SAID)},
        },
    }
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}}).encode()


def claude_lines() -> list[dict[str, Any]]:
    """A session with two calls at once, whose results hang where the calls stand, a subagent, and a
    branch that was given up.
    """

    def line(name: str, above: str | None, role: str, content: Any, **more: Any) -> dict[str, Any]:
        message: dict[str, Any] = {"role": role, "content": content}
        if role == "assistant":
            usage = {"input_tokens": 7, "output_tokens": 2, "service_tier": "standard"}
            message |= {"id": more.pop("id"), "model": "claude-5", "usage": usage}
        told = {"uuid": name, "parentUuid": above, "sessionId": "s", "type": role}
        return told | {"isSidechain": False, "message": message} | more

    def call(name: str) -> list[dict[str, Any]]:
        return [{"type": "tool_use", "id": name, "name": "ls", "input": {"path": name}}]

    def result(name: str) -> list[dict[str, Any]]:
        return [{"type": "tool_result", "tool_use_id": name, "content": f"files of {name}"}]

    return [
        {"type": "summary", "summary": "Files", "leafUuid": "g", "sessionId": "s"},
        line("a", None, "user", "List my files"),
        line("x", "a", "assistant", [{"type": "text", "text": "Which?"}], id="m0"),
        line("b", "a", "assistant", [{"type": "text", "text": "I look."}], id="m1"),
        line("c", "b", "assistant", call("t1"), id="m1"),
        line("d", "c", "assistant", call("t2"), id="m1"),
        line("e", "c", "user", result("t1")),
        line("f", "d", "user", result("t2")),
        line("g", "f", "assistant", [{"type": "text", "text": "Two."}], id="m2"),
        line("h", None, "user", "Count", isSidechain=True, agentId="k"),
        line("i", "h", "assistant", [{"type": "text", "text": "2"}], id="m3", isSidechain=True, agentId="k"),
    ]  # fmt: skip


def codex_lines() -> list[dict[str, Any]]:
    """A session with a call, a compaction, and lines that say nothing new."""

    def line(kind: str, payload: Any) -> dict[str, Any]:
        return {"timestamp": "2026-11-01T00:00:00Z", "type": kind, "payload": payload}

    def said(role: str, text: str) -> dict[str, Any]:
        kind = "output_text" if role == "assistant" else "input_text"
        return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}

    return [
        line("session_meta", {"id": "s", "cwd": "/w"}),
        line("turn_context", {"model": "gpt-5-codex"}),
        line("response_item", said("user", "List my files")),
        line("event_msg", {"type": "user_message", "message": "List my files"}),
        line("response_item", {"type": "reasoning", "summary": [], "encrypted_content": "zzz"}),
        line("response_item", {"type": "function_call", "name": "ls", "arguments": "{}", "call_id": "c1"}),
        line("response_item", {"type": "function_call_output", "call_id": "c1", "output": "a b"}),
        line("response_item", said("assistant", "Two.")),
        line("compacted", {"message": "", "replacement_history": [said("user", "Summary: two files")]}),
        line("response_item", said("user", "Thanks")),
        line("response_item", said("assistant", "Fine.")),
        line("brand_new", {"a": 1}),
    ]  # fmt: skip
