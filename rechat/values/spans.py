"""The body of a request as a value without secrets, in which equal parts are the same object.

The parts that a request shares with the previous turn arrive as the same bytes: its tools, the
system prompt, the earlier messages. Each of these is one span of the body. A cached span is neither
parsed nor searched for secrets again, and is the same `Known` object, with the values derived from
it.

Many clients generate new ids for the calls of a conversation each time they run it. So the ids of a
message are cut out of its span, and the rest is looked up: it is parsed once, with placeholders for
the ids, and a span with the same rest is that value with its own ids in their places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from rechat.values import jsontext
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonError
from rechat.values.jsontext import JsonObject
from rechat.values.known import Filled
from rechat.values.known import Known
from rechat.values.redact import redact
from rechat.values.redact import when_rules_change
from rechat.values.remembered import Remembered
from rechat.values.secrets import redact_text

# The lists, in the words of all APIs, whose entries are repeated with each turn.
_MESSAGES = frozenset({"messages", "input", "contents", "system"})
_TOOLS = "tools"

# The size of the cache in bytes of memory: enough for some agents at work, and no more for a client
# that sends different requests each time.
_ROOM = 1 << 26
# The estimated size of an object with its derived values, and of any other value.
_OBJECT, _VALUE = 2000, 64

# An id of a call that JSON does not escape. A quote that follows no backslash begins or ends a JSON
# string, so this is a key and its whole value.
_ID = re.compile(
    rb'("(?<!\\")(?:id|call_id|tool_call_id|tool_use_id)"[ \t\r\n]*+:[ \t\r\n]*+")'
    rb'([A-Za-z0-9_-]{1,64})(?=")'
)
# A message with more ids is always parsed.
_MOST_IDS = 64

_stand_in = "call_{}_of_rechat".format

_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


def fields_of(content: bytes) -> dict[str, msgspec.Raw]:
    """The fields of a JSON object, as raw text. Raises `msgspec.MsgspecError` for anything else, or
    `RecursionError`.
    """
    return _FIELDS.decode(content)


def without_ids(text: bytes) -> tuple[bytes, dict[str, str], int]:
    """The JSON text with placeholders for the ids of calls; the ids by their placeholders (one for
    equal ids); and at how many places ids were.
    """
    pieces = _ID.split(text)
    found = pieces[2::3]
    stand_ins = {one: _stand_in(number) for number, one in enumerate(dict.fromkeys(found))}
    pieces[2::3] = [stand_ins[one].encode() for one in found]
    ids = {name: str(one, "ascii") for one, name in stand_ins.items()}
    return b"".join(pieces), ids, len(found)


def read_body(content: bytes) -> JsonObject:
    """The JSON object of a body, without secrets. Raises `JsonError` for anything else."""
    try:
        fields = {name: _read_field(name, raw) for name, raw in fields_of(content).items()}
    except (msgspec.MsgspecError, JsonError, RecursionError):
        fields = jsontext.parse_object(content)  # says what is wrong, if anything is
    safe = redact(fields)
    assert isinstance(safe, dict)
    return safe


def _read_field(name: str, raw: msgspec.Raw) -> Json:
    """The value of a field. Only objects in a list are cached."""
    span = bytes(raw)
    if (name == _TOOLS or name in _MESSAGES) and span.startswith(b"["):
        read = _tool if name == _TOOLS else _message
        return [read(bytes(item)) for item in _ITEMS.decode(span)]
    return jsontext.parse(span)


type _Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """A message with placeholders for its ids, and the places of each of them."""

    value: Known
    places: tuple[_Place, ...]

    def filled(self, ids: dict[str, str]) -> Filled:
        """The message with these ids; what contains none is shared."""
        changed = Filled(self.value, ids)
        copied: dict[_Place, Any] = {(): changed}
        for place, found in zip(self.places, ids.values(), strict=True):
            _own(place[:-1], copied)[place[-1]] = found
        return changed


def _own(place: _Place, copied: dict[_Place, Any]) -> Any:
    """The container at a place, copied if it has not been copied yet."""
    if place not in copied:
        outer = _own(place[:-1], copied)
        copied[place] = outer[place[-1]] = outer[place[-1]].copy()
    return copied[place]


_STAND_INS = {_stand_in(number): number for number in range(_MOST_IDS)}


def _read_message(span: bytes) -> Json:
    """The value of a message: a known one with other ids, if these can be filled in."""
    rest, ids, places = without_ids(span)
    # How a message is read may depend on which of its ids are equal.
    if 0 < places == len(ids) <= _MOST_IDS:
        frame = _frame(rest)
        if frame and all(redact_text(found) is found for found in ids.values()):
            return frame.filled(ids)
    return _read_item("messages[]", span)


def _read_frame(span: bytes) -> _Frame | None:
    """The frame of a span; None if its placeholders are not found again, each at one place."""
    value = redact(jsontext.parse(span), "messages[]")
    found = list(_stand_ins_in(value))
    count = len(_ID.findall(span))
    if not isinstance(value, dict) or [name for name, _ in found] != list(_STAND_INS)[:count]:
        return None
    return _Frame(Known(value), tuple(place for _, place in found))


def _stand_ins_in(value: Any) -> Iterator[tuple[str, _Place]]:
    """The placeholders within a value, in order, and their places."""
    if not isinstance(value, dict | list):
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, str):
            if item in _STAND_INS:
                yield item, (key,)
        else:
            for name, place in _stand_ins_in(item):
                yield name, (key, *place)


def _weight_of_frame(frame: _Frame | None) -> int:
    return frame.value.once("weight", lambda: _weight(frame.value)) if frame else 0


def _read_item(place: str, span: bytes) -> Json:
    value = redact(jsontext.parse(span), place)
    return Known(value) if isinstance(value, dict) else value


def _weight(value: Any) -> int:
    """The approximate size of a value in bytes: twice the length of a text, for what is derived
    from it.
    """
    if isinstance(value, Filled):
        return value.frame.once("weight", lambda: _weight(value.frame)) + _OBJECT
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


_frame = Remembered[bytes, _Frame | None](_read_frame, _ROOM, _weight_of_frame)
_message = Remembered[bytes, Json](_read_message, _ROOM, _weight)
_tool = Remembered[bytes, Json](partial(_read_item, f"{_TOOLS}[]"), _ROOM // 4, _weight)
when_rules_change(_frame.clear)
when_rules_change(_message.clear)
when_rules_change(_tool.clear)
