"""A deterministic model behind OpenAI's chat completions API, and behind Anthropic's for plain text.

It says `Echo NUMBER: ` and the last user text, where NUMBER is that of the request: no two answers
are the same, so an answer from a cache can be told from a fresh one. Whatever else a request asks
for (`n`, tools, `logprobs`, a JSON schema, usage in the stream) shows in the answer as in OpenAI's.
"""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

type Object = dict[str, Any]

CREATED = 1_750_000_000
FINGERPRINT = "fp_0123456789"
TIER = "default"
DONE = b"data: [DONE]\n\n"
_TOKEN = re.compile(r"\s*\S+|\s+")  # "Echo 1: hi " is "Echo", " 1:", " hi", " "
_PIECE = re.compile(r"\w+|\W+")


@dataclass(frozen=True, slots=True)
class Call:
    """The call of a tool, said instead of a text."""

    id: str
    name: str
    arguments: str


type Saying = str | Call


def completion(request: Object, number: int) -> Object:
    """The answer to a request without `stream`."""
    said = _said(request, number)
    return {
        **_identity(request, number, "chat.completion"),
        "choices": [
            {
                "index": index,
                "message": _message(saying),
                "logprobs": _logprobs(request, _tokens(saying)),
                "finish_reason": _finish_reason(saying),
            }
            for index, saying in enumerate(said)
        ],
        "usage": _usage(request, said),
        "service_tier": TIER,
        "system_fingerprint": FINGERPRINT,
    }


def events(request: Object, number: int) -> list[bytes]:
    """The server-sent events that answer a request with `stream`, `[DONE]` last."""
    options = request.get("stream_options") or {}
    chunks = list(_chunks(request, number))
    if options.get("include_usage"):
        said = _said(request, number)
        chunks = [chunk | {"usage": None} for chunk in chunks]
        chunks.append(chunks[-1] | {"choices": [], "usage": _usage(request, said)})
    if options.get("include_obfuscation", True):
        chunks = [chunk | {"obfuscation": _padding(chunk, at)} for at, chunk in enumerate(chunks)]
    return [*map(event, chunks), DONE]


def message(request: Object, number: int) -> Object:
    """The answer to a request of Anthropic's API without `stream`."""
    text = _first(request, number)
    return {
        "id": f"msg_{number:024}",
        "type": "message",
        "role": "assistant",
        "model": request.get("model"),
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 6, "output_tokens": len(_tokens(text))},
    }


def message_events(request: Object, number: int) -> list[bytes]:
    """The server-sent events that answer such a request with `stream`."""
    whole = message(request, number)
    [part], usage = whole["content"], whole["usage"]
    begun = {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
    end = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    told: list[Object] = [
        {"type": "message_start", "message": whole | begun},
        {"type": "content_block_start", "index": 0, "content_block": part | {"text": ""}},
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": token},
            }
            for token in _tokens(part["text"])
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": end, "usage": usage},
        {"type": "message_stop"},
    ]
    return [b"event: %b\n%b" % (each["type"].encode(), event(each)) for each in told]


def event(chunk: object) -> bytes:
    """One server-sent event around compact JSON."""
    return (
        b"data: " + _encoded(json.dumps(chunk, ensure_ascii=False, separators=(",", ":"))) + b"\n\n"
    )


def pretty(body: object) -> bytes:
    """JSON as OpenAI writes it for requests without `stream`: two spaces of indent."""
    return _encoded(json.dumps(body, ensure_ascii=False, indent=2)) + b"\n"


