"""Which tools a model may or must call (`tool_choice`), in the format of each API.

In Chat Completions it is a mode, one function, or several (`allowed_tools`); other APIs cannot
express several, or only several of which one must be called.
"""

from dataclasses import dataclass
from typing import Any

from rechat.values import Json
from rechat.values import JsonObject

SEVERAL = "which of its tools it may call"
"""What is not said where several tools were named."""

_MODES = {"auto": "AUTO", "required": "ANY", "none": "NONE"}


@dataclass(frozen=True, slots=True)
class Choice:
    """How a tool is chosen: `auto`, `required` or `none`; among all, or among these."""

    mode: str
    names: tuple[str, ...] = ()


def choice_of(told: Any) -> Choice | None:
    """The choice that `tool_choice` of Chat Completions or Responses describes; None if it is of
    another kind.
    """
    match told:
        case "auto" | "required" | "none":
            return Choice(told)
        case {"type": "function", "function": {"name": str(name)}} if name:
            return Choice("required", (name,))
        case {"type": "allowed_tools", "allowed_tools": dict(inner)}:
            return _allowed(inner)
        case {"type": "allowed_tools"}:
            return _allowed(told)
    return None


def _allowed(told: JsonObject) -> Choice | None:
    match told:
        case {"mode": "auto" | "required" as mode, "tools": [*tools]}:
            names = [_name(tool) for tool in tools]
            return Choice(mode, tuple(names)) if names and all(names) else None
    return None


def _name(tool: Any) -> str:
    match tool:
        case {"type": "function", "function": {"name": str(name)}}:
            return name
        case {"type": "function", "name": str(name)}:
            return name
    return ""


def in_chat(choice: Choice) -> Json:
    """The choice for Chat Completions."""
    tools: list[Json] = [{"type": "function", "function": {"name": name}} for name in choice.names]
    match choice:
        case Choice(mode, ()):
            return mode
        case Choice("required", (_,)):
            return tools[0]
    return {"type": "allowed_tools", "allowed_tools": {"mode": choice.mode, "tools": tools}}


def in_responses(choice: Choice) -> Json:
    """The choice for Responses."""
    tools: list[Json] = [{"type": "function", "name": name} for name in choice.names]
    match choice:
        case Choice(mode, ()):
            return mode
        case Choice("required", (_,)):
            return tools[0]
    return {"type": "allowed_tools", "mode": choice.mode, "tools": tools}


def in_anthropic(choice: Choice) -> tuple[JsonObject, list[str]]:
    """The choice for Anthropic, and what it cannot express."""
    match choice:
        case Choice("required", (name,)):
            return {"type": "tool", "name": name}, []
        case Choice(mode, names):
            kind = "any" if mode == "required" else mode
            return {"type": kind}, [SEVERAL] if names else []


def in_gemini(choice: Choice) -> tuple[JsonObject, list[str]]:
    """The choice for Gemini, and what it cannot express: names are only for tools that must be
    called.
    """
    config: JsonObject = {"mode": _MODES[choice.mode]}
    match choice:
        case Choice("required", (_, *_) as names):
            return config | {"allowedFunctionNames": [*names]}, []
        case Choice(_, names):
            return config, [SEVERAL] if names else []
