"""What a stream event adds to the answer, whatever its API: text, reasoning, a call, or nothing. It
tells when an answer begins, which is not when the first event arrives.
"""

from collections.abc import Iterable
from typing import Any, Literal

from rechat.values import JsonObject

type Delta = Literal["", "words", "thought", "call"]

_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
_CALLS = ("tool_calls", "function_call")
_BY_TYPE: dict[str, Delta] = {
    "response.output_text.delta": "words",
    "response.refusal.delta": "words",
    "response.audio.delta": "words",
    "response.reasoning_text.delta": "thought",
    "response.reasoning_summary_text.delta": "thought",
    "response.function_call_arguments.delta": "call",
    "response.custom_tool_call_input.delta": "call",
}
_BY_DELTA: dict[str, Delta] = {
    "text_delta": "words",
    "thinking_delta": "thought",
    "input_json_delta": "call",
}
_BY_ITEM: dict[str, Delta] = {
    "function_call": "call",
    "custom_tool_call": "call",
    "tool_use": "call",
    "server_tool_use": "call",
}


def delta_of(event: JsonObject) -> Delta:
    """What an event adds to the answer; empty for one that only opens or closes something."""
    match event:
        case {"type": str(kind)}:
            return _typed(kind, event)
        case {"choices": list(choices)}:  # Chat, completions
            return _most(_choice(choice) for choice in choices if isinstance(choice, dict))
        case {"candidates": [{"content": {"parts": list(parts)}}, *_]}:  # Gemini
            return _most(_part(part) for part in parts if isinstance(part, dict))
        case {"message": dict(message)}:  # Ollama
            return _message(message)
        case {"response": str(text)} if text:
            return "words"
        case {"thinking": str(text)} if text:
            return "thought"
    return ""


def _typed(kind: str, event: JsonObject) -> Delta:
    """An event of Anthropic or Responses."""
    match event:
        case {"delta": {"type": str(of_delta)}}:
            return _BY_DELTA.get(of_delta, "")
        case {"content_block": {"type": str(of_block)}}:
            return _BY_ITEM.get(of_block, "")
        case {"item": {"type": str(of_item)}} if kind == "response.output_item.added":
            return _BY_ITEM.get(of_item, "")
    return _BY_TYPE.get(kind, "")


def _most(found: Iterable[Delta]) -> Delta:
    said: set[str] = {*found}
    return "words" if "words" in said else "call" if "call" in said else _thought(said)


def _thought(said: set[str]) -> Delta:
    return "thought" if "thought" in said else ""


def _choice(choice: dict[str, Any]) -> Delta:
    if choice.get("text"):
        return "words"
    delta = choice.get("delta")
    return _message(delta) if isinstance(delta, dict) else ""


def _message(delta: dict[str, Any]) -> Delta:
    if delta.get("content"):
        return _content(delta["content"])
    if delta.get("refusal") or delta.get("audio") or delta.get("images"):
        return "words"
    if any(delta.get(name) for name in _CALLS):
        return "call"
    return "thought" if any(delta.get(name) for name in _THOUGHTS) else ""


def _content(content: Any) -> Delta:
    """A text; or parts, of which some models first send their reasoning."""
    match content:
        case [{"type": "thinking"}, *_]:
            return "thought"
    return "words"


def _part(part: dict[str, Any]) -> Delta:
    if part.get("functionCall"):
        return "call"
    if part.get("text"):
        return "thought" if part.get("thought") is True else "words"
    return "words" if part.get("inlineData") else ""
