"""Sessions of Codex: JSON lines `{timestamp, type, payload}`.

`response_item` is what was asked and said, as items of the Responses API; `event_msg` repeats it
for people and is skipped, as are unknown types. What `compacted` puts in place of the history
begins a new conversation. Encrypted reasoning cannot be read by anyone else.
"""

from collections.abc import Iterator
from typing import Any

from rechat.convert.conversation import RESPONSES
from rechat.convert.conversation import conversation_of
from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.values import JsonObject


def is_row(row: object) -> bool:
    """Whether a row is one of a session."""
    return isinstance(row, dict) and {"timestamp", "type", "payload"} <= row.keys()


def read(source: Source, rows: list[Any]) -> Iterator[Found]:
    """The conversations of a session: one, and one more after each compaction."""
    items: list[Any] = []
    model = ""
    sealed = part = 0
    began = rows[0].get("timestamp") if rows else None
    for row in rows:
        match row:
            case {"type": "turn_context", "payload": {"model": str(name)}}:
                model = name
            case {"type": "compacted", "payload": {"replacement_history": list(history)}}:
                yield _conversation(_place(source, part), model, items, began)
                items, part = [*history], part + 1
            case {"type": "response_item", "payload": {"type": "reasoning", "summary": []}}:
                sealed += 1
            case {"type": "response_item", "payload": dict(item)}:
                item.pop("encrypted_content", None)
                item.pop("encrypted_content", None)
                items.append(item)
    yield _conversation(_place(source, part), model, items, began)
    if sealed:
        yield Left(source.name, f"{sealed} encrypted thoughts without a summary")


def _place(source: Source, part: int) -> str:
    return f"{source.name}#{part + 1}" if part else source.name


def _conversation(place: str, model: str, items: list[Any], began: object) -> Found:
    body: JsonObject = {"model": model} if model else {}
    return conversation_of(place, RESPONSES, body | {"input": items}, began=began)
