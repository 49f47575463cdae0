"""Streams of Chat Completions: the chunks of one put together, and an answer taken apart into
chunks.

Putting together follows what the SDKs' accumulators do, with the differences that real servers call
for:

1. Texts (`content`, `refusal`, `reasoning…`, `arguments`) and lists of tokens are joined; any other
   value replaces the one before it, and null never does. Groq repeats `channel` with every chunk:
   joined it would read `analysisanalysis…`.
2. The first `id`, `created` and `model` that say something stay: Azure's first chunk has empty
   ones.
3. Calls are told apart by `index`, else by `id`.
4. `obfuscation` is padding and dropped.

Taken apart and put together again, an answer is the same.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rechat.dialects.openai_chat.messages import REASONING_FIELDS, write_message
from rechat.dialects.shared import tokens
from rechat.values import Answer, Call, Choice, Json, JsonObject, Message, Reasoning, Refusal

CHUNK = "chat.completion.chunk"

_TEXTS = ("content", "refusal", "arguments", "input", "data", "transcript", *REASONING_FIELDS)
_DETAIL_TEXTS = ("text", "summary", "data")
_LISTS = ("content", "token_ids", "annotations", "images")
_FIRST_STAYS = ("id", "created", "model", "object")


def assemble(chunks: Iterable[JsonObject]) -> JsonObject:
    """The completion that a stream of chunks adds up to, as the JSON of a whole answer."""
    whole: JsonObject = {}
    choices: dict[int, JsonObject] = {}
    for chunk in chunks:
        for key, value in chunk.items():
            if key == "choices" and isinstance(value, list):
                for position, choice in enumerate(value):
                    if isinstance(choice, dict):
                        _add_choice(choices, choice, position)
            elif key != "obfuscation" and not (key in _FIRST_STAYS and whole.get(key)):
                _put(whole, key, value)
    if whole.get("usage", 0) is None:
        del whole["usage"]
    whole["choices"] = [_finished(choices[index], index) for index in sorted(choices)]
    return whole


def _add_choice(choices: dict[int, JsonObject], choice: JsonObject, position: int) -> None:
    index = choice.get("index")
    merged = choices.setdefault(index if isinstance(index, int) else position, {"message": {}})
    for key, value in choice.items():
        match key, value:
            case "delta", dict():
                message = merged["message"]
                assert isinstance(message, dict)
                _add_delta(message, value)
            case "logprobs", dict():
                _add_logprobs(merged, value)
            case (("index" | "delta"), _):
                pass
            case _ if value is not None:
                _put(merged, key, value)


def _add_logprobs(choice: JsonObject, logprobs: JsonObject) -> None:
    merged = choice.setdefault("logprobs", {})
    assert isinstance(merged, dict)
    for key, value in logprobs.items():
        earlier = merged.get(key)
        if isinstance(earlier, list) and isinstance(value, list):
            merged[key] = earlier + value
        elif value is not None or key not in merged:
            merged[key] = value


def _add_delta(message: JsonObject, delta: JsonObject) -> None:
    for key, value in delta.items():
        match key, value:
            case "role", _:
                message.setdefault(key, value)
            case "tool_calls", list():
                calls = message.setdefault(key, [])
                assert isinstance(calls, list)
                for call in value:
                    _add_call(calls, call)
            case "reasoning_details", list():
                details = message.setdefault(key, [])
                assert isinstance(details, list)
                for detail in value:
                    _add_detail(details, detail)
            case "content", None:
                message.setdefault(key, None)
            case _ if value is not None:
                _put(message, key, value)


def _put(scope: JsonObject, key: str, value: Json) -> None:
    """Add a value to what came before it under the same key."""
    earlier = scope.get(key)
    if earlier is None or value is None:
        scope[key] = value if earlier is None else earlier
    elif isinstance(earlier, str) and isinstance(value, str):
        scope[key] = earlier + value if key in _TEXTS else value
    elif isinstance(earlier, list) and isinstance(value, list):
        scope[key] = earlier + value if key in _LISTS else value
    elif isinstance(earlier, dict) and isinstance(value, dict):
        merged = dict(earlier)
        for name, item in value.items():
            _put(merged, name, item)
        scope[key] = merged
    else:
        scope[key] = value


def _add_call(calls: list[Json], delta: Json) -> None:
    if not isinstance(delta, dict):
        return
    index, call_id = delta.get("index"), delta.get("id")
    same = [
        call
        for call in calls
        if isinstance(call, dict)
        and (call.get("index") == index if index is not None else call_id in (None, call.get("id")))
    ]
    if not same:
        calls.append(_copy(delta))
        return
    call = same[-1]
    for key, value in delta.items():
        if key in ("id", "type") and call.get(key):
            continue
        if key in ("function", "custom") and isinstance(value, dict):
            inner = call.setdefault(key, {})
            assert isinstance(inner, dict)
            for name, item in value.items():
                if not (name == "name" and inner.get("name")):
                    _put(inner, name, item)
        else:
            _put(call, key, value)


def _copy(value: JsonObject) -> JsonObject:
    return {key: dict(item) if isinstance(item, dict) else item for key, item in value.items()}


def _add_detail(details: list[Json], detail: Json) -> None:
    """OpenRouter's `reasoning_details`: neighbours of one type and index are one."""
    last = details[-1] if details else None
    if not isinstance(detail, dict) or not isinstance(last, dict) or _kind(last) != _kind(detail):
        details.append(_copy(detail) if isinstance(detail, dict) else detail)
        return
    for key, value in detail.items():
        earlier = last.get(key)
        if key in _DETAIL_TEXTS and isinstance(earlier, str) and isinstance(value, str):
            last[key] = earlier + value
        elif value is not None or key not in last:
            last[key] = value


