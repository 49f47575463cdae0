"""Streams of Ollama, an object a line (NDJSON): put together into a whole answer, and a whole
answer taken apart into lines.

Both APIs stream alike, `/api/chat` in its `message`, `/api/generate` at the top: texts come in
pieces, calls whole, and the last line (`done: true`) says how it ended. Taken apart and put
together again, an answer is the same.
"""

from collections.abc import Iterable, Iterator

from rechat.dialects.shared import Table
from rechat.dialects.shared import failures
from rechat.dialects.shared import grow
from rechat.dialects.shared import join
from rechat.dialects.shared import tokens
from rechat.values import BodyError
from rechat.values import Json
from rechat.values import JsonObject

# In the order in which they are streamed.
_TEXTS = ("thinking", "content", "response")
_ANSWERS = ("content", "response")
_LISTS = ("tool_calls", "images", "logprobs")
_CONSTANTS = ("model", "created_at")


_FIELDS = {**dict.fromkeys(_TEXTS, join), **dict.fromkeys(_LISTS, grow)}
_LINE = Table({**_FIELDS, "message": Table(_FIELDS)})


def put_together(lines: list[JsonObject]) -> JsonObject:
    """The whole answer that a stream adds up to. Raises `BodyError` if the stream was truncated."""
    if not any(line.get("done") is True or line.get("error") for line in lines):
        raise BodyError("the stream was truncated: no line with `done: true`")
    return assemble(lines)


def assemble(lines: Iterable[JsonObject]) -> JsonObject:
    """The whole answer of the lines: texts and lists are joined, any other value replaces the one
    before it, and null never does.
    """
    return _LINE.fold(lines)


def is_broken(whole: JsonObject) -> bool:
    """Whether an answer ended in an error instead of `done: true`."""
    return bool(whole.get("error")) and whole.get("done") is not True


def lines_of(whole: JsonObject) -> Iterator[JsonObject]:
    """The lines that stream a whole answer."""
    message = whole.get("message")
    said: JsonObject = message if isinstance(message, dict) else whole
    constant = {key: whole[key] for key in _CONSTANTS if key in whole}
    going_on: JsonObject = {"done": False} if "done" in whole else {}
    unsaid = {key: said[key] for key in ("role",) if key in said and said is message}
    unsaid |= {key: "" for key in _ANSWERS if isinstance(said.get(key), str)}
    for delta, around in _deltas(said, whole.get("logprobs")):
        piece = unsaid | delta
        yield constant | ({"message": piece} if said is message else piece) | around | going_on
    last = {key: value for key, value in said.items() if not _is_streamed(key, value)}
    last |= {key: "" for key in _ANSWERS if isinstance(last.get(key), str)}
    end = whole | {"message": last} if said is message else last
    if _tokens_of(said, whole.get("logprobs")):
        del end["logprobs"]
    if not is_broken(whole):
        yield end
        return
    error = failures.told_in(end)
    rest = {key: value for key, value in end.items() if key not in error}
    yield from [rest] if rest else []
    yield error


def _deltas(said: JsonObject, logprobs: Json) -> Iterator[tuple[JsonObject, JsonObject]]:
    """What each line adds to what was said, and what stands around it: the thoughts, the text, the
    calls.
    """
    listed = _tokens_of(said, logprobs)
    for key in _TEXTS:
        text = said.get(key)
        if key in _ANSWERS and listed:
            yield from (({key: token["token"]}, {"logprobs": [token]}) for token in listed if text)
        elif isinstance(text, str):
            yield from (({key: piece}, {}) for piece in tokens(text))
    calls = said.get("tool_calls")
    yield from (({"tool_calls": [call]}, {}) for call in (calls if isinstance(calls, list) else []))


def _is_streamed(key: str, value: Json) -> bool:
    """Whether a field is not in the last line, since it was sent before."""
    match value:
        case str():
            return bool(value) and key in _TEXTS and key not in _ANSWERS
        case list():
            return bool(value) and key == "tool_calls"
        case _:
            return False


def _tokens_of(said: JsonObject, logprobs: Json) -> list[JsonObject]:
    """The log probabilities, if they are of the text that was said: they tell how to cut it."""
    text = next((said[key] for key in _ANSWERS if isinstance(said.get(key), str)), "")
    listed = logprobs if isinstance(logprobs, list) else []
    named = [token for token in listed if isinstance(token, dict)]
    pieces = [token.get("token") for token in named]
    texts = [piece for piece in pieces if isinstance(piece, str)]
    is_whole = text and len(texts) == len(listed) and "".join(texts) == text
    return named if is_whole else []
