"""Streams of Gemini: chunks put together into a whole answer, and a whole answer taken apart.

Each chunk is a whole `GenerateContentResponse` of its own, and what a chunk says of a candidate
adds to what was said before:

1. Parts follow each other; neighbouring texts are joined (`gemini_parts.join`).
2. Of any other value the last one counts (`usageMetadata`, `finishReason`), and null never does.
   In an object this goes for each key (`groundingMetadata` is `{}` until the end), and lists in it
   grow, unless the later one says the earlier again.

Taken apart and put together again, an answer is the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

from rechat.dialects.gemini import parts as gemini_parts
from rechat.dialects.gemini.parts import is_plain
from rechat.dialects.gemini.parts import is_thought
from rechat.dialects.shared import Rows
from rechat.dialects.shared import Table
from rechat.dialects.shared import join
from rechat.dialects.shared import last_said
from rechat.dialects.shared import latest
from rechat.dialects.shared import tokens
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import same

# What every chunk repeats.
_CONSTANTS = ("modelVersion", "responseId", "createTime")


def _merge(column: Sequence[Json]) -> Json:
    """What a column of values that may be objects comes to."""
    known: list[Json] = [value for value in column if value is not None]
    return reduce(_merged, known) if known else None


def _merged(earlier: Json, later: Json) -> Json:
    """The later value, with what an earlier object has and it lacks."""
    if not isinstance(earlier, dict) or not isinstance(later, dict):
        return later
    merged = dict(earlier)
    for key, value in later.items():
        match merged.get(key), value:
            case list(before), list() if not same(before, value[: len(before)]):
                merged[key] = before + value
            case before, _:
                merged[key] = _merged(before, value)
    return merged


_CONTENT = Table({"parts": join}, other=latest)
_CANDIDATE = Table(
    {"content": _CONTENT, "finishReason": last_said, "finish_reason": last_said}, other=_merge
)
_CHUNK = Table({"candidates": Rows(_CANDIDATE)})


def assemble(chunks: Iterable[JsonObject]) -> JsonObject:
    """The answer that a stream of chunks adds up to, as the JSON of a whole one."""
    whole = _CHUNK.fold(chunks)
    if isinstance(candidates := whole.get("candidates"), list):
        whole["candidates"] = list(map(_finished, candidates))
    return whole


def _finished(candidate: JsonObject) -> JsonObject:
    match candidate.get("content"):
        case {"parts": list(parts), **others}:
            return candidate | {"content": {"parts": gemini_parts.join(parts), **others}}
    return candidate


def has_end(whole: JsonObject) -> bool:
    """Whether a stream that adds up to this was whole: every candidate says how it ended, or it is
    said why there is none.
    """
    feedback, candidates = whole.get("promptFeedback"), whole.get("candidates")
    is_blocked = isinstance(feedback, dict) and "blockReason" in feedback
    ended = [
        isinstance(candidate, dict) and bool(candidate.get("finishReason"))
        for candidate in (candidates if isinstance(candidates, list) else [])
    ]
    return bool(whole.get("error")) or is_blocked or (bool(ended) and all(ended))


def chunks_of(whole: JsonObject) -> Iterator[JsonObject]:
    """The chunks that stream a whole answer; the last one says all that is known at the end only.
    An error comes after it.
    """
    constant = {key: whole[key] for key in _CONSTANTS if key in whole}
    candidates = whole.get("candidates")
    deltas: list[Json] = []
    for candidate in candidates if isinstance(candidates, list) else []:
        deltas += _deltas(candidate)
    ending = {
        key: value
        for key, value in whole.items()
        if key not in (*_CONSTANTS, "candidates", "error")
    }
    yield from ({"candidates": [delta]} | constant for delta in deltas[:-1])
    last: JsonObject = {"candidates": deltas[-1:]} if "candidates" in whole else {}
    if last or ending or constant:
        yield last | ending | constant
    if "error" in whole:
        yield {"error": whole["error"]}


def _deltas(candidate: Any) -> list[Json]:
    """What each chunk says of a candidate: a piece of a part; the last one, how it ended."""
    match candidate:
        case {"content": {"parts": [_, *_] as parts} as content}:
            place = {"index": candidate["index"]} if "index" in candidate else {}
            contents = [content | {"parts": [piece]} for piece in _pieces(parts)]
            early = [{"content": piece} | place for piece in contents[:-1]]
            return [*early, candidate | {"content": contents[-1]}]
    return [candidate]


def _pieces(parts: Sequence[Json]) -> Iterator[Json]:
    """The parts, texts in pieces of about a token."""
    for before, part in pairwise([None, *parts]):
        match part:
            case {"text": str(text), **fields}:
                yield from _text_pieces(text, fields, before)
            case _:
                yield part


def _text_pieces(text: str, fields: Any, before: Json) -> Iterator[JsonObject]:
    """A text in pieces. A signature comes after them, with an empty one, unless it would then be
    taken for that of the text before as well.
    """
    whole = {"text": text} | fields
    is_signed = not is_plain(whole)
    is_open = is_plain(before) and is_thought(before) == is_thought(whole)
    if not text or (is_signed and is_open):
        yield whole
        return
    plain = {"thought": True} if is_thought(whole) else {}
    yield from ({"text": piece} | plain for piece in tokens(text))
    if is_signed:
        yield {"text": ""} | fields