def _kind(detail: JsonObject) -> tuple[Json, Json]:
    return detail.get("type"), detail.get("index")


def _finished(choice: JsonObject, index: int) -> JsonObject:
    message = choice["message"]
    assert isinstance(message, dict)
    message.setdefault("role", "assistant")
    message.setdefault("content", None)
    for name in ("refusal", *REASONING_FIELDS):
        if message.get(name) == "":
            del message[name]
    calls = message.get("tool_calls")
    if isinstance(calls, list):
        for call in calls:
            if isinstance(call, dict):
                call.pop("index", None)
    return {"index": index, **choice}


def chunks_of(answer: Answer, envelope: JsonObject, *, include_usage: bool) -> Iterator[JsonObject]:
    """The chunks that stream an answer. `envelope` has what surrounds the choices, without `usage`
    unless it is to be sent.
    """
    usage = envelope.get("usage")
    constant = {key: value for key, value in envelope.items() if not isinstance(value, dict | list)}
    constant.pop("usage", None)
    at_end = {
        key: value
        for key, value in envelope.items()
        if isinstance(value, dict | list) and key != "usage"
    }
    if include_usage:
        constant["usage"] = None
    elif usage is not None:
        at_end["usage"] = usage
    for index, choice in enumerate(answer.choices):
        number = choice.fields.get("index", index)
        *deltas, last = list(_deltas(choice))
        for delta in deltas:
            yield constant | {
                "choices": [{"index": number, "logprobs": None, "finish_reason": None} | delta]
            }
        is_last = index == len(answer.choices) - 1
        yield constant | {"choices": [{"index": number} | last]} | (at_end if is_last else {})
    if include_usage and usage is not None:
        yield constant | {"choices": [], "usage": usage}


def _deltas(choice: Choice) -> Iterator[JsonObject]:
    """What each chunk of a choice adds: the role, the reasoning, the text, the calls, and how it
    ended.
    """
    message, ending = (
        choice.message,
        {key: value for key, value in choice.fields.items() if key != "index"},
    )
    yield {"delta": _opening(message)}
    for part in message.parts:
        match part:
            case Reasoning(text, name):
                yield from ({"delta": {name: piece}} for piece in tokens(text))
    yield from _content(message, ending)
    for part in message.parts:
        match part:
            case Refusal(text):
                yield from ({"delta": {"refusal": piece}} for piece in tokens(text))
    for index, call in enumerate(message.parts_of(Call)):
        yield from ({"delta": {"tool_calls": [piece]}} for piece in _call(call, index))
    yield {"delta": {}, "logprobs": None, "finish_reason": None} | ending


def _opening(message: Message) -> JsonObject:
    """The first delta: the role and all that is not sent in pieces."""
    written = write_message(message)
    for name in ("tool_calls", *(name for name in _TEXTS if isinstance(written.get(name), str))):
        written.pop(name, None)
    if message.body is not None:
        written["content"] = ""
    return written


def _content(message: Message, ending: JsonObject) -> Iterator[JsonObject]:
    """The text in pieces: as the log probabilities cut it, if they are of this text."""
    logprobs: Any = ending.get("logprobs")
    listed = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(listed, list) or not message.body or _joined(listed) != message.body:
        yield from ({"delta": {"content": piece}} for piece in tokens(message.body or ""))
        return
    for token in listed:
        yield {
            "delta": {"content": token["token"]},
            "logprobs": logprobs | {"content": [token]},
        }
    del ending["logprobs"]


def _joined(listed: list[Json]) -> str | None:
    pieces = [token.get("token") if isinstance(token, dict) else None for token in listed]
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(texts) if len(texts) == len(pieces) else None


def _call(call: Call, index: int) -> Iterator[JsonObject]:
    name, text = ("custom", "input") if call.kind == "custom" else ("function", "arguments")
    opening: JsonObject = {"index": index, "id": call.id or f"call_{index + 1}", "type": call.kind}
    yield opening | call.fields | {name: {"name": call.name, text: ""}}
    for piece in tokens(call.arguments):
        yield {"index": index, name: {text: piece}}
