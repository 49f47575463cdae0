"""Converts settings to another API: from those of Chat Completions, to which every dialect converts
its own, to those of the target's API. What it cannot express is named.
"""

from collections.abc import Callable
from typing import Any

from rechat.resend.asking.choices import choice_of
from rechat.resend.asking.choices import in_anthropic
from rechat.resend.asking.choices import in_chat
from rechat.resend.asking.choices import in_gemini
from rechat.resend.asking.choices import in_responses
from rechat.resend.asking.tools import anthropic_tool
from rechat.resend.asking.tools import gemini_tool
from rechat.resend.asking.tools import ollama_tool
from rechat.resend.asking.tools import responses_tool
from rechat.resend.asking.tools import strict_tools
from rechat.resend.asking.tools import with_tools
from rechat.values import Json
from rechat.values import JsonObject

type Said = tuple[JsonObject, list[str]]
"""The settings, and the names of those that could not be said."""

# Settings that change no answer, or are handled separately.
_SILENT = frozenset(
    {
        *("model", "stream", "stream_options", "user", "metadata", "store", "service_tier"),
        *("safety_identifier", "client_metadata", "keep_alive", "include", "truncation"),
        *("prompt_cache_key", "prompt_cache_retention", "prompt_cache_options"),
        *("background", "max_tool_calls", "cache_control"),
    }
)
# Settings that each API also has in its own form; the common form is the one that is converted.
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
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_DEFAULT_LIMIT = 4096


def settings_in(api: str, common: JsonObject) -> Said:
    """These Chat Completions settings in the format of an API."""
    given = {
        name: value
        for name, value in common.items()
        if name not in _SILENT and name not in _TOLD_TWICE and value not in (None, [], {})
    }
    limit = given.pop("max_completion_tokens", None)
    if limit is not None:
        given["max_tokens"] = limit
    if given.get("parallel_tool_calls") is True or not given.get("tools"):
        given.pop("parallel_tool_calls", None)  # calls may be parallel by default
    return _WRITERS[api](given)


def _chat(given: JsonObject) -> Said:
    known = {
        *("temperature", "top_p", "max_tokens", "stop", "seed", "n", "tools", "tool_choice"),
        *("response_format", "presence_penalty", "frequency_penalty", "reasoning_effort"),
        *("logprobs", "top_logprobs", "logit_bias", "verbosity"),
        "parallel_tool_calls",
    }
    settings = {name: value for name, value in given.items() if name in known}
    match settings.get("response_format"):
        case {"type": "json_schema", "json_schema": dict(schema)}:
            named = {"type": "json_schema", "json_schema": {"name": "answer", **schema}}
            settings["response_format"] = named
    if choice := choice_of(settings.get("tool_choice")):
        settings["tool_choice"] = in_chat(choice)
    settings, lost = with_tools(settings, lambda tool: tool)
    return settings, [name for name in given if name not in known] + lost


def _responses(given: JsonObject) -> Said:
    written: JsonObject = {}
    lost: list[str] = []
    for name, value in given.items():
        match name:
            case "temperature" | "top_p" | "top_logprobs" | "tools" | "parallel_tool_calls":
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
    written, of_tools = with_tools(written, responses_tool)
    return written, lost + of_tools


def _flat_choice(choice: Any) -> Json:
    if found := choice_of(choice):
        return in_responses(found)
    match choice:
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
    output: JsonObject = {}
    lost: list[str] = []
    for name, value in given.items():
        match name:
            case "temperature" | "top_p" | "top_k" | "max_tokens" | "tools":
                written[name] = value
            case "stop":
                written["stop_sequences"] = [value] if isinstance(value, str) else value
            case "response_format" if schema := _schema_of(value):
                output["format"] = {"type": "json_schema", "schema": schema}
            case "reasoning_effort" if value in _EFFORTS:
                output["effort"] = value
            case "tool_choice" if choice := choice_of(value):
                written["tool_choice"], more = in_anthropic(choice)
                lost += more
            case "parallel_tool_calls":
                pass  # part of the tool choice
            case _:
                lost.append(name)
    if output:
        written["output_config"] = output
    if given.get("parallel_tool_calls") is False:
        written["tool_choice"] = _one_at_a_time(written.get("tool_choice"))
    heat = written.get("temperature")
    if isinstance(heat, int | float) and heat > 1:
        written["temperature"] = 1
        lost.append("a temperature above 1")
    written, of_tools = with_tools(written, anthropic_tool)
    return written, lost + of_tools


def _one_at_a_time(choice: Any) -> Json:
    """The tool choice with at most one call in an answer."""
    told: JsonObject = choice or {"type": "auto"}
    return told if told["type"] == "none" else told | {"disable_parallel_tool_use": True}


def _schema_of(wanted: Any) -> Json:
    match wanted:
        case {"type": "json_schema", "json_schema": {"schema": dict(schema)}}:
            return schema
    return None


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
            case "tool_choice" if choice := choice_of(value):
                config, more = in_gemini(choice)
                written["toolConfig"] = {"functionCallingConfig": config}
                lost += more
            case _:
                lost.append(name)
    lost += strict_tools(given)
    written, of_tools = with_tools(written, gemini_tool)
    if tools := written.get("tools"):
        written["tools"] = [{"functionDeclarations": tools}]
    if generation:
        written["generationConfig"] = generation
    return written, lost + of_tools


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
            case "tool_choice" if value == "auto":
                pass  # the default there
            case _:
                lost.append(name)
    lost += strict_tools(given)
    written, of_tools = with_tools(written, ollama_tool)
    return written | ({"options": options} if options else {}), lost + of_tools


def _ollama_format(wanted: Any) -> JsonObject:
    match wanted:
        case {"type": "json_schema", "json_schema": {"schema": schema}}:
            return {"format": schema}
        case {"type": "json_object"}:
            return {"format": "json"}
    return {}


_WRITERS: dict[str, Callable[[JsonObject], Said]] = {
    "openai.chat": _chat,
    "openai.responses": _responses,
    "anthropic.messages": _anthropic,
    "google.gemini": _gemini,
    "ollama.chat": _ollama,
}

SPOKEN = frozenset(_WRITERS)
"""The APIs into which questions of others are translated."""
