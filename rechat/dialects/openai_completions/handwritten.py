"""A hand-written answer as a legacy completion: what a person leaves out is made up, complete and
the same each time.
"""

import hashlib
from dataclasses import replace

from rechat.dialects.shared import as_text
from rechat.dialects.shared import openai_wire
from rechat.values import Answer
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import jsontext

_OBJECT = "text_completion"
# How a text can end here; a call, which is not text, ends like any other.
_FINISH_REASONS = ("stop", "length", "content_filter")


def make_up(answer: Answer, request: Request) -> tuple[list[Json], JsonObject]:
    """The choices of a hand-written answer, and what surrounds them."""
    spread = _spread(answer, request)
    choices = [_choice(spread, index, request) for index in range(len(spread.choices))]
    return choices, _envelope(spread, request)


def _spread(answer: Answer, request: Request) -> Answer:
    """A hand-written answer with a choice for each prompt, `n` times: one choice says the same to
    all, `n` choices to each the same.
    """
    count, prompts = _count(request), len(request.messages)
    written = len(answer.choices)
    if prompts < 2 or written not in (1, count):
        return answer
    return replace(
        answer, choices=tuple(answer.choices[at % written] for at in range(count * prompts))
    )


def _count(request: Request) -> int:
    """How many choices are asked for each prompt."""
    count = request.settings.get("n")
    return count if isinstance(count, int) and count > 0 else 1


def _choice(answer: Answer, index: int, request: Request) -> Json:
    """A hand-written choice, with its prompt in front if that is asked for."""
    choice, at = answer.choices[index], index // _count(request)
    echoes = request.settings.get("echo") is True and at < len(request.messages)
    prompt = request.messages[at].text if echoes else ""
    fields = dict(choice.fields)
    reason, logprobs = fields.pop("finish_reason", None), fields.pop("logprobs", None)
    return {
        "text": prompt + as_text(choice.message),
        "index": index,
        "logprobs": logprobs if isinstance(logprobs, dict) and "tokens" in logprobs else None,
        "finish_reason": reason if reason in _FINISH_REASONS else "stop",
        **fields,
    }


def _envelope(answer: Answer, request: Request) -> JsonObject:
    """What surrounds the choices of a hand-written answer: complete, and the same each time."""
    text = jsontext.dump([as_text(choice.message) for choice in answer.choices])
    made: JsonObject = {
        "id": f"cmpl-{hashlib.sha256(text.encode()).hexdigest()[:24]}",
        "created": 0,
        "model": request.model or "rechat",
    }
    usage = openai_wire.usage_of(answer, request, answer.fields.get("usage"))
    return made | answer.fields | {"object": _OBJECT, "usage": usage}
