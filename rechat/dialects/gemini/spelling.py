"""The names of fields, which proto's JSON knows two of: `finish_reason` is `finishReason`. Clients
send either, and some servers in Gemini's place answer in snake case.
"""

import re
from collections.abc import Callable

from rechat.values import Json
from rechat.values import JsonObject

_SMALL = re.compile(r"_([a-z])")
_CAPITAL = re.compile(r"[A-Z]")
# What holds names that are not the API's.
_FREE = ("args", "response", "error", "metadata")


def camel_keys(value: Json) -> JsonObject:
    """An object with the API's own spelling of its keys, and without what is null; empty for
    anything else.
    """
    if not isinstance(value, dict):
        return {}
    return {_camel(key): item for key, item in value.items() if item is not None}


def in_camel_case(value: JsonObject) -> JsonObject:
    """The object with the API's own spelling of all keys in it that are the API's."""
    return _object(value, _camel)


def in_snake_case(value: JsonObject) -> JsonObject:
    """The same in snake case."""
    return _object(value, _snake)


def _camel(name: str) -> str:
    return _SMALL.sub(lambda found: found[1].upper(), name)


def _snake(name: str) -> str:
    return _CAPITAL.sub(lambda found: "_" + found[0].lower(), name)


def _object(value: JsonObject, spell: Callable[[str], str]) -> JsonObject:
    return {
        spell(key): item if key in _FREE else _spelled(item, spell) for key, item in value.items()
    }


def _spelled(value: Json, spell: Callable[[str], str]) -> Json:
    match value:
        case dict():
            return _object(value, spell)
        case list():
            return [_spelled(item, spell) for item in value]
    return value
