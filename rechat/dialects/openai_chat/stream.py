"""Streams of Chat Completions: the chunks of one put together.

It follows what the SDKs' accumulators do, with the differences that real servers call for:

1. Texts (`content`, `refusal`, `reasoning…`, `arguments`) and lists of tokens are joined; any other
   value replaces the one before it, and null never does. Groq repeats `channel` with every chunk:
   joined it would read `analysisanalysis…`.
2. Any other list goes on with the one before, unless it says that again. What only says
   something with its chunk (`EACH`) is a list of all that was said.
3. The first `id`, `created` and `model` that say something stay: Azure's first chunk has empty
   ones.
4. Calls are told apart by `index`, else by `id`.
5. `obfuscation` is padding and dropped.

`chunks` takes an answer apart; put together again, it is the same.
"""

import base64
from collections.abc import Iterable, Sequence
from itertools import chain
from itertools import groupby
from itertools import pairwise
from itertools import starmap

from rechat.dialects.openai_chat import executed
from rechat.dialects.openai_chat import filters
from rechat.dialects.openai_chat import thinking
from rechat.dialects.openai_chat.messages import REASONING_FIELDS
from rechat.dialects.shared import Rows
from rechat.dialects.shared import Table
from rechat.dialects.shared import each
from rechat.dialects.shared import first
from rechat.dialects.shared import go_on
from rechat.dialects.shared import grow
from rechat.dialects.shared import index_of
from rechat.dialects.shared import join
from rechat.dialects.shared import last
from rechat.dialects.shared import last_said
from rechat.dialects.shared import openai_wire
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext

CHUNK = "chat.completion.chunk"

EACH = ("token_id", "citation")
"""What is said of a piece of the text: Together's number of a token, LiteLLM's citations."""

TEXTS = ("content", "refusal", "arguments", "input", "data", "transcript", *REASONING_FIELDS)
"""The texts that come in pieces."""


def _nested(column: Sequence[Json]) -> Json:
    """A field that no table names: objects field by field, as deep as they go; lists go on."""
    return go_on(column) if isinstance(last(column), list) else _VALUE(column)


def _text(column: Sequence[Json]) -> Json:
    """A text in pieces, or an object with one."""
    return _VALUE(column) if isinstance(last(column), dict) else join(column)


_VALUE = Table(
    {
        **dict.fromkeys(TEXTS, _text),
        **dict.fromkeys(("token_ids", "annotations", "images"), grow),
        **dict.fromkeys(EACH, each),
        thinking.BLOCKS: Rows(thinking.BLOCK, thinking.blocks_of),
    },
    other=_nested,
)


def _name(column: Sequence[Json]) -> Json:
    """The name of a function: whole, in pieces, or said again with every piece."""
    name = ""
    for piece in column:
        if isinstance(piece, str):
            name = piece if piece.startswith(name) else name + piece
    return name


_FUNCTION = Table({**_VALUE.rules, "name": _name}, other=_nested)
_CALL = Table(
    {**_VALUE.rules, "id": first, "type": first, "function": _FUNCTION, "custom": _FUNCTION},
    other=_nested,
)
_DETAIL = Table(dict.fromkeys(("text", "summary", "data"), join))


def _calls(lists: Iterable[list[Json]]) -> Iterable[list[Json]]:
    """The pieces of each call: of one index, else of one id, else of one place among several, else
    those that follow a name. Some servers number all calls 0; there a new id and a name begin the
    next one.
    """
    calls = _Calls()
    for listed in lists:
        calls.take(listed)
    return calls.found


class _Calls:
    """The pieces of each call that has begun, by its key, and those that came side by side."""

    def __init__(self) -> None:
        self.found: list[list[Json]] = []
        self._known: dict[int | str, list[Json]] = {}
        self._beside: list[list[Json]] = []

    def take(self, listed: list[Json]) -> None:
        """Take the pieces of a delta."""
        groups = [self._add(item, place, len(listed)) for place, item in enumerate(listed)]
        if len(groups) > 1:
            self._beside = groups

    def _add(self, item: Json, place: int, count: int) -> list[Json]:
        if not isinstance(item, dict):
            self.found += [[item]] if item is not None else []
            return [item]
        call_id, is_named, index = _id_of(item), _is_named(item), index_of(item)
        key = call_id or None if index is None else index
        group = self._known.get(key, []) if key is not None else self._going_on(place, count)
        if not group or (is_named and (key is None or _is_new(call_id, group))):
            group = []
            self.found.append(group)
        if key is not None:
            self._known[key] = group
        group.append(item)
        return group

    def _going_on(self, place: int, count: int) -> list[Json]:
        """The call that a piece without index and id goes on with."""
        if count > 1 and place < len(self._beside):
            return self._beside[place]
        return self.found[-1] if self.found else []


def _is_named(item: JsonObject) -> bool:
    inner = item.get("function", item.get("custom"))
    return isinstance(inner, dict) and bool(inner.get("name"))


def _id_of(item: Json) -> str:
    """The id of a call, which some servers say as a number; empty if there is none."""
    told = item.get("id") if isinstance(item, dict) else None
    return str(told) if isinstance(told, str | int) else ""


