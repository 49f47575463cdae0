"""Gemini's answers to the model and back: the candidates, and the fields around them.

A recorded answer has a `responseId`, or says that it came `without` one; nothing is made up for it.
One in snake case says that it came `without` camel case.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from rechat.dialects.gemini.parts import join
from rechat.dialects.gemini.parts import read_said
from rechat.dialects.gemini.parts import write_said
from rechat.dialects.gemini.spelling import in_camel_case
from rechat.dialects.gemini.spelling import in_snake_case
from rechat.dialects.shared import used_tokens
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Request
from rechat.values import jsontext
from rechat.values import kind_of
from rechat.values import same

_ID, _ENDING = "responseId", "finishReason"
_TELLING = frozenset(
    {"candidates", "promptFeedback", "usageMetadata", "modelVersion", _ID, "error"}
)
# What an answer may lack as a whole, and a message that stands for no candidate at all.
_AROUND = ("candidates", _ID)
_CAMEL_CASE = "camelCase"
_NOBODY = Message("assistant", None, (), {}, ("candidate",))
# The words of Chat Completions, which have others here.
_FOREIGN = frozenset(
    {"id", "object", "created", "model", "usage", "system_fingerprint", "service_tier"}
)
_FOREIGN_TO_CHOICES = frozenset({"finish_reason", "logprobs"})
_REASONS = {
    "stop": "STOP",
    "tool_calls": "STOP",
    "function_call": "STOP",
    "length": "MAX_TOKENS",
    "content_filter": "SAFETY",
}


def is_answer(value: JsonObject) -> bool:
    """Whether a body is an answer: it has one of the fields that only an answer has."""
    return not _TELLING.isdisjoint(in_camel_case(value))


def readings(value: JsonObject) -> Iterator[Answer]:
    """What a whole body may be: an answer in the API's own spelling or in snake case; else, if it
    mixes them, one with fields that nobody reads. Raises `BodyError` if it has no readable
    candidates.
    """
    spelled = in_camel_case(value)
    if spelled != value:
        answer = readable(spelled)
        yield replace(answer, without=(*answer.without, _CAMEL_CASE))
    yield readable(value)


def readable(value: JsonObject) -> Answer:
    """The answer of a whole body. Raises `BodyError` if it has no readable candidates."""
    candidates = value.get("candidates", [])
    if not isinstance(candidates, list):
        raise BodyError(f"`candidates` is {kind_of(candidates)}")
    choices = [_read_candidate(candidate, place) for place, candidate in enumerate(candidates)]
    around = {key: item for key, item in value.items() if key != "candidates"}
    without = tuple(key for key in _AROUND if key not in value)
    return Answer(tuple(choices) or (Choice(_NOBODY),), around, without)


def _read_candidate(value: Json, place: int) -> Choice:
    content = value.get("content", {}) if isinstance(value, dict) else None
    parts = content.get("parts", []) if isinstance(content, dict) else None
    if not isinstance(value, dict) or not isinstance(content, dict) or not isinstance(parts, list):
        raise BodyError("a candidate has a content with parts")
    fields = {key: item for key, item in value.items() if key != "content"}
    index = fields.get("index")
    if index == place and not isinstance(index, bool):
        del fields["index"]
    of_message = {key: item for key, item in content.items() if key != "parts"}
    if of_message.get("role") == "model":
        del of_message["role"]
    body, said = _read_parts(parts)
    message = Message("assistant", body, said, of_message, _lacking(value, content))
    return Choice(message, fields)


def _lacking(candidate: JsonObject, content: JsonObject) -> tuple[str, ...]:
    """The usual keys that a candidate does not have."""
    inner = ("role", "parts") if "content" in candidate else ()
    return (
        *(key for key in ("content", "index") if key not in candidate),
        *(key for key in inner if key not in content),
    )


def _read_parts(parts: list[Json]) -> tuple[str | None, tuple[Part, ...]]:
    said = read_said(parts)
    return said if same(write_said(*said), parts) else (None, tuple(map(Opaque, parts)))


def is_recorded(answer: Answer) -> bool:
    """Whether the answer came over the wire."""
    return _ID in answer.fields or _ID in answer.without


def write(answer: Answer, request: Request) -> JsonObject:
    """The JSON of a whole answer; a hand-written one gets what surrounds it."""
    return recorded(answer) if is_recorded(answer) else _made(answer, request)


def recorded(answer: Answer) -> JsonObject:
    """The JSON that an answer was read from: nothing added."""
    whole = _recorded(answer)
    return in_snake_case(whole) if is_snake_case(answer) else whole


def is_snake_case(answer: Answer) -> bool:
    """Whether the answer came in snake case."""
    return _CAMEL_CASE in answer.without


def _recorded(answer: Answer) -> JsonObject:
    candidates: list[Json] = [
        _write_candidate(choice, place)
        for place, choice in enumerate(answer.choices)
        if choice.message != _NOBODY
    ]
    has_none = not candidates and "candidates" in answer.without
    return ({} if has_none else {"candidates": candidates}) | answer.fields


def _write_candidate(choice: Choice, place: int) -> JsonObject:
    message = choice.message
    said = write_said(message.body, message.parts)
    content = {"parts": said, "role": "model"} | message.fields
    ending = {key: item for key, item in choice.fields.items() if key == _ENDING}
    candidate = {"content": content} | ending | {"index": place} | choice.fields
    for key in message.without:
        if not said or key not in ("content", "parts"):  # a person may have added some
            (content if key in ("role", "parts") else candidate).pop(key, None)
    return candidate


def _made(answer: Answer, request: Request) -> JsonObject:
    """A hand-written answer: complete, and the same each time."""
    ending = {key: item for key, item in answer.fields.items() if key == _ENDING}
    candidates: list[Json] = [
        _make_candidate(choice, place) | ending for place, choice in enumerate(answer.choices)
    ]
    digest = hashlib.sha256(jsontext.dump(candidates).encode()).hexdigest()
    model = answer.fields.get("model")
    asked, said = used_tokens(answer, request)
    return {
        "candidates": candidates,
        "usageMetadata": {
            "promptTokenCount": asked,
            "candidatesTokenCount": said,
            "totalTokenCount": asked + said,
        },
        "modelVersion": model or request.model or "rechat",
        _ID: digest[:22],
        **{key: item for key, item in answer.fields.items() if key not in (*_FOREIGN, _ENDING)},
    }


def _make_candidate(choice: Choice, place: int) -> JsonObject:
    parts = join(write_said(choice.message.body, _numbered(choice.message.parts)))
    reason = choice.fields.get("finish_reason") or "stop"
    written: JsonObject = {
        "content": {"parts": parts, "role": "model"},
        _ENDING: _REASONS.get(str(reason), reason),
        "index": place,
    }
    native = {k: v for k, v in choice.fields.items() if k not in _FOREIGN_TO_CHOICES}
    return written | native


def _numbered(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, with a number as the id of each call that has none."""
    numbered: list[Part] = []
    number = 0
    for part in parts:
        if isinstance(part, Call):
            number += 1
            numbered.append(replace(part, id=part.id or f"call_{number}"))
        else:
            numbered.append(part)
    return tuple(numbered)
