"""Validates JSON against a schema, to the extent that model providers do: types, required and
further properties, items, enumerations, constants, alternatives, and references inside the schema.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext
from rechat.values import kind_of

_DEEPEST = 50


def breaks(value: Json, schema: JsonObject) -> str | None:
    """The first violation of a schema by a value; None if there is none."""
    return next(islice(_problems(value, schema, schema, "$", 0), 1), None)


def _problems(value: Json, schema: Any, root: JsonObject, path: str, depth: int) -> Iterator[str]:
    if schema is False:
        yield f"{path} is not allowed"
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    if isinstance(reference := schema.get("$ref"), str):
        yield from _problems(value, _referred(reference, root), root, path, depth + 1)
    kinds = schema.get("type")
    wanted = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(wanted, list) and not any(_is(value, str(kind).lower()) for kind in wanted):
        yield f"{path} is {kind_of(value)}, not {' or '.join(map(str, wanted))}"
        return
    if "const" in schema and not _same(value, schema["const"]):
        yield f"{path} is not {jsontext.dump_visible(schema['const'])}"
    choices = schema.get("enum")
    if isinstance(choices, list) and not any(_same(value, one) for one in choices):
        yield f"{path} is none of {jsontext.dump_visible(choices)}"
    for name in ("anyOf", "oneOf"):
        ways = schema.get(name)
        if isinstance(ways, list) and not any(_fits(value, way, root, path, depth) for way in ways):
            yield f"{path} fits none of the alternatives"
    match value:
        case dict():
            yield from _in_object(value, schema, root, path, depth)
        case list():
            for number, item in enumerate(value):
                inner = schema.get("items")
                yield from _problems(item, inner, root, f"{path}[{number}]", depth + 1)


def _fits(value: Json, schema: Any, root: JsonObject, path: str, depth: int) -> bool:
    return next(_problems(value, schema, root, path, depth + 1), None) is None


def _in_object(
    value: JsonObject, schema: JsonObject, root: JsonObject, path: str, depth: int
) -> Iterator[str]:
    for name in schema.get("required") or ():
        if name not in value:
            yield f"{path}.{name} is missing"
    known = schema.get("properties") or {}
    for name, item in value.items():
        inner = known.get(name, schema.get("additionalProperties"))
        yield from _problems(item, inner, root, f"{path}.{name}", depth + 1)


def _referred(reference: str, root: JsonObject) -> Any:
    found: Any = root
    for name in reference.removeprefix("#").strip("/").split("/"):
        found = found.get(name) if isinstance(found, dict) and name else found
    return found


def _same(first: Json, second: Json) -> bool:
    return jsontext.canonical(first) == jsontext.canonical(second)


def _is(value: Json, kind: str) -> bool:
    match value, kind:
        case bool(), _:
            return kind == "boolean"
        case None, _:
            return kind == "null"
        case int(), "integer" | "number":
            return True
        case float(), _:
            return kind == "number" or (kind == "integer" and value.is_integer())
        case (str(), "string") | (list(), "array") | (dict(), "object"):
            return True
    return False
