"""API items that people can read: calls of server tools, and their results.

An item is a JSON object. Its name, the ID of its call and its main text (a query, a code, an
output) are where a reader expects them, in the heading and the body of a part; everything else is
its YAML. A table maps them, by the `type` of the item, or for Gemini, which has no types, by the
key that it has instead.
"""

from dataclasses import dataclass
from dataclasses import field
from typing import Literal

from rechat.format.headings import CALL_QUALIFIERS
from rechat.format.headings import is_word
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import same

type Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item in readable form: `text` is its body, `fields` its YAML."""

    kind: Literal["call", "result"]
    name: str
    id: str = ""
    text: str | None = None
    fields: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where the parts of an item belong: the keys of the name (if empty, it follows from the type)
    and of the ID, and the path to the text, or to a list of its lines.
    """

    kind: Literal["call", "result"]
    at: Path
    name: str = ""
    id: str = "id"
    has_lines: bool = False


_SHAPES = {
    "web_search_call": _Shape("call", ("action", "query")),
    "file_search_call": _Shape("call", ("queries",), has_lines=True),
    "code_interpreter_call": _Shape("call", ("code",)),
    "image_generation_call": _Shape("call", ("result",)),
    "mcp_call": _Shape("call", ("arguments",), "name"),
    "mcp_approval_request": _Shape("call", ("arguments",), "name"),
    "mcp_list_tools": _Shape("call", ("error",)),
    "shell_call": _Shape("call", ("action", "commands"), "", "call_id", has_lines=True),
    "local_shell_call": _Shape("call", ("arguments",), "", "call_id"),
    "apply_patch_call": _Shape("call", ("operation", "diff"), "", "call_id"),
    "computer_call": _Shape("call", ("arguments",), "", "call_id"),
    "tool_search_call": _Shape("call", ("arguments",), "", "call_id"),
    "mcp_tool_use": _Shape("call", ("input", "text"), "name"),
    "mcp_tool_result": _Shape("result", ("content", "0", "text"), "", "tool_use_id"),
    "web_fetch_tool_result": _Shape(
        "result", ("content", "content", "source", "data"), "", "tool_use_id"
    ),
    "code_execution_tool_result": _Shape("result", ("content", "stdout"), "", "tool_use_id"),
    "bash_code_execution_tool_result": _Shape("result", ("content", "stdout"), "", "tool_use_id"),
    "text_editor_code_execution_tool_result": _Shape(
        "result", ("content", "content"), "", "tool_use_id"
    ),
    "advisor_tool_result": _Shape("result", ("content", "text"), "", "tool_use_id"),
}
# The queries of Anthropic's server tools.
_ASKED = {
    "web_search": "query",
    "web_fetch": "url",
    "code_execution": "code",
    "bash_code_execution": "command",
    "tool_search_tool_bm25": "query",
    "tool_search_tool_regex": "pattern",
}
_USE, _CALL, _RESULT, _OUTPUT = "server_tool_use", "_call", "_tool_result", "_output"
_TYPE = {"call": _CALL, "result": _RESULT}
# Gemini's parts, by their key.
_UNTYPED = {
    "executableCode": _Shape("call", ("executableCode", "code")),
    "codeExecutionResult": _Shape("result", ("codeExecutionResult", "output")),
}
_UNTYPED_NAME = "code_execution"
# Calls of the client's own tools are a separate kind of part.
_CLIENTS = ("function_call", "custom_tool_call")


def item_of(value: Json, *, is_apart: bool = True) -> Item | None:
    """The item for a JSON value, with its text separated if requested; None if it has no readable
    form.
    """
    if not isinstance(value, dict):
        return None
    shape = _shape_of(value, value.get("name"))
    if not shape:
        return None
    fields, kind = dict(value), value.get("type")
    name = fields.pop(shape.name, None) if shape.name else _name_of(kind)
    if not isinstance(name, str) or not is_word(name):
        return None
    if kind == name + _TYPE[shape.kind] and not shape.name:
        del fields["type"]
    call_id = fields.get(shape.id)
    if isinstance(call_id, str) and is_word(call_id) and call_id not in CALL_QUALIFIERS:
        del fields[shape.id]
    else:
        call_id = ""
    text = _text_of(value, shape) if is_apart else None
    if text is not None:
        fields = _without(fields, shape.at)
    item = Item(shape.kind, name, call_id, text, fields)
    return item if _comes_back(item, value) else None


