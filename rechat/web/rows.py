"""A row of the list for each entry."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from datetime import datetime
from itertools import takewhile

from rechat.observe import JournalEntry
from rechat.observe import Logged
from rechat.observe import Prices
from rechat.observe import cost_of
from rechat.observe import sign_of
from rechat.observe import status_of
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Request
from rechat.web.tools import failed

_WORDS = 160
# At most this many entries are cached as JSON.
_MOST = 4096
# How many characters of a conversation's first messages identify it.
_BEGINNING = 4000


def row(logged: Logged, prices: Prices | None = None) -> JsonObject:
    """A row of the list."""
    return _when(logged) | _what(logged.entry, prices)


class Rows:
    """Rows of the list as JSON. An entry is rendered once, for all hits that share it and all pages
    that are open: under load there are 2,000 rows a second.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self._prices = prices
        self._known: dict[int, tuple[JournalEntry, str]] = {}

    def whole(self, found: Iterable[Logged]) -> str:
        """A list of rows."""
        told = []
        for logged in found:
            when = _when(logged)
            told.append(
                f'{{"number": {when["number"]}, "at": "{when["at"]}", "ms": {when["ms"]}, '
                + self._what(logged.entry)[1:]
            )
        return f"[{', '.join(told)}]"

    def brief(self, found: Sequence[Logged]) -> str:
        """`{"entries": […], "numbers": […], "at": […], "us": […], "of": […]}`: each entry once, and
        a column for each value that is specific to a row: its end in milliseconds since 1970, its
        duration in microseconds, the index of its entry.
        """
        numbers, ends, entries, times = zip(*found, strict=True) if found else ((),) * 4
        ids = list(map(id, entries))
        alike = dict(zip(ids, entries, strict=True))
        places = dict(zip(alike, range(len(alike)), strict=True))
        columns: JsonObject = {
            "numbers": list(numbers),
            "at": [int(at * 1000) for at in ends],
            "us": [int(one * 1000) for one in times],
            "of": [places[one] for one in ids],
        }
        told = ", ".join(map(self._what, alike.values()))
        return f'{{"entries": [{told}], {json.dumps(columns)[1:]}'

    def _what(self, entry: JournalEntry) -> str:
        known = self._known.get(id(entry))
        if known:
            return known[1]
        if len(self._known) >= _MOST:
            self._known.clear()
        told = json.dumps(_what(entry, self._prices))
        # Stored with the entry, so that no other one can get its id.
        self._known[id(entry)] = entry, told
        return told


def _when(logged: Logged) -> JsonObject:
    return {
        "number": logged.number,
        "at": datetime.fromtimestamp(logged.at, UTC).isoformat(timespec="milliseconds"),
        "ms": round(logged.milliseconds, 1),
    }


def _what(entry: JournalEntry, prices: Prices | None) -> JsonObject:
    sign = sign_of(entry)
    shown: JsonObject = {
        "verdict": entry.verdict,
        "mark": sign.mark,
        "word": sign.word,
        "tone": sign.tone,
        "target": entry.target,
        "model": entry.model,
        "api": entry.request.api if entry.request else "",
        "words": _short(entry.first_words),
        "said": _short(entry.said_words),
    }
    shown |= _conversation(entry.request) if entry.request else {}
    counted = entry.answer.tokens if isinstance(entry.answer, Answer) else None
    if counted:
        shown["tokens"] = list(counted)
        price = (prices or {}).get(entry.model)
        if price:
            shown["cost"] = round(cost_of(counted, price), 8)
    if len(entry.times) > 1:
        shown["first"] = round(entry.times[0][0], 1)
    return shown | {name: value for name, value in _rest(entry) if value}


def _short(words: str) -> str:
    return words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"


def _rest(entry: JournalEntry) -> Iterator[tuple[str, Json]]:
    """The fields that most entries lack."""
    yield "status", status_of(entry)
    yield "place", entry.place
    yield "rule", entry.rule
    yield "session", entry.session
    yield "reason", entry.reason
    yield "upstream", entry.upstream
    yield "attempts", entry.attempts if entry.upstream else 0
    yield "take", entry.take
    yield "takes", entry.takes
    yield "saved_ms", round(entry.saved_ms)
    yield "saved_tokens", entry.saved_tokens
    nearest = entry.miss.nearest if entry.miss else None
    yield "differs", nearest.differences[0].reason if nearest and nearest.differences else ""


def _conversation(request: Request) -> JsonObject:
    """How many turns a conversation has had, which one it is (`thread`: equal for those that begin
    alike), and the results of tools that the request contains.
    """
    messages = request.messages
    shown: JsonObject = {"turn": sum(message.role == "assistant" for message in messages)}
    if any(message.role == "user" for message in messages):
        shown["thread"] = _thread(request)
    if request.stream:
        shown["stream"] = True
    if results := list(_results(messages)):
        shown["tools"] = results
    return shown


def _thread(request: Request) -> str:
    beginning = [request.api]
    for message in request.messages:
        beginning.append(message.text[:_BEGINNING])
        if message.role == "user":
            break
    return format(hash(tuple(beginning)) & (1 << 64) - 1, "x")


def _results(messages: Sequence[Message]) -> Iterator[Json]:
    """The results at the end: the name of each tool, and whether it failed."""
    last = list(takewhile(lambda message: message.role == "tool", reversed(messages)))[::-1]
    if not last:
        return
    calls = {
        call.id: call.name
        for message in messages[-len(last) - 1 :]
        for call in message.parts_of(Call)
    }
    for message in last:
        name = message.fields.get("name") or calls.get(str(message.fields.get("tool_call_id")))
        yield {"name": str(name or "tool"), "failed": failed(message)}
