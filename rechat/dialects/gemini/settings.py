"""Gemini's settings in the words of Chat Completions, for transcripts that answer every API.

Only what says the same is said again; the wire's own settings stay beside it. Proto's JSON allows
`generation_config` for `generationConfig`, so both are understood.
"""

from collections.abc import Iterator

from rechat.dialects.gemini.spelling import camel_keys
from rechat.values import Json
from rechat.values import JsonObject

# Chat's name of each setting under `generationConfig`.
_GENERATION = {
    "temperature": "temperature",
    "topP": "top_p",
    "maxOutputTokens": "max_tokens",
    "stopSequences": "stop",
    "seed": "seed",
    "presencePenalty": "presence_penalty",
    "frequencyPenalty": "frequency_penalty",
    "candidateCount": "n",
    "responseLogprobs": "logprobs",
    "logprobs": "top_logprobs",
}
_TOOL_MODES = {"AUTO": "auto", "ANY": "required", "NONE": "none"}
_EFFORTS = ("minimal", "low", "medium", "high")
# Where JSON schemas stand in a schema: under one key, under each key of an object, in a list.
_SCHEMA_AT = ("items", "additionalProperties", "additional_properties", "not")
_SCHEMAS_AT = ("properties", "$defs", "defs", "definitions")
_SCHEMA_LISTS = ("anyOf", "any_of", "oneOf", "allOf", "prefixItems", "prefix_items")


def common_of(settings: JsonObject) -> JsonObject:
    """The settings, and again in the words of Chat Completions."""
    spelled = camel_keys(settings)
    generation = camel_keys(spelled.get("generationConfig"))
    common: JsonObject = {
        theirs: generation[ours] for ours, theirs in _GENERATION.items() if ours in generation
    }
    effort = str(camel_keys(generation.get("thinkingConfig")).get("thinkingLevel")).lower()
    if effort in _EFFORTS:
        common["reasoning_effort"] = effort
    found = {
        "tools": _tools(spelled.get("tools")),
        "tool_choice": _tool_choice(camel_keys(spelled.get("toolConfig"))),
        "response_format": _response_format(generation),
    }
    return settings | common | {key: value for key, value in found.items() if value}


def _tools(tools: Json) -> list[Json]:
    """The functions as chat has them, and all other tools as they are; none without functions."""
    listed = tools if isinstance(tools, list) else [tools]
    written: list[Json] = []
    has_functions = False
    for tool in listed:
        found = list(_functions(tool)) if isinstance(tool, dict) else []
        has_functions |= any(item.get("type") == "function" for item in found)
        written += found
    return written if has_functions else []


def _functions(tool: JsonObject) -> Iterator[JsonObject]:
    spelled = camel_keys(tool)
    declared = spelled.pop("functionDeclarations", [])
    for declaration in declared if isinstance(declared, list) else []:
        yield {"type": "function", "function": _function(camel_keys(declaration))}
    if spelled:
        yield spelled


def _function(declaration: JsonObject) -> JsonObject:
    function: JsonObject = {
        key: declaration[key] for key in ("name", "description") if key in declaration
    }
    for key in ("parametersJsonSchema", "parameters"):
        if key in declaration:
            function["parameters"] = _schema(declaration[key])
    return function


def _schema(schema: Json) -> Json:
    """A schema with the types of JSON Schema: `OBJECT` is `object`."""
    if not isinstance(schema, dict):
        return schema
    return {key: _keyword(key, value) for key, value in schema.items()}


def _keyword(key: str, value: Json) -> Json:
    match value:
        case str() if key == "type":
            return value.lower()
        case dict() if key in _SCHEMA_AT:
            return _schema(value)
        case dict() if key in _SCHEMAS_AT:
            return {name: _schema(inner) for name, inner in value.items()}
        case list() if key in _SCHEMA_LISTS:
            return [_schema(inner) for inner in value]
    return value


def _tool_choice(config: JsonObject) -> Json:
    calling = camel_keys(config.get("functionCallingConfig"))
    mode = _TOOL_MODES.get(str(calling.get("mode", "")).upper())
    match mode, calling.get("allowedFunctionNames") or []:
        case _, []:
            return mode
        case "required", [str(name)]:
            return {"type": "function", "function": {"name": name}}
    return None


def _response_format(generation: JsonObject) -> Json:
    if generation.get("responseMimeType") != "application/json":
        return None
    names = ("responseSchema", "responseJsonSchema", "ResponseJsonSchema")
    schema = next((generation[name] for name in names if name in generation), None)
    if schema is None:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"schema": _schema(schema)}}
