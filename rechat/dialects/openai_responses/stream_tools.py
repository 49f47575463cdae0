"""The events of the tools that the Responses API runs itself or knows by name: what stands between
`output_item.added` and `output_item.done` of their items.

A tool says that it begins, what it is doing, and that it has come to an end, each in an event of
its own; a code, arguments, commands and a patch come in pieces between them. What comes in pieces
or is the result of the tool is empty at first.
"""

from collections.abc import Iterator
from typing import Any

from rechat.dialects.shared import tokens
from rechat.values import Json
from rechat.values import JsonObject

# What a tool says of itself before its result.
_STEPS = {
    "web_search_call": ("in_progress", "searching"),
    "file_search_call": ("in_progress", "searching"),
    "code_interpreter_call": ("in_progress",),
    "image_generation_call": ("in_progress", "generating"),
    "mcp_call": ("in_progress",),
    "mcp_list_tools": ("in_progress",),
}
# The text of an item that comes in pieces: where it stands, and what its events are called.
_TEXTS = {
    "function_call": (("arguments",), "response.function_call_arguments"),
    "custom_tool_call": (("input",), "response.custom_tool_call_input"),
    "mcp_call": (("arguments",), "response.mcp_call_arguments"),
    "code_interpreter_call": (("code",), "response.code_interpreter_call_code"),
    "apply_patch_call": (("operation", "diff"), "response.apply_patch_call_operation_diff"),
}
# What an item has not yet when it is added, and what stands in its place.
_NOT_YET: dict[str, JsonObject] = {
    "function_call": {"arguments": ""},
    "custom_tool_call": {"input": ""},
    "web_search_call": {"action": {"query": "", "queries": [], "sources": []}},
    "file_search_call": {"queries": [], "results": None},
    "code_interpreter_call": {"code": "", "outputs": []},
    "image_generation_call": {"result": None},
    "mcp_call": {"arguments": "", "output": None, "error": None},
    "mcp_list_tools": {"tools": []},
    "apply_patch_call": {"operation": {"diff": ""}},
    "local_shell_call": {"action": {"command": []}},
    "shell_call": {"action": {"commands": []}},
    "shell_call_output": {"output": []},
}
# What an event with a preview of a picture says of it.
_OF_PICTURE = ("size", "quality", "background", "output_format")


def begun(item: JsonObject) -> JsonObject:
    """The fields of an item as they are when it is added."""
    return item | _emptied(item, _NOT_YET.get(str(item.get("type")), {}))


def _emptied(item: JsonObject, empty: JsonObject) -> JsonObject:
    """The empty values in place of those that the item has."""
    found: JsonObject = {}
    for key, value in empty.items():
        match item.get(key), value:
            case None, _:
                pass
            case dict() as inner, dict():
                found[key] = inner | _emptied(inner, value)
            case _:
                found[key] = value
    return found


def tool_events(item: JsonObject, where: JsonObject, previews: int) -> Iterator[JsonObject]:
    """The events of an item while its tool runs. `previews` is how many pictures were asked for
    that are not yet whole.
    """
    kind = str(item.get("type"))
    for step in _STEPS.get(kind, ()):
        yield {"type": f"response.{kind}.{step}", **where}
    yield from _text_events(kind, item, where)
    match kind:
        case "code_interpreter_call":
            yield {"type": f"response.{kind}.interpreting", **where}
        case "image_generation_call" if previews:
            yield from _previews(item, where)
        case "shell_call":
            yield from _commands(item, where)
        case "shell_call_output":
            yield from _outputs(item, where)
    if kind in _STEPS and (end := _end(kind, item)):
        yield {"type": f"response.{kind}.{end}", **where}


def _text_events(kind: str, item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    if kind not in _TEXTS:
        return
    path, events = _TEXTS[kind]
    text: Any = item
    for key in path:
        text = text.get(key) if isinstance(text, dict) else None
    if isinstance(text, str):
        for piece in tokens(text):
            yield {"type": f"{events}.delta", **where, "delta": piece}
        yield {"type": f"{events}.done", **where, path[-1]: text}


def _end(kind: str, item: JsonObject) -> str:
    """What a tool says at its end; nothing if it never came to one, or there is no word for it."""
    status = item.get("status", "completed")
    if kind in ("mcp_call", "mcp_list_tools") and (item.get("error") or status == "failed"):
        return "failed"
    return "completed" if status == "completed" else ""


def _previews(item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    """The picture once before it is said to be done, for clients that show it while it grows."""
    if isinstance(picture := item.get("result"), str):
        told = {key: item[key] for key in _OF_PICTURE if key in item}
        shown: JsonObject = {"partial_image_index": 0, "partial_image_b64": picture}
        yield {"type": "response.image_generation_call.partial_image", **where, **shown, **told}


def _commands(item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    match item.get("action"):
        case {"commands": [*commands]}:
            for number, command in enumerate(commands):
                place: JsonObject = {
                    "output_index": where["output_index"],
                    "command_index": number,
                }
                said = command if isinstance(command, str) else ""
                yield {"type": "response.shell_call_command.added", **place, "command": ""}
                for piece in tokens(said):
                    yield {"type": "response.shell_call_command.delta", **place, "delta": piece}
                yield {"type": "response.shell_call_command.done", **place, "command": said}


def _outputs(item: JsonObject, where: JsonObject) -> Iterator[JsonObject]:
    listed = item.get("output")
    for number, output in enumerate(listed if isinstance(listed, list) else []):
        place: JsonObject = {**where, "command_index": number}
        for name in ("stdout", "stderr"):
            said: Json = output.get(name) if isinstance(output, dict) else None
            if said:
                delta: JsonObject = {name: said}
                yield {
                    "type": "response.shell_call_output_content.delta",
                    **place,
                    "delta": delta,
                }
        yield {"type": "response.shell_call_output_content.done", **place, "output": [output]}
