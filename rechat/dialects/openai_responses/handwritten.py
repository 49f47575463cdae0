"""A hand-written answer as the Responses API would give it: the ids of its items and the whole
envelope that clients check.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from rechat.dialects.openai_responses.items import Said
from rechat.dialects.openai_responses.items import said_of
from rechat.dialects.openai_responses.items import write_items
from rechat.dialects.shared import asked_tokens
from rechat.dialects.shared import said_tokens
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Opaque
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Request
from rechat.values import Text
from rechat.values import jsontext

# Why an answer is not whole, by what Chat Completions says.
_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}
_OURS = ("model", "usage", "object", "system_fingerprint", "created")


def written(answer: Answer, request: Request) -> JsonObject:
    """The whole answer. Its ids follow from what it says, and to what: clients go on from them."""
    choice = answer.choices[0]
    numbers = count(1)
    said = [_with_call_id(item, numbers) for item in said_of(choice)]
    whole = f"{request.messages!r} {jsontext.dump(write_items(said))}"
    digest = hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()[:24]
    reason = _INCOMPLETE.get(str(choice.fields.get("finish_reason")))
    output = write_items(
        _with_id(item, f"{digest}_{number}") for number, item in enumerate(said, 1)
    )
    if reason and output:
        output[-1] = _cut(output[-1])
    return {
        "id": f"resp_{digest}",
        "object": "response",
        "created_at": 0,
        "status": "incomplete" if reason else "completed",
        "background": False,
        "completed_at": None if reason else 0,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": None,
        "max_output_tokens": None,
        "max_tool_calls": None,
        "model": answer.fields.get("model") or request.model or "rechat",
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "service_tier": "default",
        "store": True,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": _usage(answer, request),
        "user": None,
        "metadata": {},
    } | {key: value for key, value in answer.fields.items() if key not in _OURS}


def _with_call_id(said: Said, numbers: Iterator[int]) -> Said:
    """The call with its number among all calls, if it has no id."""
    match said:
        case Call() as call, fields:
            number = next(numbers)
            return replace(call, id=call.id or f"call_{number}"), fields
    return said


def _with_id(said: Said, name: str) -> Said:
    """The part with an id for its item, if it has none."""
    part, fields = said
    match part:
        case Opaque(dict() as value):
            return part, {"id": f"item_{name}", "status": "completed"} | value | fields
        case Text() | Refusal():
            return part, {"id": f"msg_{name}"} | fields
        case Reasoning():
            return part, {"id": f"rs_{name}"} | fields
        case Call(kind="custom"):
            return part, {"id": f"ctc_{name}"} | fields
        case Call():
            return part, {"id": f"fc_{name}"} | fields
    return part, {"id": f"ig_{name}"} | fields


def _cut(item: Json) -> Json:
    """The item in which an answer was cut short."""
    has_status = isinstance(item, dict) and "status" in item
    return item | {"status": "incomplete"} if isinstance(item, dict) and has_status else item


def _usage(answer: Answer, request: Request) -> JsonObject:
    """The tokens as written, in either API's words, else counted in pieces of about a token."""
    stated = answer.fields.get("usage")
    usage: JsonObject = dict(stated) if isinstance(stated, dict) else {}
    asked = usage.pop("prompt_tokens", usage.get("input_tokens", asked_tokens(request.messages)))
    said = usage.pop("completion_tokens", usage.get("output_tokens", said_tokens(answer)))
    of_asked = _details(usage.pop("prompt_tokens_details", None))
    of_said = _details(usage.pop("completion_tokens_details", None))
    total = asked + said if isinstance(asked, int) and isinstance(said, int) else 0
    return {
        "input_tokens": asked,
        "input_tokens_details": {
            "cached_tokens": of_asked.get("cached_tokens", 0),
            "cache_write_tokens": 0,
        },
        "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": of_said.get("reasoning_tokens", 0)},
        "total_tokens": total,
    } | usage


def _details(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
