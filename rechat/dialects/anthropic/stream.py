"""Streams of Anthropic Messages: the events of one put together, and a message taken apart.

1. `message_start` has the message without its content; `content_block_start`, `…_delta`, `…_stop`
   build a block, by its index; `message_delta` says how it ended; `message_stop` is the end.
2. The input of a tool comes as pieces of JSON text. One that was cut off is kept as that text.
3. The usage at the end overrides that at the start, key by key.
4. A stream may end in an `error` event instead; that is an answer as well.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rechat.dialects.shared import Rows
from rechat.dialects.shared import Table
from rechat.dialects.shared import grow
from rechat.dialects.shared import join
from rechat.dialects.shared import latest
from rechat.dialects.shared import tokens
from rechat.values import BodyError
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import jsontext

PARTIAL = "partial_json"
"""The key under which a block keeps an input that is not complete JSON."""

_DELTAS = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}
_JOINED = {**_DELTAS, "input_json_delta": PARTIAL}
# What a block has from its start although it comes in pieces.
_PIECES = {"text": "text", "thinking": "thinking"}


# Where a block that is not an object waits.
_ODD = "no block"

_BLOCK = Table(
    {**dict.fromkeys(_JOINED.values(), join), "citations": grow, "deltas": grow},
    dropped=frozenset({"index"}),
)
_MESSAGE = Table({"content": Rows(_BLOCK), "usage": Table(other=latest)}, other=latest)


def assemble(events: Iterable[JsonObject], *, is_done: bool = False) -> JsonObject:
    """The message that the events add up to, with `error` if they end in one. Raises `BodyError` if
    they were truncated; a gateway may have said `[DONE]` in place of `message_stop` (`is_done`).
    """
    rows: list[Json] = [{"content": []}]
    for event in events:
        kind = event.get("type")
        if kind == "content_block_delta":
            rows.append(_said(event.get("index"), event.get("delta")))
        elif kind == "message_stop":
            return _finished(rows)
        elif kind == "error":
            return _finished(rows) | {"error": event.get("error")}
        else:
            rows.append(_around(event))
    whole = _finished(rows)
    if not is_done or not whole.get("stop_reason"):
        raise BodyError("the stream was truncated: no message_stop")
    return whole


def _said(index: Json, delta: Json) -> JsonObject:
    """What a delta adds to the block of this index; one of an unknown kind is kept as it is."""
    if not isinstance(index, int) or not isinstance(delta, dict):
        return {}
    name = _JOINED.get(str(delta.get("type")))
    said: JsonObject = {name: delta[name]} if name and name in delta else {"deltas": [delta]}
    match delta:
        case {"type": "citations_delta", "citation": citation}:
            said = {"citations": [citation]}
    said["index"] = index
    return {"content": [said]}


def _around(event: JsonObject) -> JsonObject:
    """What any other event says of the message."""
    match event:
        case {"type": "message_start", "message": dict(message)}:
            return {key: value for key, value in message.items() if key != "content"}
        case {"type": "content_block_start", "index": int(index), "content_block": block}:
            start = block if isinstance(block, dict) else {_ODD: block}
            return {"content": [start | {"index": index}]}
        case {"type": "message_delta", "delta": delta, **rest}:
            told = {str(key): value for key, value in rest.items() if key != "type"}
            return told | (delta if isinstance(delta, dict) else {})
    return {}


def _finished(rows: list[Json]) -> JsonObject:
    whole = _MESSAGE.fold(rows)
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
    whole = {key: value for key, value in message.items() if key != "error"}
    usage = whole.get("usage")
    ending: JsonObject = {key: whole.get(key) for key in ("stop_reason", "stop_sequence")}
    start = whole | {"content": []} | {key: None for key in ending if key in whole}
    yield {"type": "message_start", "message": start}
    content = message.get("content")
    for index, block in enumerate(content if isinstance(content, list) else []):
        yield from _block_events(block, index)
    told = {key: value for key, value in ending.items() if key in whole}
    counted: JsonObject = {"usage": usage} if usage is not None else {}
    has_failed = "error" in message
    if not has_failed or any(value is not None for value in told.values()):
        yield {"type": "message_delta", "delta": told, **counted}
    if has_failed:
        yield {"type": "error", "error": message["error"]}
    else:
        yield {"type": "message_stop"}


def _block_events(block: Any, index: int) -> Iterator[JsonObject]:
    deltas = list(_deltas(block)) if isinstance(block, dict) else []
    named = {str(name) for delta in deltas for name in delta}
    start = block
    if isinstance(block, dict):
        start = {key: value for key, value in block.items() if key not in (PARTIAL, "deltas")}
        start |= {key: "" for key in _PIECES if key in named}
        start |= {"input": {}} if PARTIAL in named and "input" in block else {}
        for gone in ("signature", "citations"):
            if gone in named or (gone == "citations" and "citation" in named):
                start.pop(gone, None)
    yield {"type": "content_block_start", "index": index, "content_block": start}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _deltas(block: JsonObject) -> Iterator[JsonObject]:
    for kind, name in _DELTAS.items():
        text = block.get(name)
        if name == "signature" and isinstance(text, str):
            yield {"type": kind, name: text}
        elif isinstance(text, str) and block.get("type") == _PIECES.get(name):
            yield from ({"type": kind, name: piece} for piece in tokens(text))
    match block:
        case {"citations": [*citations]}:
            yield from ({"type": "citations_delta", "citation": citation} for citation in citations)
    if PARTIAL in block:
        yield {"type": "input_json_delta", PARTIAL: block[PARTIAL]}
    elif block.get("input"):
        for piece in tokens(jsontext.dump(block["input"])):
            yield {"type": "input_json_delta", PARTIAL: piece}
    match block:
        case {"deltas": [*others]}:
            yield from (delta for delta in others if isinstance(delta, dict))