def value_of(item: Item) -> JsonObject:
    """The JSON of an item. Raises `ValueError` if there is no place for its text, or another value
    at that place.
    """
    fields = dict(item.fields)
    if not _untyped(fields):
        fields = {"type": item.name + _TYPE[item.kind]} | fields
    shape = _shape_of(fields, item.name) or _Shape(item.kind, ("text",))
    value: JsonObject = {"type": fields["type"]} if "type" in fields else {}
    if shape.name:
        value[shape.name] = item.name
    if item.id:
        value[shape.id] = item.id
    value |= fields
    if item.text is None:
        return value
    text: Json = item.text
    if shape.has_lines:
        lines: list[Json] = [*item.text.split("\n")]
        text = lines
    return _with(value, shape.at, text)


def _comes_back(item: Item, value: JsonObject) -> bool:
    try:
        return same(value_of(item), value)
    except ValueError:
        return False


def _untyped(value: JsonObject) -> str:
    """The key that a Gemini part has instead of a type; empty if there is none."""
    found = [key for key in _UNTYPED if isinstance(value.get(key), dict)]
    return found[0] if len(found) == 1 and "type" not in value else ""


def _shape_of(value: JsonObject, name: Json) -> _Shape | None:
    match value.get("type"):
        case str(kind) if kind in _SHAPES:
            return _SHAPES[kind]
        case "server_tool_use":
            return _Shape("call", ("input", _ASKED.get(str(name), "text")), "name")
        case str(kind) if kind.endswith(_CALL) and kind not in _CLIENTS:
            return _Shape("call", ("arguments",))
        case str(kind) if kind.endswith(_RESULT):
            return _Shape("result", ("content",), "", "tool_use_id")
        case str(kind) if kind.endswith(_OUTPUT):
            return _Shape("result", ("output",), "", "call_id")
    return _UNTYPED.get(_untyped(value))


def _name_of(kind: Json) -> str:
    """The name that follows from a type."""
    if not isinstance(kind, str):
        return _UNTYPED_NAME
    short = kind.removesuffix(_RESULT).removesuffix(_OUTPUT).removesuffix(_CALL)
    return short or kind


def _text_of(value: Json, shape: _Shape) -> str | None:
    for key in shape.at:
        match value:
            case dict():
                value = value.get(key)
            case [dict() as only] if key == "0":
                value = only
            case _:
                return None
    match value:
        case str() if not shape.has_lines:
            return value
        case [_, *_] if shape.has_lines:
            lines = [line for line in value if isinstance(line, str) and "\n" not in line]
            return "\n".join(lines) if len(lines) == len(value) else None
    return None


def _without(value: JsonObject, path: Path) -> JsonObject:
    """The object without the value at the path, and without containers that this would leave
    empty.
    """
    key, *rest = path
    if not rest:
        return {name: item for name, item in value.items() if name != key}
    match value[key]:
        case [dict() as only]:
            return value | {key: [_without(only, tuple(rest[1:]))]}
        case inner:
            left = _without(inner, tuple(rest))
            return value | {key: left} if left or key in _UNTYPED else _without(value, (key,))


def _with(value: JsonObject, path: Path, text: Json) -> JsonObject:
    """The object with a text at the path. Raises `ValueError`."""
    key, *rest = path
    match value.get(key, {}):
        case _ if not rest and key not in value:
            return value | {key: text}
        case dict() as inner if rest:
            return value | {key: _with(inner, tuple(rest), text)}
        case [dict() as only] if len(rest) > 1:
            return value | {key: [_with(only, tuple(rest[1:]), text)]}
    raise ValueError(f"`{key}` has a value already: {value.get(key)!r:.60}")
