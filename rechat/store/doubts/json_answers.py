"""Answers that are not the JSON that their request asks for: clients parse them."""

import re
from collections.abc import Iterator

from rechat.format import json_remedy
from rechat.store.doubts.conversations import Doubt
from rechat.store.doubts.conversations import is_recorded
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Refusal
from rechat.values import Reply
from rechat.values import Section
from rechat.values import jsontext
from rechat.values import kind_of

_HOLE = re.compile(r"\{\{\w{1,60}\}\}")
# Ends that leave an answer incomplete.
_CUT = ("length", "max_tokens", "MAX_TOKENS", "content_filter")
_TYPES = ("json_object", "json_schema")


def doubts_about_json(section: Section) -> Iterator[Doubt]:
    """The line of an answer, why a client cannot parse it and how to write it."""
    asks = _asks_for(section.settings)
    if not asks:
        return
    for entry in section.entries:
        match entry:
            case Reply(Answer(choices) as answer, line=line) if not is_recorded(answer):
                for choice in choices:
                    if words := _doubt(choice, *asks):
                        yield line, words


def _asks_for(settings: JsonObject) -> tuple[str, JsonObject] | None:
    """The name of the setting that asks for JSON, and the schema in it; None if none does."""
    match settings:
        case {"response_format": {"type": str(kind)} as asked} if kind in _TYPES:
            return "response_format", _schema(asked)
        case {"text": {"format": {"type": str(kind)} as asked}} if kind in _TYPES:
            return "text.format", _schema(asked)
        case {"output_format": {"type": "json_schema"} as asked}:
            return "output_format", _schema(asked)
        case {"output_config": {"format": {"type": "json_schema"} as asked}}:
            return "output_config.format", _schema(asked)
        case {"format": "json"}:
            return "format", {}
        case {"format": {"type": "object"} as schema}:
            return "format", schema
        case {"generationConfig": {"responseMimeType": "application/json"} as asked}:
            found = asked.get("responseJsonSchema", asked.get("responseSchema"))
            return "responseMimeType", found if isinstance(found, dict) else {}
    return None


def _schema(asked: JsonObject) -> JsonObject:
    match asked:
        case {"json_schema": {"schema": dict(schema)}} | {"schema": dict(schema)}:
            return schema
    return {}


def _doubt(choice: Choice, name: str, schema: JsonObject) -> str:
    message = choice.message
    is_other = any(isinstance(part, Call | Refusal) for part in message.parts)
    text = message.whole_text
    if is_other or not text or choice.fields.get("finish_reason") in _CUT:
        return ""
    try:
        found = jsontext.parse(_HOLE.sub("0", text))
    except JsonError as error:
        remedy = json_remedy(text)
        if text.lstrip().startswith("```"):
            remedy = " (take out the lines of the fence: clients parse the whole text)"
        return f"this text is no JSON, and `{name}` asks for it: {error}{remedy}"
    return _doubt_about(found, name, schema)


def _doubt_about(found: Json, name: str, schema: JsonObject) -> str:
    is_object = name == "response_format" or schema.get("type") in ("object", "OBJECT")
    if is_object and not isinstance(found, dict):
        return f'`{name}` asks for an object, such as {{"name": 1}}; this is {kind_of(found)}'
    required = schema.get("required")
    if isinstance(found, dict) and isinstance(required, list):
        lacking = [str(key) for key in required if key not in found]
        if lacking:
            return f"this JSON lacks `{'`, `'.join(lacking)}`, which the schema requires"
    return ""
