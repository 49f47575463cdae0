"""Arguments of a call that are not those that its tool takes."""

from collections.abc import Iterator
from difflib import get_close_matches

from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import dump
from rechat.values import jsontext

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def misfits(arguments: str, schema: Json) -> Iterator[str]:
    """What the schema of a tool says against these arguments, as far as their JSON tells."""
    try:
        given = jsontext.parse(arguments) if arguments and isinstance(schema, dict) else None
    except JsonError:
        return  # holes, or another error
    if isinstance(given, dict) and isinstance(schema, dict):
        yield from _lacking(given, schema)
        found = schema.get("properties")
        properties = found if isinstance(found, dict) else {}
        for name, value in given.items() if properties else ():
            if name in properties:
                yield from _doubts_about_value(name, value, properties[name])
            else:
                yield from _unknown(name, list(properties), schema)


def _lacking(given: JsonObject, schema: JsonObject) -> Iterator[str]:
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    lacking = [name for name in names if isinstance(name, str) and name not in given]
    if lacking:
        yield f"lacks `{'`, `'.join(lacking)}`, which `tools` requires"


def _unknown(name: str, known: list[str], schema: JsonObject) -> Iterator[str]:
    close = get_close_matches(name, known, 1)
    if close:
        yield f"has `{name}`, which `tools` does not name: did you mean `{close[0]}`?"
    elif schema.get("additionalProperties") is False:
        yield f"has `{name}`, which `tools` does not allow: it names {', '.join(known) or 'none'}"


def _doubts_about_value(name: str, value: Json, schema: Json) -> Iterator[str]:
    if not isinstance(schema, dict) or (isinstance(value, str) and "{{" in value):
        return
    told = dump(value)
    shown = told if len(told) <= 60 else f"{told[:60]}\u2026"
    choices, kind = schema.get("enum"), schema.get("type")
    types = _TYPES.get(kind.lower(), ()) if isinstance(kind, str) else ()
    if isinstance(choices, list) and value not in choices:
        expected = ", ".join(dump(choice) for choice in choices[:10])
        yield f"has `{name}: {shown}`, and `tools` takes one of {expected}"
    elif types and not _is_of(value, types) and not (value is None and schema.get("nullable")):
        yield f"has `{name}: {shown}`, and `tools` takes a value of type {kind}"


def _is_of(value: Json, types: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in types
    is_whole = isinstance(value, float) and value.is_integer()
    return isinstance(value, types) or (int in types and is_whole)