def error(status: int, message: str, code: str | None = None) -> Object:
    """The body of an answer that is an error."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    if status == 429:
        kind, code = "requests", code or "rate_limit_exceeded"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def headers(number: int) -> tuple[tuple[str, str], ...]:
    """The header fields of an answer, among them some that nobody should keep."""
    return (
        ("x-request-id", f"req_{number:032}"),
        ("openai-organization", "org-upstream"),
        ("openai-processing-ms", str(100 + number)),
        ("openai-version", "2020-10-01"),
        ("x-ratelimit-remaining-requests", str(10_000 - number)),
        ("set-cookie", f"__cf_bm=cookie-{number}; path=/; HttpOnly; Secure"),
    )


def _encoded(text: str) -> bytes:
    """UTF-8, in which a lone surrogate is the `\\udXXX` that JSON means by it."""
    return text.encode("utf-8", "backslashreplace")


def _identity(request: Object, number: int, kind: str) -> Object:
    return {
        "id": f"chatcmpl-{number:029}",
        "object": kind,
        "created": CREATED + number,
        "model": f"{request.get('model')}-2025-06-15",
    }


def _said(request: Object, number: int) -> list[Saying]:
    first = _first(request, number)
    others = [f"Echo {number}, choice {index}" for index in range(2, (request.get("n") or 1) + 1)]
    return [first, *others]


def _first(request: Object, number: int) -> Saying:
    last = request["messages"][-1]
    if last.get("role") == "tool":
        return f"Echo {number}: the tool said {_text(last)}"
    asked = next((_text(m) for m in reversed(request["messages"]) if m.get("role") == "user"), "")
    if "weather" in asked.lower() and request.get("tool_choice") != "none" and request.get("tools"):
        return _call(request["tools"][0]["function"], number)
    form = request.get("response_format") or {}
    if form.get("type") == "json_schema":
        schema = form["json_schema"].get("schema") or {}
        return json.dumps(_example(schema, number, schema.get("$defs", {})))
    if form.get("type") == "json_object":
        return json.dumps({"echo": number, "text": asked})
    return f"Echo {number}: {asked}"


def _text(message: Object) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return " ".join(part["text"] for part in content if part.get("type") == "text")


def _call(function: Object, number: int) -> Call:
    schema = function.get("parameters") or {"type": "object"}
    arguments = _example(schema, number, schema.get("$defs", {}))
    return Call(
        f"call_{number:024}", function["name"], json.dumps(arguments, separators=(",", ":"))
    )


def _example(schema: Object, number: int, definitions: Object) -> object:
    """A value that fits a (not recursive) JSON schema and shows the request's number."""
    if "$ref" in schema:
        return _example(definitions[schema["$ref"].rpartition("/")[2]], number, definitions)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], number, definitions)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties") or {}
            return {name: _example(field, number, definitions) for name, field in fields.items()}
        case "array":
            return [_example(schema.get("items") or {}, number, definitions)]
        case "integer":
            return number
        case "number":
            return number + 0.5
        case "boolean":
            return number % 2 == 1
        case "null":
            return None
        case _:
            return f"Echo {number}"


def _message(saying: Saying) -> Object:
    rest: Object = {"refusal": None, "annotations": []}
    if isinstance(saying, str):
        return {"role": "assistant", "content": saying, **rest}
    function = {"name": saying.name, "arguments": saying.arguments}
    call = {"id": saying.id, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call], **rest}


def _chunks(request: Object, number: int) -> Iterator[Object]:
    """The chunks of all choices, one choice each, the choices taking turns."""
    base = {
        **_identity(request, number, "chat.completion.chunk"),
        "service_tier": TIER,
        "system_fingerprint": FINGERPRINT,
    }
    rows = [_stream(request, index, saying) for index, saying in enumerate(_said(request, number))]
    for turn in itertools.zip_longest(*rows):
        yield from (base | {"choices": [choice]} for choice in turn if choice is not None)


def _stream(request: Object, index: int, saying: Saying) -> Iterator[Object]:
    tokens = _tokens(saying)
    logprobs = [_logprobs(request, [token]) for token in tokens] or itertools.repeat(None)
    steps = [
        (_opening(saying), _logprobs(request, [])),
        *zip(_deltas(saying), logprobs, strict=False),
    ]
    for delta, odds in steps:
        yield {"index": index, "delta": delta, "logprobs": odds, "finish_reason": None}
    reason = _finish_reason(saying)
    yield {"index": index, "delta": {}, "logprobs": None, "finish_reason": reason}


def _opening(saying: Saying) -> Object:
    if isinstance(saying, str):
        return {"role": "assistant", "content": "", "refusal": None}
    function = {"name": saying.name, "arguments": ""}
    call = {"index": 0, "id": saying.id, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call], "refusal": None}


def _deltas(saying: Saying) -> list[Object]:
    if isinstance(saying, str):
        return [{"content": token} for token in _tokens(saying)]
    pieces = _PIECE.findall(saying.arguments)
    return [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces]


def _finish_reason(saying: Saying) -> str:
    return "stop" if isinstance(saying, str) else "tool_calls"


def _tokens(saying: Saying) -> list[str]:
    return _TOKEN.findall(saying) if isinstance(saying, str) else []


def _logprobs(request: Object, tokens: list[str]) -> Object | None:
    if not request.get("logprobs"):
        return None
    return {"content": [_odds(request, token) for token in tokens], "refusal": None}


def _odds(request: Object, token: str) -> Object:
    tops = [_odd(token + "~" * rank, rank) for rank in range(request.get("top_logprobs") or 0)]
    return _odd(token, 0) | {"top_logprobs": tops}


def _odd(token: str, rank: int) -> Object:
    spelled = list(token.encode("utf-8", "surrogatepass"))
    return {"token": token, "logprob": -(rank + 1) / 7, "bytes": spelled}


def _usage(request: Object, said: list[Saying]) -> Object:
    prompt = sum(len(_TOKEN.findall(_text(message))) + 4 for message in request["messages"])
    answer = sum(len(_deltas(saying)) for saying in said)
    unused = {"audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, **unused},
    }


def _padding(chunk: Object, position: int) -> str:
    noise = hashlib.sha256(f"{chunk['id']} {position}".encode()).hexdigest()
    return noise[: 2 + position % 14]
