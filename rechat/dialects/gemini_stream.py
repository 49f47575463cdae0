"""Streams of Gemini: the responses of one put together, and a response taken apart.

1. Every chunk is a whole response with the next parts. The first part of a chunk goes on with the
   text before it, if both are nothing but text of one kind (said or thought); parts that stand
   together in one chunk stay apart.
2. Any other field of a candidate or a response replaces the one before.
3. A stream is whole when a candidate says why it finished, the prompt was blocked, or there is an
   error.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rechat.dialects.tokens import tokens
from rechat.errors import BodyError
from rechat.jsontext import Json, JsonObject


def assemble(chunks: Iterable[JsonObject]) -> JsonObject:
    """The response that the chunks add up to. Raises `BodyError` if they break off."""
    whole: JsonObject = {}
    candidates: dict[int, JsonObject] = {}
    for chunk in chunks:
        for key, value in chunk.items():
            if key == "candidates" and isinstance(value, list):
                for position, candidate in enumerate(value):
                    if isinstance(candidate, dict):
                        _add(candidates, candidate, position)
            else:
                whole[key] = value
    if candidates:
        whole["candidates"] = [candidates[index] for index in sorted(candidates)]
    if not _is_ended(whole):
        raise BodyError("the stream broke off: no finishReason")
    return whole


def _is_ended(whole: Any) -> bool:
    candidates = whole.get("candidates", [])
    feedback = whole.get("promptFeedback")
    is_blocked = isinstance(feedback, dict) and "blockReason" in feedback
    is_finished = bool(candidates) and all("finishReason" in found for found in candidates)
    return is_finished or is_blocked or "error" in whole


def _add(candidates: dict[int, JsonObject], candidate: JsonObject, position: int) -> None:
    index = candidate.get("index")
    merged = candidates.setdefault(index if isinstance(index, int) else position, {})
    for key, value in candidate.items():
        if key == "content" and isinstance(value, dict):
            content = merged.setdefault("content", {})
            assert isinstance(content, dict)
            _add_content(content, value)
        else:
            merged[key] = value


def _add_content(content: JsonObject, more: JsonObject) -> None:
    for key, value in more.items():
        if key == "parts" and isinstance(value, list):
            parts = content.setdefault("parts", [])
            assert isinstance(parts, list)
            first, *others = value or [None]
            if _goes_on(parts[-1] if parts else None, first):
                parts[-1] = parts[-1] | {"text": parts[-1]["text"] + first["text"]}
            elif value:
                parts.append(first)
            parts += others
        else:
            content[key] = value


def _goes_on(before: Any, part: Any) -> bool:
    """Whether two parts are one text that was cut."""
    return all(
        isinstance(found, dict)
        and isinstance(found.get("text"), str)
        and found.keys() <= {"text", "thought"}
        for found in (before, part)
    ) and before.get("thought") == part.get("thought")


def chunks_of(response: JsonObject) -> Iterator[JsonObject]:
    """The chunks that stream a response."""
    candidates = response.get("candidates")
    envelope = {key: value for key, value in response.items() if key != "candidates"}
    constant = {key: envelope[key] for key in ("modelVersion", "responseId") if key in envelope}
    listed = candidates if isinstance(candidates, list) else []
    for candidate in listed:
        if isinstance(candidate, dict):
            for content in _contents(candidate.get("content")):
                index = {key: candidate[key] for key in ("index",) if key in candidate}
                yield {"candidates": [{"content": content} | index]} | constant
    ends: list[Json] = [
        {key: value for key, value in found.items() if key != "content" or not _parts(value)}
        for found in listed
        if isinstance(found, dict)
    ]
    yield ({"candidates": ends} if "candidates" in response else {}) | envelope


def _parts(content: Any) -> list[Any]:
    parts = content.get("parts") if isinstance(content, dict) else None
    return parts if isinstance(parts, list) else []


def _contents(content: Any) -> Iterator[JsonObject]:
    """The content of a candidate, piece by piece."""
    rest = {key: value for key, value in content.items() if key != "parts"} if content else {}
    pending: list[Json] = []
    before: Any = None
    for part in _parts(content):
        first, *others = _pieces(part)
        if not _goes_on(before, part):
            if pending:
                yield {"parts": pending} | rest
            pending = []
        pending.append(first)
        for piece in others:
            yield {"parts": pending} | rest
            pending = [piece]
        before = part
    if pending:
        yield {"parts": pending} | rest


def _pieces(part: Any) -> list[Json]:
    """A part, cut into pieces if it is nothing but text."""
    if not _goes_on(part, part):
        return [part]
    return [part | {"text": piece} for piece in tokens(part["text"])] or [part]
