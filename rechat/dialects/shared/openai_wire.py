"""What OpenAI's APIs share: their errors, what surrounds a completion, and how its stream ends."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from itertools import starmap
from typing import Any
from urllib.parse import unquote

from rechat.dialects.shared import failures
from rechat.dialects.shared.bodies.events import Events
from rechat.dialects.shared.fold import Rows
from rechat.dialects.shared.fold import Rule
from rechat.dialects.shared.fold import Table
from rechat.dialects.shared.fold import by_index
from rechat.dialects.shared.fold import first
from rechat.dialects.shared.fold import last
from rechat.dialects.shared.frame import Frame
from rechat.dialects.shared.tokens import asked_tokens
from rechat.dialects.shared.tokens import said_tokens
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Request

HEAD = ("id", "object", "created", "model")
"""What names a completion: a stream says it with every chunk."""

# What every chunk may have that adds no text.
_SAYS_NOTHING = frozenset({"index", "role", "finish_reason", "delta"})
_DEPLOYMENT = re.compile(r"/openai/deployments/([^/]+)/")
_ERRORS = {
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


class OpenAi(Frame):
    """What OpenAI's APIs have in common as a dialect."""

    def error_body(self, status: int, text: str, request: Request) -> Json:
        """The error in OpenAI's words."""
        del request
        kind, code = _ERRORS.get(status, ("invalid_request_error", None))
        kind = "server_error" if status >= 500 else kind
        return {"error": {"message": text, "type": kind, "param": None, "code": code}}


def chunk_table(choice: Table, other: Rule = last) -> Table:
    """How the chunks of a completion fold, with this table for a choice."""
    rules: dict[str, Rule] = {"choices": Rows(choice, _by_choice), **dict.fromkeys(HEAD, first)}
    return Table(rules, other, dropped=frozenset({"obfuscation"}))


def _by_choice(lists: Iterable[list[Json]]) -> Iterable[list[Json]]:
    """The pieces of each choice, by its index. Text Generation Inference counts tokens there: each
    chunk has a text and the next number, and only the last says how it ended.
    """
    known = [listed for listed in lists if listed]
    pieces: list[Any] = [listed[0] for listed in known]
    is_counted = len(pieces) > 1 and all(
        len(listed) == 1 and isinstance(piece, dict) and isinstance(piece.get("index"), int)
        for listed, piece in zip(known, pieces, strict=True)
    )
    if is_counted and pieces[0]["index"] in (0, 1) and all(starmap(_is_next, pairwise(pieces))):
        return [[piece | {"index": 0} for piece in pieces]]
    return by_index(known)


def _is_next(before: JsonObject, piece: JsonObject) -> bool:
    delta = before.get("delta", before)
    text = delta.get("content", delta.get("text")) if isinstance(delta, dict) else None
    is_going_on = not before.get("finish_reason") and isinstance(text, str) and text != ""
    return is_going_on and bool(piece["index"] == before["index"] + 1)


def fold_chunks(table: Table, chunks: Iterable[JsonObject]) -> tuple[JsonObject, list[JsonObject]]:
    """What a stream of chunks adds up to, and its choices."""
    whole = table.fold(chunks)
    if whole.get("usage", 0) is None:
        del whole["usage"]
    choices = whole.get("choices")
    return whole, choices if isinstance(choices, list) else []


def checked(whole: JsonObject, stream: Events) -> JsonObject:
    """The completion of a stream, or just the error that it told. Raises `BodyError` if the stream
    was truncated.
    """
    has_failed = failures.error_of(whole) is not None
    if not whole["choices"]:
        if not has_failed:
            raise BodyError("the stream has no `choices`")
        return failures.told_in(whole)
    ended = all(choice.get("finish_reason") for choice in whole["choices"])
    if not (ended or has_failed or stream.is_done or _ends_in_silence(stream.values)):
        raise BodyError("the stream was truncated: no finish_reason and no [DONE]")
    return whole


def _ends_in_silence(chunks: Sequence[JsonObject]) -> bool:
    """Whether the last chunk only says how it ended, and by an empty word; some servers say that
    with every chunk.
    """
    said: Json = next((chunk["choices"] for chunk in reversed(chunks) if chunk.get("choices")), [])
    listed = said if isinstance(said, list) else []
    choices = [choice if isinstance(choice, dict) else {} for choice in listed]
    return bool(choices) and all(
        choice.get("finish_reason") == "" and not _adds(choice) for choice in choices
    )


def _adds(choice: JsonObject) -> bool:
    delta = choice.get("delta")
    inner = delta if isinstance(delta, dict) else {}
    return any(value for key, value in (choice | inner).items() if key not in _SAYS_NOTHING)


def enclosed(choices: list[Json], envelope: JsonObject) -> JsonObject:
    """A completion: its choices after what names it, and then the rest of what surrounds them."""
    head = {key: envelope[key] for key in HEAD if key in envelope}
    return head | {"choices": choices} | envelope


def usage_of(answer: Answer, request: Request, written: Json) -> JsonObject:
    """The tokens of a hand-written answer: as written, else counted in pieces of about a token."""
    usage: JsonObject = dict(written) if isinstance(written, dict) else {}
    asked, said = asked_tokens(request.messages), said_tokens(answer)
    prompt, completion = usage.get("prompt_tokens", asked), usage.get("completion_tokens", said)
    total = prompt + completion if isinstance(prompt, int) and isinstance(completion, int) else None
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total} | usage


def deployed_model(path: str) -> JsonObject:
    """The model as a setting, where the path names it: `/openai/deployments/NAME/…` of Azure."""
    found = _DEPLOYMENT.search(path)
    return {"model": unquote(found[1])} if found else {}
