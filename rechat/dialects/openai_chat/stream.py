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

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from itertools import groupby
from itertools import pairwise
from itertools import starmap
from typing import Any

from rechat.dialects.openai_chat import executed
from rechat.dialects.openai_chat import thinking
from rechat.dialects.openai_chat.messages import REASONING_FIELDS
from rechat.dialects.openai_chat.messages import text_of
from rechat.dialects.openai_chat.messages import write_message
from rechat.dialects.shared import Rows
from rechat.dialects.shared import Table
from rechat.dialects.shared import failures
from rechat.dialects.shared import first
from rechat.dialects.shared import grow
from rechat.dialects.shared import index_of
from rechat.dialects.shared import join
from rechat.dialects.shared import last
from rechat.dialects.shared import last_said
from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import tokens
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import jsontext

CHUNK = "chat.completion.chunk"

_TEXTS = ("content", "refusal", "arguments", "input", "data", "transcript", *REASONING_FIELDS)


def _nested(column: Sequence[Json]) -> Json:
    """A field that no table names: objects field by field, as deep as they go."""
    return _VALUE(column)


_VALUE = Table(
    {
        **dict.fromkeys(_TEXTS, join),
        **dict.fromkeys(("token_ids", "annotations", "images"), grow),
    },
    other=_nested,
)


def _name(column: Sequence[Json]) -> Json:
    """The name of a function: whole, in pieces, or said again with every piece."""
    name = ""
    for piece in column:
        if isinstance(piece, str):
            name = piece if piece.startswith(name) else name + piece
    return name


_FUNCTION = Table({**_VALUE.rules, "name": _name}, other=_nested)
_CALL = Table(
    {**_VALUE.rules, "id": first, "type": first, "function": _FUNCTION, "custom": _FUNCTION},
    other=_nested,
)
_DETAIL = Table(dict.fromkeys(("text", "summary", "data"), join))


def _calls(lists: Iterable[list[Json]]) -> Iterable[list[Json]]:
    """The pieces of each call: of one index, else of one id, else those that follow a name. Some
    servers number all calls 0; there a new id and a name begin the next one.
    """
    found: list[list[Json]] = []
    known: dict[Json, list[Json]] = {}
    for item in chain.from_iterable(lists):
        if not isinstance(item, dict):
            found.append([item])
            continue
        call_id, is_named = item.get("id"), _is_named(item)
        index = index_of(item)
        key = call_id or None if index is None else index
        group = found[-1:] and found[-1] if key is None else known.get(key, [])
        if not group or (is_named and (key is None or _is_new(call_id, group))):
            group = []
            found.append(group)
        if key is not None:
            known[key] = group
        group.append(item)
    return found


def _is_named(item: JsonObject) -> bool:
    inner = item.get("function", item.get("custom"))
    return isinstance(inner, dict) and bool(inner.get("name"))


def _is_new(call_id: Json, group: list[Json]) -> bool:
    """Whether an id is not that of a call that has begun with another."""
    begun = group[0].get("id") if isinstance(group[0], dict) else None
    return bool(call_id) and bool(begun) and call_id != begun


def _details(lists: Iterable[list[Json]]) -> Iterable[list[Json]]:
    """OpenRouter's `reasoning_details`: neighbours of one type and index are one."""
    return (list(rows) for _, rows in groupby(chain.from_iterable(lists), _kind))


def _kind(detail: Json) -> object:
    match detail:
        case dict():
            return detail.get("type"), detail.get("index")
        case _:
            return object()  # like nothing else


def _text_or_parts(column: Sequence[Json]) -> Json:
    """A text, or the parts of a model that thinks first: then texts between them are parts too."""
    if not any(isinstance(value, list) for value in column):
        return join(column)
    parts: list[Json] = []
    for _, run in groupby(column, type):
        said = join(list(run))
        if isinstance(said, list):
            parts += said
        elif said:
            parts.append({"type": "text", "text": said})
    return thinking.joined(parts)


_MESSAGE = Table(
    {
        **_VALUE.rules,
        "role": first,
        "content": _text_or_parts,
        "function_call": _FUNCTION,
        "tool_calls": Rows(_CALL, _calls),
        executed.EXECUTED: executed.fold,
        "reasoning_details": Rows(_DETAIL, _details),
    },
    other=_nested,
    keeps_null=False,
)


def _messages(column: Sequence[Json]) -> Json:
    """Messages that each say all that was said before, or only what is new."""
    said = [str(item.get("content") or "") for item in column if isinstance(item, dict)]
    is_cumulative = all(starmap(str.startswith, map(reversed, pairwise(said))))
    return last(column) if is_cumulative else _MESSAGE(column)


