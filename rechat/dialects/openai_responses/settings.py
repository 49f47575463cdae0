"""The settings of the Responses API in the words of Chat Completions."""

from typing import Any

from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import made_once

_SAME = {"max_output_tokens": "max_tokens"}


def common_of(settings: JsonObject) -> JsonObject:
    """The settings, and over them what Chat Completions would call them, where it has a word."""
    common = settings | {other: settings[name] for name, other in _SAME.items() if name in settings}
    if isinstance(tools := settings.get("tools"), list):
        common["tools"] = [made_once(tool, "Responses tool", _tool) for tool in tools]
    match settings.get("tool_choice"):
        case {"type": "function" | "custom" as kind, "name": name}:
            common["tool_choice"] = {"type": kind, kind: {"name": name}}
    match settings.get("reasoning"):
        case {"effort": str(effort)}:
            common["reasoning_effort"] = effort
    match settings.get("text"):
        case dict() as text:
            common |= _text(text)
    return common


def _tool(tool: Any) -> Json:
    """A tool of the client with its fields one level deeper; a tool of the server as it is."""
    match tool:
        case {"type": "function" | "custom" as kind, "name": str()}:
            inner = {key: value for key, value in tool.items() if key != "type"}
            match inner.get("format"):
                case {"type": "grammar", **grammar} if kind == "custom":
                    inner["format"] = {"type": "grammar", "grammar": grammar}
            return {"type": kind, kind: inner}
    return tool  # type: ignore[no-any-return]


def _text(text: JsonObject) -> JsonObject:
    told: JsonObject = {key: text[key] for key in ("verbosity",) if key in text}
    match text.get("format"):
        case {"type": "json_schema", **schema}:
            told["response_format"] = {"type": "json_schema", "json_schema": schema}
        case {"type": "json_object"} as plain:
            told["response_format"] = plain
    return told
