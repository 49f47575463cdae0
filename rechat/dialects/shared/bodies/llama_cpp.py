"""What llama.cpp's server says at its own endpoints (`/completion`, `/infill`, and `/completions`
of older ones): a text and, beside it, how it was made. In a stream each event has a piece of the
text, and the one that says `stop` has the rest; the answers to several prompts come side by side.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from rechat.dialects.shared.fold import Table
from rechat.dialects.shared.fold import index_of
from rechat.dialects.shared.fold import join
from rechat.dialects.shared.tokens import tokens
from rechat.values import Json
from rechat.values import JsonObject

_CONTENT, _STOP = "content", "stop"
# What comes in pieces beside the text.
_LISTS = ("tokens", "completion_probabilities", "probs")
_WHOLE = Table(dict.fromkeys((_CONTENT, *_LISTS), join))
# What every piece says too.
_OF_ALL = ("index", "id_slot", "slot_id", "multimodal", "tokens_predicted", "tokens_evaluated")


def is_native(value: Json) -> bool:
    """Whether this is an answer of that form, or a piece of one."""
    return (
        isinstance(value, dict)
        and isinstance(value.get(_CONTENT), str)
        and isinstance(value.get(_STOP), bool)
    )


def put_together(events: Sequence[JsonObject]) -> Json:
    """The answer that the events add up to, or one for each prompt; None if they were truncated or
    are of another form.
    """
    found: dict[int, list[JsonObject]] = {}
    for event in events:
        if not is_native(event):
            return None
        found.setdefault(index_of(event) or 0, []).append(event)
    wholes = [_WHOLE.fold(found[index]) for index in sorted(found)]
    if not wholes or not all(whole[_STOP] for whole in wholes):
        return None
    return wholes[0] if len(wholes) == 1 else list[Json](wholes)


def events_of(answer: Json) -> list[JsonObject] | None:
    """The events that stream an answer, or one for each prompt; None if it is of another form."""
    wholes: list[Any] = answer if isinstance(answer, list) else [answer]
    if not wholes or not all(map(is_native, wholes)):
        return None
    return [event for whole in wholes for event in _events(whole)]


def _events(whole: JsonObject) -> Iterator[JsonObject]:
    around = {key: whole[key] for key in _OF_ALL if key in whole}
    listed = {key: whole[key] for key in _LISTS if isinstance(whole.get(key), list)}
    pieces = tokens(whole[_CONTENT])
    for piece in pieces:
        yield around | {_CONTENT: piece, _STOP: False} | listed
        listed = {key: [] for key in listed}
    yield whole | {_CONTENT: ""} | listed
