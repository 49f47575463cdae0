"""Converts an API's own groups of settings (`generationConfig`, `options`, `output_config`, …) to
the terms of Chat Completions where it has them, and names the rest.
"""

import re
from typing import Any

from rechat.values import Json
from rechat.values import JsonObject

# The fields of these groups that are read as settings of Chat Completions, or change no answer.
_KNOWN: dict[str, frozenset[str]] = {
    "generationConfig": frozenset(
        {
            *("temperature", "topP", "topK", "maxOutputTokens", "stopSequences", "seed"),
            *("presencePenalty", "frequencyPenalty", "candidateCount", "responseLogprobs"),
            *("logprobs", "responseMimeType", "responseSchema", "responseJsonSchema"),
            "thinkingConfig",
        }
    ),
    "options": frozenset(
        {
            *("temperature", "top_p", "top_k", "stop", "seed", "presence_penalty"),
            *("frequency_penalty", "num_predict", "num_gpu", "num_thread", "use_mmap", "main_gpu"),
        }
    ),
    "reasoning": frozenset({"effort", "summary", "generate_summary"}),
    "text": frozenset({"format", "verbosity"}),
    "output_config": frozenset({"format", "effort"}),
    "thinkingConfig": frozenset({"thinkingLevel", "includeThoughts"}),
}
_SNAKE = ("generation_config", "tool_config")
_EMPTY: tuple[Json, ...] = (None, [], {}, "")


def from_own_words(settings: JsonObject, common: JsonObject) -> tuple[JsonObject, list[str]]:
    """The `common` settings, completed with those that only the recorded ones have, and the names
    of those without a common term.
    """
    spelled = {_camel(name) if name in _SNAKE else name: one for name, one in settings.items()}
    if isinstance(generation := spelled.get("generationConfig"), dict):
        spelled["generationConfig"] = {_camel(name): one for name, one in generation.items()}
    unsaid = [told for name, group in spelled.items() for told in _rest(name, group)]
    found = common | _unconverted(spelled)
    if spelled.get("toolConfig") and "tool_choice" not in found:
        unsaid.append("toolConfig")
    if "think" in spelled and "reasoning_effort" not in found:
        unsaid.append("think")
    return {name: one for name, one in found.items() if name != "output_config"}, unsaid


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def _rest(name: str, group: Json) -> list[str]:
    """The fields of a group that have no common term."""
    if name not in _KNOWN or not isinstance(group, dict):
        return []
    told = [
        f"{name}.{inner}"
        for inner, value in group.items()
        if inner not in _KNOWN[name] and value not in _EMPTY
    ]
    if isinstance(thinking := group.get("thinkingConfig"), dict):
        inner = {_camel(key): value for key, value in thinking.items()}
        told += _rest("thinkingConfig", inner)
    return told


def _unconverted(settings: Any) -> JsonObject:
    """Settings that the dialects do not convert to common terms, as they would."""
    found: JsonObject = {}
    match settings.get("tool_choice"):
        case {"disable_parallel_tool_use": True}:
            found["parallel_tool_calls"] = False
    match settings.get("output_config"):
        case {"effort": str(effort)}:
            found["reasoning_effort"] = effort
    match settings.get("output_config"):
        case {"format": {"type": "json_schema", "schema": dict(schema)}}:
            found["response_format"] = {"type": "json_schema", "json_schema": {"schema": schema}}
    match settings.get("generationConfig"):
        case {"topK": int() | float() as most}:
            found["top_k"] = most
    match settings.get("options"):
        case {"top_k": int() | float() as most}:
            found["top_k"] = most
    match settings.get("toolConfig"):
        case {
            "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": [_, _, *_] as names}
        }:
            tools = [{"type": "function", "function": {"name": str(name)}} for name in names]
            inner = {"mode": "required", "tools": tools}
            found["tool_choice"] = {"type": "allowed_tools", "allowed_tools": inner}
    return found
