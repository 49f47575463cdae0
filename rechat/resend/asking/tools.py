"""The functions of a request in each API's declaration format; server tools are named, since they
are lost.
"""

from collections.abc import Callable
from typing import Any

from rechat.values import Json
from rechat.values import JsonObject


def with_tools(settings: JsonObject, write: Callable[[Any], Json]) -> tuple[JsonObject, list[str]]:
    """The settings with each function converted by `write`, and the names of lost server tools."""
    tools = settings.get("tools")
    if not isinstance(tools, list):
        return settings, []
    written: list[Json] = []
    lost: list[str] = []
    for tool in tools:
        match tool:
            case {"type": "function", "function": {"name": str()}}:
                written.append(write(tool))
            case {"name": str(name)} | {"type": str(name)}:
                lost.append(f"the tool {name}")
            case _:
                lost.append("a tool")
    others = {name: value for name, value in settings.items() if name != "tools"}
    if not written:
        others.pop("tool_choice", None)
        others.pop("toolConfig", None)
    return others | ({"tools": written} if written else {}), lost


def responses_tool(tool: Any) -> Json:
    """The tool for Responses, where arguments follow their schema by default."""
    return {"type": "function", "strict": False, **tool["function"]}


def anthropic_tool(tool: Any) -> Json:
    """The tool for Anthropic."""
    function = tool["function"]
    told = {"description": function["description"]} if "description" in function else {}
    schema = function.get("parameters") or {"type": "object", "properties": {}}
    strict = {"strict": True} if function.get("strict") else {}
    return {"name": function["name"], **told, "input_schema": schema, **strict}


def gemini_tool(tool: Any) -> Json:
    """The function declaration for Gemini."""
    function = tool["function"]
    declared = {key: function[key] for key in ("name", "description") if key in function}
    if function.get("parameters"):
        declared["parametersJsonSchema"] = function["parameters"]
    return declared


def ollama_tool(tool: Any) -> Json:
    """The tool without strictness."""
    function = {name: one for name, one in tool["function"].items() if name != "strict"}
    return {"type": "function", "function": function}


def strict_tools(given: JsonObject) -> list[str]:
    """The strictness of schemas, for an API that cannot express it."""
    tools = given.get("tools")
    is_strict = isinstance(tools, list) and any(map(_is_strict, tools))
    return ["strict schemas of tools"] if is_strict else []


def _is_strict(tool: Any) -> bool:
    match tool:
        case {"type": "function", "function": {"strict": True}}:
            return True
    return False
