"""Settings in the words of another API: from those of Chat Completions, in which every dialect
tells its own, to those of the API that is asked. What has no word there is named.
"""

from collections.abc import Callable
from typing import Any

from rechat.values import Json
from rechat.values import JsonObject

type Said = tuple[JsonObject, list[str]]
"""The settings, and the names of those that could not be said."""

# What does not change an answer, or is said apart.
_SILENT = frozenset(
    {
        *("model", "stream", "stream_options", "user", "metadata", "store", "service_tier"),
        *("safety_identifier", "client_metadata", "keep_alive", "include", "truncation"),
        *("prompt_cache_key", "prompt_cache_retention", "prompt_cache_options"),
        *("background", "max_tool_calls", "parallel_tool_calls", "cache_control"),
    }
)
# What each API also says in words of its own; the common word is the one that is translated.
_TOLD_TWICE = frozenset(
    {
        *("stop_sequences", "max_output_tokens", "reasoning", "text", "generationConfig"),
        *("generation_config", "toolConfig", "tool_config", "options", "format", "think"),
    }
)
_OPTIONS = ("temperature", "top_p", "top_k", "stop", "seed", "presence_penalty")
_GENERATION = {
    "temperature": "temperature",
    "top_p": "topP",
    "top_k": "topK",
    "max_tokens": "maxOutputTokens",
    "stop": "stopSequences",
    "seed": "seed",
    "presence_penalty": "presencePenalty",
    "frequency_penalty": "frequencyPenalty",
    "n": "candidateCount",
}
_MODES = {"auto": "AUTO", "required": "ANY", "none": "NONE"}
_DEFAULT_LIMIT = 4096


def settings_in(api: str, common: JsonObject) -> Said:
    """These settings of Chat Completions as an API has them."""
    given = {
        name: value
        for name, value in common.items()
        if name not in _SILENT and name not in _TOLD_TWICE and value not in (None, [], {})
    }
    limit = given.pop("max_completion_tokens", None)
    if limit is not None:
        given["max_tokens"] = limit
    return _WRITERS[api](given)


def _chat(given: JsonObject) -> Said:
    known = {
        *("temperature", "top_p", "max_tokens", "stop", "seed", "n", "tools", "tool_choice"),
        *("response_format", "presence_penalty", "frequency_penalty", "reasoning_effort"),
        *("logprobs", "top_logprobs", "logit_bias", "verbosity"),
    }
    settings = {name: value for name, value in given.items() if name in known}
    settings, lost = _with_tools(settings, lambda tool: tool)
    return settings, [name for name in given if name not in known] + lost


def _responses(given: JsonObject) -> Said:
    written: JsonObject = {}
    lost: list[str] = []
    for name, value in given.items():
        match name:
            case "temperature" | "top_p" | "top_logprobs" | "tools":
                written[name] = value
            case "max_tokens":
                written["max_output_tokens"] = value
            case "reasoning_effort":
                written["reasoning"] = {"effort": value}
            case "tool_choice":
                written["tool_choice"] = _flat_choice(value)
            case "response_format":
                written["text"] = {"format": _flat_format(value)}
            case _:
                lost.append(name)
    written, of_tools = _with_tools(written, _flat_tool)
    return written, lost + of_tools


def _flat_tool(tool: Any) -> Json:
    return {"type": tool["type"], **tool[tool["type"]]}


def _flat_choice(choice: Any) -> Json:
    match choice:
        case {"type": "function", "function": dict(inner)}:
            return {"type": "function", **inner}
        case {"type": "custom", "custom": dict(inner)}:
            return {"type": "custom", **inner}
    return choice  # type: ignore[no-any-return]


def _flat_format(wanted: Any) -> Json:
    match wanted:
        case {"type": "json_schema", "json_schema": dict(schema)}:
            return {"type": "json_schema", "name": "answer", **schema}
    return wanted  # type: ignore[no-any-return]


