"""What surrounds a conversation in Ollama's APIs: the settings of a request, and the fields around
an answer.
"""

from rechat.dialects.shared import used_tokens
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Request

# Options that Chat Completions has too, under the same name.
_SHARED_OPTIONS = (
    "temperature", "top_p", "stop", "seed", "presence_penalty", "frequency_penalty",
)  # fmt: skip
# Clients send these empty, which says no more than leaving them out.
_OPTIONAL = ("tools", "options", "format")
# What only an answer that came over the wire has.
_RECORDED = frozenset({"created_at", "done", "error"})
# The envelope of Chat Completions, which has no place here.
_FOREIGN = frozenset({"id", "object", "created", "system_fingerprint", "service_tier", "usage"})
_DONE_REASONS = {"tool_calls": "stop", "function_call": "stop", "content_filter": "stop"}

_NEVER = "1970-01-01T00:00:00Z"
_TOKEN_TIME = 10_000_000
"""Nanoseconds: a hundred tokens a second. Clients divide by the durations, so they are not 0."""


def settings_of(asked: JsonObject, *taken: str) -> JsonObject:
    """The fields of a request that are settings: all but those that became messages."""
    return {
        key: value
        for key, value in asked.items()
        if key not in taken and key != "stream" and not (key in _OPTIONAL and not value)
    }


def common_of(settings: JsonObject) -> JsonObject:
    """The settings, and again in the words of Chat Completions where they say the same."""
    common = dict(settings)
    options = settings.get("options")
    if isinstance(options, dict):
        common |= {key: options[key] for key in _SHARED_OPTIONS if key in options}
        limit = options.get("num_predict")
        if isinstance(limit, int) and limit > 0:  # negative: no limit
            common["max_tokens"] = limit
    match settings.get("format"):
        case "json":
            common["response_format"] = {"type": "json_object"}
        case dict(schema):
            common["response_format"] = {"type": "json_schema", "json_schema": {"schema": schema}}
    if isinstance(effort := settings.get("think"), str):
        common["reasoning_effort"] = effort
    return common


def is_recorded(answer: Answer) -> bool:
    """Whether the answer came over the wire: nothing is made up for it."""
    return not _RECORDED.isdisjoint(answer.fields)


def read_answer(value: JsonObject, message: Message, *said: str) -> Answer:
    """The answer with this message; the fields of `said` are in the message."""
    around = {key: item for key, item in value.items() if key not in said}
    ending: JsonObject = {}
    if "done_reason" in around and "finish_reason" not in around:
        ending["finish_reason"] = around.pop("done_reason")
    if "logprobs" in around:
        ending["logprobs"] = around.pop("logprobs")
    return Answer((Choice(message, ending),), around)


def write_answer(answer: Answer, said: JsonObject, request: Request) -> JsonObject:
    """The JSON of a whole answer: what was said, and what surrounds it."""
    around = _recorded(answer) if is_recorded(answer) else _made(answer, request)
    head = {key: around[key] for key in ("model", "created_at") if key in around}
    return head | said | around


def _recorded(answer: Answer) -> JsonObject:
    ending = answer.choices[0].fields
    return answer.fields | {
        "done_reason" if key == "finish_reason" else key: value for key, value in ending.items()
    }


def timed(asked: int) -> JsonObject:
    """How long the inputs of embeddings took, and how many tokens they have."""
    durations: JsonObject = {
        "total_duration": (asked + 1) * _TOKEN_TIME,
        "load_duration": _TOKEN_TIME,
    }
    return durations | {"prompt_eval_count": asked}


def _made(answer: Answer, request: Request) -> JsonObject:
    """What surrounds a hand-written answer: complete, and the same each time."""
    ending, written = answer.choices[0].fields, answer.fields
    reason = ending.get("finish_reason") or "stop"
    asked, said = used_tokens(answer, request)
    logprobs = ending.get("logprobs")
    times = {"load": 1, "prompt_eval": max(asked, 1), "eval": max(said, 1)}
    durations = {f"{key}_duration": count * _TOKEN_TIME for key, count in times.items()}
    return {
        "model": request.model or "rechat",
        "created_at": _NEVER,
        **({"logprobs": logprobs} if isinstance(logprobs, list) else {}),
        "done": True,
        "done_reason": _DONE_REASONS.get(str(reason), reason),
        "total_duration": sum(durations.values()),
        "load_duration": durations["load_duration"],
        "prompt_eval_count": asked,
        "prompt_eval_duration": durations["prompt_eval_duration"],
        "eval_count": said,
        "eval_duration": durations["eval_duration"],
        **{key: value for key, value in written.items() if key not in _FOREIGN},
    }
