"""OpenAI's fine-tuning data: an example for each conversation."""

from collections.abc import Sequence

from rechat.convert.exports.record import Record
from rechat.convert.exports.record import body_of
from rechat.convert.exports.record import lines
from rechat.convert.exports.requests import with_answer
from rechat.values import JsonObject

_KEPT = ("tools", "parallel_tool_calls")


def write(records: Sequence[Record]) -> str:
    """A line for each conversation; what was given to the model has `weight` 0."""
    return lines(_example(record) for record in records if record.is_last)


def _example(record: Record) -> JsonObject:
    messages = body_of(with_answer(record))["messages"]
    assert isinstance(messages, list)
    number = -1
    for message in messages:
        if isinstance(message, dict) and message.get("role") == "assistant":
            number += 1
            if number in record.given:
                message["weight"] = 0
    settings = record.request.settings
    return {"messages": messages} | {key: settings[key] for key in _KEPT if key in settings}