def _anthropic(given: JsonObject) -> Said:
    written: JsonObject = {"max_tokens": _DEFAULT_LIMIT}
    lost: list[str] = []
    for name, value in given.items():
        match name:
            case "temperature" | "top_p" | "top_k" | "max_tokens" | "tools":
                written[name] = value
            case "stop":
                written["stop_sequences"] = [value] if isinstance(value, str) else value
            case "tool_choice":
                written["tool_choice"] = _anthropic_choice(value)
            case _:
                lost.append(name)
    heat = written.get("temperature")
    if isinstance(heat, int | float) and heat > 1:
        written["temperature"] = 1
        lost.append("a temperature above 1")
    written, of_tools = _with_tools(written, _anthropic_tool)
    return written, lost + of_tools


def _anthropic_tool(tool: Any) -> Json:
    function = tool["function"]
    told = {"description": function["description"]} if "description" in function else {}
    schema = function.get("parameters") or {"type": "object", "properties": {}}
    return {"name": function["name"], **told, "input_schema": schema}


def _anthropic_choice(choice: Any) -> Json:
    match choice:
        case "required":
            return {"type": "any"}
        case "auto" | "none":
            return {"type": choice}
    return {"type": "tool", "name": _chosen(choice)}


def _chosen(choice: Any) -> str:
    match choice:
        case {"function": {"name": str(name)}} | {"name": str(name)}:
            return name
    return ""


def _gemini(given: JsonObject) -> Said:
    generation: JsonObject = {}
    written: JsonObject = {}
    lost: list[str] = []
    for name, value in given.items():
        match name:
            case "stop":
                generation["stopSequences"] = [value] if isinstance(value, str) else value
            case str() if name in _GENERATION:
                generation[_GENERATION[name]] = value
            case "reasoning_effort":
                generation["thinkingConfig"] = {"thinkingLevel": value}
            case "response_format":
                generation |= _gemini_format(value)
            case "tools":
                written["tools"] = value
            case "tool_choice":
                written["toolConfig"] = {"functionCallingConfig": _gemini_choice(value)}
            case _:
                lost.append(name)
    written, of_tools = _with_tools(written, _gemini_tool)
    if tools := written.get("tools"):
        written["tools"] = [{"functionDeclarations": tools}]
    if generation:
        written["generationConfig"] = generation
    return written, lost + of_tools


def _gemini_tool(tool: Any) -> Json:
    function = tool["function"]
    declared = {key: function[key] for key in ("name", "description") if key in function}
    if function.get("parameters"):
        declared["parametersJsonSchema"] = function["parameters"]
    return declared


def _gemini_choice(choice: Any) -> JsonObject:
    if isinstance(choice, str):
        return {"mode": _MODES.get(choice, "AUTO")}
    return {"mode": "ANY", "allowedFunctionNames": [_chosen(choice)]}


def _gemini_format(wanted: Any) -> JsonObject:
    match wanted:
        case {"type": "json_schema", "json_schema": {"schema": schema}}:
            return {"responseMimeType": "application/json", "responseJsonSchema": schema}
        case {"type": "json_object"}:
            return {"responseMimeType": "application/json"}
    return {}


def _ollama(given: JsonObject) -> Said:
    options: JsonObject = {}
    written: JsonObject = {}
    lost: list[str] = []
    for name, value in given.items():
        match name:
            case str() if name in _OPTIONS or name == "frequency_penalty":
                options[name] = value
            case "max_tokens":
                options["num_predict"] = value
            case "tools":
                written["tools"] = value
            case "reasoning_effort":
                written["think"] = value
            case "response_format":
                written |= _ollama_format(value)
            case _:
                lost.append(name)
    written, of_tools = _with_tools(written, lambda tool: tool)
    return written | ({"options": options} if options else {}), lost + of_tools


def _ollama_format(wanted: Any) -> JsonObject:
    match wanted:
        case {"type": "json_schema", "json_schema": {"schema": schema}}:
            return {"format": schema}
        case {"type": "json_object"}:
            return {"format": "json"}
    return {}


def _with_tools(settings: JsonObject, write: Callable[[Any], Json]) -> Said:
    """The settings with each function written so; the tools that a server runs itself are lost."""
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


_WRITERS: dict[str, Callable[[JsonObject], Said]] = {
    "openai.chat": _chat,
    "openai.responses": _responses,
    "anthropic.messages": _anthropic,
    "google.gemini": _gemini,
    "ollama.chat": _ollama,
}

SPOKEN = frozenset(_WRITERS)
"""The APIs into which questions of others are translated."""