def _is_new(call_id: str, group: list[Json]) -> bool:
    """Whether an id is not that of a call that has begun with another."""
    begun = _id_of(group[0])
    return bool(call_id) and bool(begun) and call_id != begun


def _tool_calls(column: Sequence[Json]) -> Json:
    """The calls; a piece may stand alone, as those of Text Generation Inference do."""
    return _CALLS([[value] if isinstance(value, dict) else value for value in column])


def _details(lists: Iterable[list[Json]]) -> Iterable[list[Json]]:
    """OpenRouter's `reasoning_details`: neighbours of one type and index are one."""
    return (list(rows) for _, rows in groupby(chain.from_iterable(lists), _kind))


def _kind(detail: Json) -> object:
    match detail:
        case dict():
            return detail.get("type"), detail.get("index")
        case _:
            return object()  # like nothing else


def _text_or_parts(column: Sequence[Json]) -> Json:
    """A text, or the parts of a model that thinks first: then texts between them are parts too.
    Some servers leave the quotes of a number out, or say one part at a time without a list.
    """
    if sum(isinstance(value, dict) for value in column) > 1:
        column = [[value] if isinstance(value, dict) else value for value in column]
    if sum(isinstance(value, str) or _is_number(value) for value in column) > 1:
        column = [jsontext.dump(value) if _is_number(value) else value for value in column]
    if not any(isinstance(value, list) for value in column):
        return _text(column)
    parts: list[Json] = []
    for _, run in groupby(column, type):
        said = join(list(run))
        if isinstance(said, list):
            parts += said
        elif said:
            parts.append({"type": "text", "text": said})
    return thinking.joined(parts)


def _base64(column: Sequence[Json]) -> Json:
    """Bytes in pieces, each of which may end in padding."""
    pieces = [value for value in column if isinstance(value, str)]
    if not any(piece.endswith("=") for piece in pieces[:-1]):
        return join(column)
    try:
        whole = b"".join(base64.b64decode(piece, validate=True) for piece in pieces)
    except ValueError:
        return join(column)
    return base64.b64encode(whole).decode()


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_CALLS = Rows(_CALL, _calls)
_MESSAGE = Table(
    {
        **_VALUE.rules,
        "role": first,
        "audio": Table({**_VALUE.rules, "data": _base64}, other=_nested),
        "content": _text_or_parts,
        "function_call": _FUNCTION,
        "tool_calls": _tool_calls,
        executed.EXECUTED: executed.fold,
        "reasoning_details": Rows(_DETAIL, _details),
    },
    other=_nested,
    keeps_null=False,
)


def _object(value: Json) -> JsonObject:
    """What was said of a message; some servers say no more than its text."""
    if isinstance(value, dict):
        return value
    return {"content": value} if isinstance(value, str | list) and value else {}


def _delta(column: Sequence[Json]) -> Json:
    return _MESSAGE(list(map(_object, column)))


def _messages(column: Sequence[Json]) -> Json:
    """Messages that each say all that was said before, or only what is new."""
    column = list(map(_object, column))
    said = [str(item.get("content") or "") for item in column if isinstance(item, dict)]
    is_cumulative = all(starmap(str.startswith, map(reversed, pairwise(said))))
    return last(column) if is_cumulative else _MESSAGE(column)


_LOGPROBS = Table(other=grow)


def _sure(column: Sequence[Json]) -> Json:
    """The log probabilities; Together's servers give a number with each token."""
    return _LOGPROBS(column) if isinstance(last(column), dict) else each(column)


_CHOICE = Table(
    {
        "delta": _delta,
        "message": _messages,
        "logprobs": _sure,
        "finish_reason": last_said,
        "text": join,
        filters.OFFSETS: grow,
        **_VALUE.rules,
    },
    other=_nested,
    keeps_null=False,
)
_CHUNK = openai_wire.chunk_table(_CHOICE, _nested)


def is_said_twice(value: Json) -> bool:
    """Whether a value of the envelope is the same if two chunks say it."""
    return _nested([value, value]) == value


def assemble(chunks: Iterable[JsonObject]) -> JsonObject:
    """The completion that a stream of chunks adds up to, as the JSON of a whole answer."""
    whole, choices = openai_wire.fold_chunks(_CHUNK, map(filters.with_places, chunks))
    finished = [_finished(choice, place) for place, choice in enumerate(choices)]
    if str(whole.get("object")).startswith("chat."):  # what it adds up to, but not what it is
        whole["object"] = CHUNK
    return whole | {"choices": finished}


def _finished(choice: JsonObject, place: int) -> JsonObject:
    whole, delta = choice.pop("message", {}), choice.pop("delta", {})
    unsaid = {key for key, value in delta.items() if value in (None, "", [])}
    told = {key: value for key, value in whole.items() if key in unsaid or key not in delta}
    message = {"role": "assistant", "content": None} | delta | told
    for name in ("refusal", *REASONING_FIELDS):
        if message.get(name) == "":
            del message[name]
    calls = delta.get("tool_calls")
    for call in calls if isinstance(calls, list) else []:
        if isinstance(call, dict):
            call.pop("index", None)
    return {"index": place, "message": message} | choice
