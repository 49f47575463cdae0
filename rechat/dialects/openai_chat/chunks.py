"""Chat Completions taken apart into the chunks of a stream.

What surrounds the choices comes with every chunk if it is a word or a number, else with the last
one, and with the first too: OpenAI's SDK keeps what that one says.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from rechat.dialects.openai_chat import executed
from rechat.dialects.openai_chat import filters
from rechat.dialects.openai_chat import thinking
from rechat.dialects.openai_chat.messages import write_content
from rechat.dialects.openai_chat.messages import write_message
from rechat.dialects.openai_chat.stream import CHUNK
from rechat.dialects.openai_chat.stream import EACH
from rechat.dialects.openai_chat.stream import TEXTS
from rechat.dialects.openai_chat.stream import is_said_twice
from rechat.dialects.shared import failures
from rechat.dialects.shared import index_of
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
    at_start = {key: value for key, value in at_end.items() if is_said_twice(value)}
    if include_usage:
        constant["usage"] = None
    elif usage is not None:
        at_end["usage"] = usage
    was_streamed = answer.fields.get("object") == CHUNK
    numbers = numbers_of([choice.fields for choice in answer.choices])
    for index, choice in enumerate(answer.choices):
        number = choice.fields.get("index", index) if was_streamed else numbers[index]
        *deltas, last = list(_deltas(choice, was_streamed=was_streamed))
        for delta in deltas:
            said = {"index": number, "logprobs": None, "finish_reason": None} | delta
            yield constant | {"choices": [said]} | at_start
            at_start = {}
        is_last = index == len(answer.choices) - 1
        yield constant | {"choices": [{"index": number} | last]} | (at_end if is_last else {})
    if include_usage and usage is not None:
        yield constant | {"choices": [], "usage": usage}
    if error:
        yield error


def numbers_of(choices: Sequence[JsonObject]) -> list[int]:
    """What tells choices apart in a stream: the numbers they have, if they differ, else their
    places. A choice whose number is its place need not have one.
    """
    told = [index_of({"index": place} | choice) for place, choice in enumerate(choices)]
    numbers = [number for number in told if number is not None]
    return numbers if len(set(numbers)) == len(choices) else list(range(len(choices)))


def _deltas(choice: Choice, *, was_streamed: bool) -> Iterator[JsonObject]:
    """What each chunk of a choice adds: the role, the reasoning, the text, the calls, and how it
    ended.
    """
    message = choice.message
    ending = {key: value for key, value in choice.fields.items() if key != "index"}
    odd = _odd_calls(message, was_streamed=was_streamed)
    if not was_streamed and isinstance(message.fields.get("content"), bool | int | float):
        odd |= {"content": jsontext.dump(message.fields["content"])}  # clients join texts
    yield {"delta": _opening(message) | odd}
    for part in message.parts:
        match part:
            case Reasoning(text, name) if name != thinking.NAME:
                yield from ({"delta": {name: piece}} for piece in tokens(text))
    yield from ({"delta": told} for told in executed.told_of(message))
    yield from _content(message, ending)
    for part in message.parts:
        match part:
            case Refusal(text):
                yield from ({"delta": {"refusal": piece}} for piece in tokens(text))
    for index, call in enumerate(message.parts_of(Call)):
        yield from ({"delta": {"tool_calls": [piece]}} for piece in _call(call, index))
    for told in filters.told_of(ending):
        yield {"delta": {}} | told
        ending.pop(filters.OFFSETS, None)
    yield {"delta": {}, "logprobs": None, "finish_reason": None} | ending


def _opening(message: Message) -> JsonObject:
    """The first delta: the role and all that is not sent in pieces."""
    written = write_message(message)
    content = write_content(message)
    for name in ("tool_calls", *(name for name in TEXTS if isinstance(written.get(name), str))):
        written.pop(name, None)
    if isinstance(content, str) or any(thinking.in_pieces(content)):
        written["content"] = ""
    if any(executed.told_of(message)):
        del written[executed.EXECUTED]
    return _without_each(written)


def _without_each(written: JsonObject) -> JsonObject:
    """A delta without what is said with the pieces of the text."""
    kept: JsonObject = {}
    for key, value in written.items():
        if isinstance(value, dict):
            inner = _without_each(value)
            kept |= {key: inner} if inner or not value else {}
        elif key not in EACH or not isinstance(value, list):
            kept[key] = value
    return kept


def _each(message: Message) -> Iterator[JsonObject]:
    """What is said with the pieces of the text, one after the other."""
    for name in EACH:
        said = message.fields.get(name)
        yield from ({name: value} for value in (said if isinstance(said, list) else []))
        for key, inner in message.fields.items():
            said = inner.get(name) if isinstance(inner, dict) else None
            yield from ({key: {name: value}} for value in (said if isinstance(said, list) else []))


def _odd_calls(message: Message, *, was_streamed: bool) -> JsonObject:
    """Calls that could not be read, whole and numbered. Clients join the arguments of a stream, so
    an object that did not come in one is sent as its text.
    """
    calls = message.fields.get("tool_calls")
    if isinstance(calls, dict):
        calls = [calls]
    if not isinstance(calls, list):
        return {"tool_calls": calls} if calls is not None else {}
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
    """The content in pieces, each with what is said of it."""
    content = write_content(message)
    pieces: Iterator[JsonObject]
    if isinstance(content, str):
        pieces = _text(content, ending)
    else:
        pieces = ({"delta": {"content": piece}} for piece in thinking.in_pieces(content))
    yield from map(_with_told, zip_longest(pieces, _each(message)))
    yield from _beside(ending)


def _with_told(both: tuple[JsonObject | None, JsonObject | None]) -> JsonObject:
    piece, told = both
    said: JsonObject = piece or {"delta": {}}
    return said | {"delta": said["delta"] | (told or {})}


def _text(text: str, ending: JsonObject) -> Iterator[JsonObject]:
    """The text in pieces: as the log probabilities cut it, if they are of this text. Together's
    servers say each piece twice.
    """
    logprobs: Any = ending.get("logprobs")
    listed = logprobs.get("content") if isinstance(logprobs, dict) else None
    says_twice = text != "" and ending.get("text") == text
    if says_twice:
        ending["text"] = ""
    if isinstance(listed, list) and text and _joined(listed) == text:
        del ending["logprobs"]
        pieces = [(sure["token"], {"logprobs": logprobs | {"content": [sure]}}) for sure in listed]
    elif isinstance(logprobs, list):  # a number for each token
        del ending["logprobs"]
        both = zip_longest(tokens(text), logprobs, fillvalue=None)
        pieces = [(piece or "", {"logprobs": sure}) for piece, sure in both]
    else:
        pieces = [(piece, {}) for piece in tokens(text)]
    for piece, around in pieces:
        again: JsonObject = {"text": piece} if says_twice else {}
        yield {"delta": {"content": piece}} | around | again


def _beside(ending: JsonObject) -> Iterator[JsonObject]:
    """A text that stands beside the delta, in pieces."""
    if isinstance(text := ending.get("text"), str) and text:
        yield from ({"delta": {}, "text": piece} for piece in tokens(text))
        ending["text"] = ""


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
