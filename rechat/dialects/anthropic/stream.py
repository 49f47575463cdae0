"""Streams of Anthropic Messages: the events of one put together, and a message taken apart.

1. `message_start` has the message without its content; `content_block_start`, `…_delta`, `…_stop`
   build a block, by its index; `message_delta` says how it ended; `message_stop` is the end.
2. The input of a tool comes as pieces of JSON text. One that was cut off is kept as that text.
3. The usage at the end overrides that at the start, key by key. What it was at the start is kept
   beside it (`usage_at_start`): clients add both up.
4. A stream may end in an `error` event instead; that is an answer as well.
5. Events that Anthropic does not know, and what a `ping` says, stand beside the message.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from rechat.dialects.shared import Rows
from rechat.dialects.shared import Table
from rechat.dialects.shared import each
from rechat.dialects.shared import failures
from rechat.dialects.shared import grow
from rechat.dialects.shared import index_of
from rechat.dialects.shared import join
from rechat.dialects.shared import latest
from rechat.dialects.shared import side_events
from rechat.dialects.shared import tokens
from rechat.values import BodyError
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import jsontext

PARTIAL = "partial_json"
"""The key under which a block keeps an input that is not complete JSON."""

USAGE_AT_START = "usage_at_start"
"""The key of a streamed message for what the usage was at its start, where it differs from that at
the end; null stands for what was not said.
"""

# What is only counted at the end.
_COUNTED_LATE = ("iterations", "server_tool_use", "output_tokens_details")
# The number of tokens in the thought so far, which stands beside a piece of it.
_ESTIMATE = "estimated_tokens"
# What a compaction says beside its text.
_ENCRYPTED = "encrypted_content"
_DELTAS = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "compaction_delta": "content",
}
_JOINED = {**_DELTAS, "input_json_delta": PARTIAL}
# What block a delta is of that nobody began.
_KINDS = {"text_delta": "text", "thinking_delta": "thinking"}
# The blocks whose text comes in pieces, and what the text is called.
_PIECES = {"text": "text", "thinking": "thinking", "compaction": "content"}
# What a block that comes in pieces has at its start.
_NOT_YET: JsonObject = {"text": "", "thinking": "", "signature": "", "content": None}
_NOT_YET |= {_ENCRYPTED: None}
# What is only known at the end: in the delta of the message (and said to be null before), only
# there, and beside it.
_ENDING = ("stop_reason", "stop_sequence", "stop_details")
_AT_END = ("container",)
_BESIDE = ("context_management",)
# What Bedrock says with the last event of all.
_AT_STOP = ("amazon-bedrock-invocationMetrics",)

# Where a block that is not an object waits.
_ODD = "no block"

_BLOCK = Table(
    {
        **dict.fromkeys(_JOINED.values(), join),
        **dict.fromkeys(("citations", "deltas"), grow),
        _ESTIMATE: each,
    },
    dropped=frozenset({"index"}),
)
_MESSAGE = Table(
    {"content": Rows(_BLOCK), "usage": Table(other=latest), side_events.SIDE_EVENTS: grow},
    other=latest,
)
_KNOWN = frozenset(
    {
        *("message_start", "message_delta", "message_stop"),
        *("content_block_start", "content_block_delta", "content_block_stop"),
    }
)


def assemble(events: Iterable[JsonObject]) -> JsonObject:
    """The message that the events add up to, with `error` if they end in one. Raises `BodyError` if
    they were truncated. Gateways may leave `message_stop` out: `stop_reason` says as much.
    """
    blocks = _Blocks()
    rows: list[Json] = [{"content": []}]
    for event in events:
        kind = event.get("type")
        if kind == "message" and isinstance(event.get("content"), list):
            return event  # all of it at once
        if kind == "message_stop":
            return _finished([*rows, {key: event[key] for key in event if key != "type"}])
        if kind == "error" or (kind is None and event.get("error")):
            return _failed(_finished(rows), event)
        rows += blocks.told(event) or [_around(event)]
    whole = _finished(rows)
    if not whole.get("stop_reason"):
        raise BodyError("the stream was truncated: no message_stop")
    return whole


class _Blocks:
    """The blocks of a message, numbered as they begin. An event without the number of a block is
    of the last one; some servers give all the same number.
    """

    def __init__(self) -> None:
        self._count = 0
        self._places: dict[int | None, int] = {}

    def told(self, event: JsonObject) -> list[Json]:
        """What an event adds to a block; nothing if it is about something else."""
        match event:
            case {"type": "message_start", "message": {"content": [*begun]}}:
                return [_around(event), *(self._begin({}, block) for block in begun)]
            case {"type": "content_block_start", "content_block": block}:
                return [self._begin(event, block)]
            case {"type": "content_block_delta", "delta": dict(delta)}:
                return self._add(event, delta)
        return []

    def _begin(self, event: JsonObject, block: Json) -> JsonObject:
        start = block if isinstance(block, dict) else {_ODD: block}
        place = self._places[index_of(event)] = self._places[None] = self._count
        self._count += 1
        return {"content": [start | {"index": place}]}

    def _add(self, event: JsonObject, delta: JsonObject) -> list[Json]:
        place = self._places.get(index_of(event))
        if place is not None:
            return [_said(place, delta)]
        kind = _KINDS.get(_kind_of(delta), "")
        if not kind:
            return [{}]
        begun = self._begin(event, {"type": kind})
        return [begun, _said(self._count - 1, delta)]


def _kind_of(delta: JsonObject) -> str:
    """The kind of a delta, which some do not name."""
    unnamed = next((kind for kind, name in _JOINED.items() if name in delta), "")
    return str(delta.get("type", unnamed))


def _failed(whole: JsonObject, event: JsonObject) -> JsonObject:
    """What was said before an error, if anything was, and the error."""
    told = {key: value for key, value in event.items() if key != "type"}
    return (whole if "id" in whole or whole["content"] else {}) | told


def _said(place: int, delta: JsonObject) -> JsonObject:
    """What a delta adds to the block at this place; one of an unknown kind is kept as it is."""
    name = _JOINED.get(_kind_of(delta))
    said: JsonObject = {name: delta[name]} if name and name in delta else {"deltas": [delta]}
    match delta:
        case {"type": "citations_delta", "citation": citation}:
            said = {"citations": [citation]}
        case {"type": "compaction_delta"} if _ENCRYPTED in delta:
            said |= {_ENCRYPTED: delta[_ENCRYPTED]}
        case {"type": "thinking_delta"} if _ESTIMATE in delta:
            said |= {_ESTIMATE: delta[_ESTIMATE]}
    return {"content": [said | {"index": place}]}


def _around(event: JsonObject) -> JsonObject:
    """What any other event says of the message."""
    match event:
        case {"type": "message_start", "message": dict(message)}:
            return {key: value for key, value in message.items() if key != "content"}
        case {"type": "message_delta"}:
            delta = event.get("delta")
            told = {key: value for key, value in event.items() if key not in ("type", "delta")}
            return told | (delta if isinstance(delta, dict) else {})
        case {"type": str(kind)} if kind not in _KNOWN and side_events.tells(event):
            return side_events.kept([event])
    return {}


def _finished(rows: list[Json]) -> JsonObject:
    whole = _MESSAGE.fold(rows)
    told = (row["usage"] for row in rows if isinstance(row, dict) and "usage" in row)
    before, usage = next(told, None), whole.get("usage")
    if isinstance(before, dict) and isinstance(usage, dict) and usage:
        differing = {key: before.get(key) for key in usage if before.get(key) != usage[key]}
        whole[USAGE_AT_START] = differing
    return whole | {"content": list(map(_block, whole["content"]))}


def _block(block: JsonObject) -> Json:
    """The block with its input as a value."""
    if _ODD in block:
        return block[_ODD]  # type: ignore[no-any-return]
    text = block.get(PARTIAL)
    if not isinstance(text, str):
        return block
    rest = {key: value for key, value in block.items() if key != PARTIAL}
    try:
        return rest | ({"input": jsontext.parse(text)} if text else {})
    except JsonError:
        return block


def events_of(message: JsonObject) -> Iterator[JsonObject]:
    """The events that stream a message."""
    error = failures.told_in(message)
    whole = {key: value for key, value in message.items() if key not in error}
    late = {key for key in (*_AT_END, *_BESIDE) if whole.get(key) is not None}
    stopping = {key: whole.pop(key) for key in _AT_STOP if key in whole and not error}
    has_ended = not error or any(whole.get(key) is not None for key in (*_ENDING, *_AT_END))
    before = _usage_at_start(whole)
    beside_it = side_events.of_answer(whole)
    apart = {*late, side_events.SIDE_EVENTS}
    known = {key: value for key, value in whole.items() if key not in apart}
    start = known | (before if has_ended else {}) | {"content": []}
    start |= {key: None for key in _ENDING if key in whole}
    yield {"type": "message_start", "message": start}
    yield from beside_it
    content = message.get("content")
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    for index, block in enumerate(content if isinstance(content, list) else []):
        yield from _block_events(block, index)
    told = {key: value for key, value in whole.items() if key in _ENDING or key in late}
    beside = {key: told.pop(key) for key in _BESIDE if key in told}
    if whole.get("usage") is not None:
        beside = {"usage": whole["usage"]} | beside
    if has_ended:
        yield {"type": "message_delta", "delta": told, **beside}
    if error:
        yield {"type": "error"} | error
    else:
        yield {"type": "message_stop"} | stopping


def _usage_at_start(whole: JsonObject) -> JsonObject:
    """The usage as it was at the start, taken out of the message; one that was whole had no start,
    and then next to nothing has been said.
    """
    told, usage = whole.pop(USAGE_AT_START, None), whole.get("usage")
    if not isinstance(usage, dict):
        return {}
    if not isinstance(told, dict):
        said = usage.get("output_tokens")
        told = dict.fromkeys(_COUNTED_LATE) | {"output_tokens": 1 if said else said}
    unsaid = {key for key, value in told.items() if value is None}
    return {"usage": {key: told.get(key, usage[key]) for key in usage if key not in unsaid}}


def _block_events(block: Any, index: int) -> Iterator[JsonObject]:
    deltas = list(_deltas(block)) if isinstance(block, dict) else []
    start = _begun(block, deltas) if isinstance(block, dict) else block
    yield {"type": "content_block_start", "index": index, "content_block": start}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _begun(block: JsonObject, deltas: list[JsonObject]) -> JsonObject:
    """The block before its pieces."""
    named = {str(name) for delta in deltas for name in delta}
    not_yet = (PARTIAL, "deltas", _ESTIMATE)
    start = {key: value for key, value in block.items() if key not in not_yet}
    start |= {key: empty for key, empty in _NOT_YET.items() if key in named}
    if PARTIAL in named and "input" in block:
        start["input"] = {}
    if "citation" in named:
        start["citations"] = []
    return start


def _deltas(block: JsonObject) -> Iterator[JsonObject]:
    """The pieces of a block: what a text is taken from comes before it."""
    match block:
        case {"citations": [*citations]}:
            yield from ({"type": "citations_delta", "citation": citation} for citation in citations)
    own = (_PIECES.get(str(block.get("type"))), "signature")
    for kind, name in _DELTAS.items():
        if isinstance(text := block.get(name), str) and name in own:
            pieces = tokens(text) if name in ("text", "thinking") else [text]
            beside = {_ENCRYPTED: block[_ENCRYPTED]} if _is_encrypted(block) else {}
            deltas = ({"type": kind, name: piece} | beside for piece in pieces)
            yield from _estimated(deltas, block) if name == "thinking" else deltas
    yield from _input_deltas(block)
    match block:
        case {"deltas": [*others]}:
            yield from (delta for delta in others if isinstance(delta, dict))


def _estimated(deltas: Iterable[JsonObject], block: JsonObject) -> Iterator[JsonObject]:
    """The pieces of a thought, and beside them how long it is so far; it may be kept secret."""
    said = block.get(_ESTIMATE)
    estimates = said if isinstance(said, list) else [said] if said is not None else []
    for delta, estimate in zip_longest(deltas, estimates):
        beside = {_ESTIMATE: estimate} if estimate is not None else {}
        yield (delta or {"type": "thinking_delta", "thinking": ""}) | beside


def _is_encrypted(block: JsonObject) -> bool:
    return block.get("type") == "compaction" and _ENCRYPTED in block


def _input_deltas(block: JsonObject) -> Iterator[JsonObject]:
    """The input of a tool: an empty piece, then the text of the JSON, unless there is nothing to
    say.
    """
    if PARTIAL in block:
        yield {"type": "input_json_delta", PARTIAL: block[PARTIAL]}
    elif "input" in block:
        yield {"type": "input_json_delta", PARTIAL: ""}
        for piece in tokens(jsontext.dump(block["input"])) if block["input"] else []:
            yield {"type": "input_json_delta", PARTIAL: piece}
