"""What a model says in the Responses API: a list of items, to the parts of a message. How they are
told apart stands in `responses_items`.
"""

from typing import Any

from rechat.dialects.openai_responses.items import CONTENT
from rechat.dialects.openai_responses.items import ITEMS
from rechat.dialects.openai_responses.items import NAMED
from rechat.dialects.openai_responses.items import NO_TEXT
from rechat.dialects.openai_responses.items import OF_CALL
from rechat.dialects.openai_responses.items import OF_MESSAGE
from rechat.dialects.openai_responses.items import OF_TEXT
from rechat.dialects.openai_responses.items import SUMMARY
from rechat.dialects.openai_responses.items import Said
from rechat.dialects.openai_responses.items import others
from rechat.dialects.openai_responses.items import write_items
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Text
from rechat.values import same


def read_output(items: list[Json]) -> Choice:
    """The choice that the items of an answer are."""
    return choice_of([said for item in items for said in _exact(item)])


def _exact(item: Json) -> list[Said]:
    """The parts of an item, if they come back the same; else it is opaque."""
    said = read_item(item)
    return said if said and same(write_items(said), [item]) else [opaque(item)]


def opaque(item: Json) -> Said:
    """An item without readable form. Its id and status stand apart, unless they are all it has."""
    if not isinstance(item, dict) or not item.keys() - {"type", "id", "status"}:
        return Opaque(item), {}
    apart: JsonObject = {key: item[key] for key in ("id", "status") if key in item}
    return Opaque(others(item, *apart)), apart


def choice_of(said: list[Said]) -> Choice:
    """The choice of parts and fields. A text is the body if it is the first and only calls come
    after it.
    """
    apart: list[Json] = [fields for part, fields in said if isinstance(part, Refusal | Opaque)]
    listed: JsonObject = {ITEMS: apart} if any(apart) else {}
    match said:
        case [(Text(text), fields), *rest] if all(isinstance(part, Call) for part, _ in rest):
            return Choice(
                Message("assistant", text, tuple(map(with_fields, rest))), fields | listed
            )
    return Choice(Message("assistant", None, tuple(map(with_fields, said))), listed)


def with_fields(said: Said) -> Part:
    """The part with the fields of its item, if it can hold them."""
    match said:
        case Text(text), fields:
            return Text(text, fields)
        case Reasoning(text, name), fields:
            return Reasoning(text, name, fields)
        case Call(name, call_id, arguments, kind), fields:
            return Call(name, call_id, arguments, kind, fields)
        case part, _:
            return part


def read_item(item: Any) -> list[Said]:
    """The parts of an item and their fields; none if it has no readable form, or a field with a
    name of ours.
    """
    match item:
        case {"without": _}:
            return []
        case {"type": "message", "content": list(content)}:
            return _read_message(item, content)
        case {"type": "reasoning"}:
            return _read_reasoning(item)
        case {
            "type": "function_call",
            "name": str(name),
            "call_id": str(call_id),
            "arguments": str(text),
        }:
            return _read_call(item, Call(name, call_id, text))
        case {
            "type": "custom_tool_call",
            "name": str(name),
            "call_id": str(call_id),
            "input": str(text),
        }:
            return _read_call(item, Call(name, call_id, text, "custom"))
    return []


def _read_message(item: JsonObject, content: list[Any]) -> list[Said]:
    unusual = _unusual(others(item, "type", "content"), OF_MESSAGE)
    fields = {key: unusual[key] for key in (*NAMED, "without") if key in unusual}
    if unknown := others(unusual, *NAMED, "without"):
        fields["item"] = unknown
    said: list[Said] = []
    for part in content:
        match part:
            case {"without": _}:
                return []
            case {"type": "output_text", "text": str(text)}:
                own = _unusual(others(part, "type", "text"), OF_TEXT)
                said.append((Text(text), _merged(own, fields)))
            case {"type": "refusal", "refusal": str(text)}:
                said.append((Refusal(text), _merged(others(part, "type", "refusal"), fields)))
            case _:
                return []
        fields = {key: item[key] for key in ("id",) if key in item}
    return said


def _merged(own: JsonObject, fields: JsonObject) -> JsonObject:
    """The fields of a message and of a text in it."""
    without = [*fields.get("without", []), *own.get("without", [])]
    return fields | own | ({"without": without} if without else {})


def _read_reasoning(item: JsonObject) -> list[Said]:
    texts = [(SUMMARY, text) for text in _texts(item.get(SUMMARY), "summary_text")]
    inner = [(CONTENT, text) for text in _texts(item.get(CONTENT), "reasoning_text")]
    fields = others(item, "type", SUMMARY, *([CONTENT] if inner else []))
    if SUMMARY not in item:
        fields["without"] = [SUMMARY]
    said: list[Said] = []
    for name, text in [*texts, *inner] or [(NO_TEXT, "")]:
        said.append((Reasoning(text, name), fields))
        fields = {key: item[key] for key in ("id",) if key in item}
    return said


def _texts(listed: Any, kind: str) -> list[str]:
    """The texts of a list; none if one of them is more than a text."""
    texts: list[str] = []
    for part in listed if isinstance(listed, list) else []:
        match part:
            case {"type": found, "text": str(text)} if found == kind and len(part) == 2:
                texts.append(text)
            case _:
                return []
    return texts


def _read_call(item: JsonObject, call: Call) -> list[Said]:
    known = ("type", "name", "call_id", "arguments" if call.kind == "function" else "input")
    return [(call, _unusual(others(item, *known), OF_CALL))] if call.name and call.id else []


def _unusual(fields: JsonObject, usual: JsonObject) -> JsonObject:
    """The fields that do not have the usual value, and under `without` the names of those that are
    missing.
    """
    kept = {
        key: value
        for key, value in fields.items()
        if key not in usual or not same(value, usual[key])
    }
    missing: list[Json] = [key for key in usual if key not in fields]
    return kept | ({"without": missing} if missing else {})
