"""The body of a request as a value without secrets, in which equal parts are the same object.

What a conversation shares with its last turn comes in the same bytes: its tools, the system prompt,
the earlier messages. Each of these is one span of the body. A span that is remembered is neither
parsed nor searched for secrets again, and is the same `Known` object, which knows what was worked
out from it.
"""

from functools import partial
from typing import Any

import msgspec

from rechat.values import jsontext
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonError
from rechat.values.jsontext import JsonObject
from rechat.values.known import Known
from rechat.values.redact import redact
from rechat.values.redact import when_rules_change
from rechat.values.remembered import Remembered

# The lists, in the words of all APIs, whose entries come again with each turn.
_MESSAGES = frozenset({"messages", "input", "contents", "system"})
_TOOLS = "tools"

# How much is remembered, in bytes of memory: some agents at work, and no more for a client that
# sends other things each time.
_ROOM = 1 << 26
# What an object takes with all that is worked out from it, and any other value.
_OBJECT, _VALUE = 2000, 64

_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


def read_body(content: bytes) -> JsonObject:
    """The JSON object of a body, without secrets. Raises `JsonError` for anything else."""
    try:
        fields = {name: _read_field(name, raw) for name, raw in _FIELDS.decode(content).items()}
    except (msgspec.MsgspecError, JsonError, RecursionError):
        fields = jsontext.parse_object(content)  # says what is wrong, if anything is
    safe = redact(fields)
    assert isinstance(safe, dict)
    return safe


def _read_field(name: str, raw: msgspec.Raw) -> Json:
    """The value of a field. Only in a list of objects are those known that came before."""
    span = bytes(raw)
    if (name == _TOOLS or name in _MESSAGES) and span.startswith(b"["):
        read = _tool if name == _TOOLS else _message
        return [read(bytes(item)) for item in _ITEMS.decode(span)]
    return jsontext.parse(span)


def _read_item(place: str, span: bytes) -> Json:
    value = redact(jsontext.parse(span), place)
    return Known(value) if isinstance(value, dict) else value


def _weight(value: Any) -> int:
    """About how many bytes a value takes: a text its letters twice, for what is made of them."""
    if isinstance(value, str):
        return _VALUE + 2 * len(value)
    if isinstance(value, dict):
        size = _OBJECT if isinstance(value, Known) else 4 * _VALUE
        for key, item in value.items():  # most are texts: one call less for each
            size += 2 * _VALUE + len(key)
            size += 2 * len(item) if isinstance(item, str) else _weight(item)
        return size
    if isinstance(value, list):
        return 2 * _VALUE + sum(map(_weight, value))
    return _VALUE


_message = Remembered[bytes, Json](partial(_read_item, "messages[]"), _ROOM, _weight)
_tool = Remembered[bytes, Json](partial(_read_item, f"{_TOOLS}[]"), _ROOM // 4, _weight)
when_rules_change(_message.clear)
when_rules_change(_tool.clear)
