"""Streams of legacy completions: the chunks of one put together, and a whole answer taken apart
into chunks.

Chunk and answer have the same shape here; a text comes in pieces, each with its log probabilities.
Only Codestral, which fills in the middle, says its text as chat does: a chunk has a `delta`, and an
answer a `message`. Taken apart and put together again, an answer is the same.
"""

from collections.abc import Iterable, Iterator

from rechat.dialects.shared import Table
from rechat.dialects.shared import failures
from rechat.dialects.shared import first
from rechat.dialects.shared import grow
from rechat.dialects.shared import join
from rechat.dialects.shared import last_said
from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import tokens
from rechat.values import Json
from rechat.values import JsonObject

_NOT_YET = ("logprobs", "finish_reason")

_DELTA = Table({"role": first, "content": join})
_CHOICE = Table(
    {
        "text": join,
        "delta": _DELTA,
        "token_ids": grow,
        "logprobs": Table(other=grow),
        "finish_reason": last_said,
    }
)
_CHUNK = openai_wire.chunk_table(_CHOICE)


def assemble(chunks: Iterable[JsonObject]) -> JsonObject:
    """The completion that a stream of chunks adds up to."""
    whole, choices = openai_wire.fold_chunks(_CHUNK, chunks)
    said = [
        {"message" if key == "delta" else key: value for key, value in choice.items()}
        for choice in choices
    ]
    return whole | {"choices": _numbered(said)}


def _numbered(choices: list[JsonObject]) -> list[JsonObject]:
    """The choices, each with its index; a single one may do without."""
    if len(choices) < 2:
        return choices
    return [{"index": index} | choice for index, choice in enumerate(choices)]


def chunks_of(whole: JsonObject, *, include_usage: bool) -> Iterator[JsonObject]:
    """The chunks that stream a whole answer."""
    error = failures.told_in(whole)
    apart = ("choices", "usage", *error)
    around = {key: value for key, value in whole.items() if key not in apart}
    constant = {key: value for key, value in around.items() if not isinstance(value, dict | list)}
    at_end = {key: value for key, value in around.items() if key not in constant}
    usage = whole.get("usage")
    if include_usage:
        constant["usage"] = None
    elif usage is not None:
        at_end["usage"] = usage
    *others, last = [piece for choice in _numbered(whole["choices"]) for piece in _pieces(choice)]
    for piece in others:
        yield constant | {"choices": [piece]}
    yield constant | {"choices": [last]} | at_end
    if include_usage and usage is not None:
        yield constant | {"choices": [], "usage": usage}
    if error:
        yield error


def _pieces(choice: JsonObject) -> Iterator[JsonObject]:
    """What each chunk of a choice adds: a piece of the text, and at last how it ended."""
    if isinstance(message := choice.get("message"), dict):
        yield from _deltas(choice, message)
        return
    text = choice["text"] if isinstance(choice.get("text"), str) else ""
    logprobs = choice.get("logprobs")
    opening = {key: choice[key] for key in ("index",) if key in choice}
    unknown = {key: None for key in _NOT_YET if key in choice}
    last = choice | ({"text": ""} if text else {})
    cuts = _cuts(text, logprobs)
    if cuts:
        del last["logprobs"]
        last |= {"logprobs": None}
    for piece, of_piece in cuts or [(piece, {}) for piece in tokens(text)]:
        yield {"text": piece} | opening | unknown | of_piece
    yield last


def _deltas(choice: JsonObject, message: JsonObject) -> Iterator[JsonObject]:
    """What each chunk adds of a text that is said as chat says it."""
    opening = {key: choice[key] for key in ("index",) if key in choice}
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    yield opening | {"delta": message | ({"content": ""} if text else {}), "finish_reason": None}
    for piece in tokens(text):
        yield opening | {"delta": {"content": piece}, "finish_reason": None}
    yield {key: value for key, value in choice.items() if key != "message"} | {"delta": {}}


def _cuts(text: Json, logprobs: Json) -> list[tuple[str, JsonObject]]:
    """The text as the log probabilities cut it, each piece with its own; nothing if they are not of
    this text.
    """
    named = logprobs.get("tokens") if isinstance(logprobs, dict) else None
    if not isinstance(logprobs, dict) or not isinstance(named, list) or not named:
        return []
    is_text = all(isinstance(token, str) for token in named) and "".join(named) == text
    is_even = all(
        value is None or (isinstance(value, list) and len(value) == len(named))
        for value in logprobs.values()
    )
    if not is_text or not is_even:
        return []
    return [
        (token, {"logprobs": {key: value and [value[at]] for key, value in logprobs.items()}})
        for at, token in enumerate(named)
    ]