_CHOICE = Table(
    {
        "delta": _MESSAGE,
        "message": _messages,
        "logprobs": Table(other=grow),
        "finish_reason": last_said,
        **_VALUE.rules,
    },
    other=_nested,
    keeps_null=False,
)
_CHUNK = openai_wire.chunk_table(_CHOICE, _nested)


def assemble(chunks: Iterable[JsonObject]) -> JsonObject:
    """The completion that a stream of chunks adds up to, as the JSON of a whole answer."""
    whole, choices = openai_wire.fold_chunks(_CHUNK, chunks)
    finished = [_finished(choice, place) for place, choice in enumerate(choices)]
    if whole.get("object") == "chat.completion":  # what it adds up to, but not what it is
        whole["object"] = CHUNK
    return whole | {"choices": finished}


def _finished(choice: JsonObject, place: int) -> JsonObject:
    whole, delta = choice.pop("message", {}), choice.pop("delta", {})
    message = {"role": "assistant", "content": None} | (delta or whole)
    for name in ("refusal", *REASONING_FIELDS):
        if message.get(name) == "":
            del message[name]
    calls = delta.get("tool_calls")
    for call in calls if isinstance(calls, list) else []:
        if isinstance(call, dict):
            call.pop("index", None)
    return {"index": place, "message": message} | choice


def chunks_of(answer: Answer, envelope: JsonObject, *, include_usage: bool) -> Iterator[JsonObject]:
    """The chunks that stream an answer. `envelope` has what surrounds the choices, without `usage`
    unless it is to be sent.
    """
    usage, error = envelope.get("usage"), failures.told_in(envelope)
    envelope = {key: value for key, value in envelope.items() if key not in error}
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
    was_streamed = answer.fields.get("object") == CHUNK
    for index, choice in enumerate(answer.choices):
        number = choice.fields.get("index", index)
        *deltas, last = list(_deltas(choice, was_streamed=was_streamed))
        for delta in deltas:
            yield constant | {
                "choices": [{"index": number, "logprobs": None, "finish_reason": None} | delta]
            }
        is_last = index == len(answer.choices) - 1
        yield constant | {"choices": [{"index": number} | last]} | (at_end if is_last else {})
    if include_usage and usage is not None:
        yield constant | {"choices": [], "usage": usage}
    if error:
        yield error


def _deltas(choice: Choice, *, was_streamed: bool) -> Iterator[JsonObject]:
    """What each chunk of a choice adds: the role, the reasoning, the text, the calls, and how it
    ended.
    """
    message, ending = (
        choice.message,
        {key: value for key, value in choice.fields.items() if key != "index"},
    )
    yield {"delta": _opening(message) | _odd_calls(message, was_streamed=was_streamed)}
    for part in message.parts:
        match part:
            case Reasoning(text, name) if name != thinking.NAME:
                yield from ({"delta": {name: piece}} for piece in tokens(text))
    yield from ({"delta": told} for told in executed.told_of(message))
    yield from ({"delta": {"content": [piece]}} for piece in thinking.in_pieces(message))
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
    if text_of(message) is not None or any(thinking.in_pieces(message)):
        written["content"] = ""
    if any(executed.told_of(message)):
        del written[executed.EXECUTED]
    return written


def _odd_calls(message: Message, *, was_streamed: bool) -> JsonObject:
    """Calls that could not be read, whole and numbered. Clients join the arguments of a stream, so
    an object that did not come in one is sent as its text.
    """
    calls = message.fields.get("tool_calls")
    if not isinstance(calls, list):
        return {"tool_calls": calls} if calls else {}
    as_sent = [call if was_streamed else _with_text(call) for call in calls]
    return {
        "tool_calls": [
            {"index": index} | call if isinstance(call, dict) else call
            for index, call in enumerate(as_sent)
        ]
    }


def _with_text(call: Any) -> Json:
    match call:
        case {"function": {"arguments": dict() | list() as arguments} as function}:
            return {**call, "function": {**function, "arguments": jsontext.dump(arguments)}}
    return call  # type: ignore[no-any-return]


def _content(message: Message, ending: JsonObject) -> Iterator[JsonObject]:
    """The text in pieces: as the log probabilities cut it, if they are of this text."""
    logprobs: Any = ending.get("logprobs")
    listed = logprobs.get("content") if isinstance(logprobs, dict) else None
    text = text_of(message) or ""
    if not isinstance(listed, list) or not text or _joined(listed) != text:
        yield from ({"delta": {"content": piece}} for piece in tokens(text))
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
