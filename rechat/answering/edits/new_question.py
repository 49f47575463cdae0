"""An edited prompt: the new question takes the place of the old one, above the same answer.

Only what differs is changed, where it stands. What is not clearly meant is refused with a reason:
an answer that is unlike the question, one of several that are as near, a pattern, another history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rechat.explain import pairs
from rechat.format import Turn
from rechat.index import Hit
from rechat.index import Index
from rechat.index import Nearest
from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.matching import scheme_of
from rechat.matching import spelled_query
from rechat.matching import spelled_steps
from rechat.store import Ask
from rechat.store import Recording
from rechat.store import Saved
from rechat.store import Store
from rechat.store import placement
from rechat.values import Given
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import jsontext


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where the answer stands now, and how the question differed from the one before."""

    saved: Saved
    before: Nearest


def accept(store: Store, request: Request, into: str = "") -> Accepted:
    """Give the nearest answer this question, or the answer at the place `into` (`path` or
    `path:line`). Raises `RechatError` if it is not clear which answer is meant, or if its question
    cannot be changed so; `OSError` if the disk says no. Then nothing was written.
    """
    found = store.index.find(request, explain=not into)
    if isinstance(found, Hit):
        place = f"{found.exchange.path}:{found.exchange.line}"
        raise RechatError(f"{place} answers this already")
    near = _at(store.index, request, into) if into else found.nearest
    if not near:
        raise RechatError(found.reason)
    if near.doubt and not into:
        raise RechatError(
            f"{near.place} may not be meant: {near.doubt}; say which with --into PLACE"
        )
    if not store.touched([Path(near.exchange.path)]):
        raise RechatError(f"{near.exchange.path} is not a transcript of this folder")
    if not near.exchange.answered:
        raise RechatError(f"the answer in {near.place} is still empty")
    recording = Recording(request, near.exchange.answered[0].answer)
    saved = store.change(recording, partial(_ask, store.index, near.exchange, request))
    assert saved
    return Accepted(saved, near)


def _at(index: Index, request: Request, place: str) -> Nearest | None:
    path, _, line = (
        place.rpartition(":") if place.rpartition(":")[2].isdecimal() else (place, "", "")
    )
    exchanges = index.exchanges_in(path) if index.card(path) else []
    among = [one for one in exchanges if not line or one.line == int(line)]
    if not among:
        raise RechatError(f"there is no answer at {place}")
    return index.nearest(request, among)


def _ask(index: Index, known: Exchange, request: Request) -> Ask:
    """The place in the file as it is now."""
    for exchange in index.exchanges_in(known.path):
        if exchange.line == known.line and exchange.steps == known.steps:
            scheme = scheme_of(exchange.section).heard_from(request)
            turns = tuple(_turns(exchange, scheme, request))
            settings = _settings(exchange, scheme, request)
            position = exchange.positions[0]
            return Ask(exchange.path, exchange.section, position, turns, settings)
    raise RechatError(f"{known.path} has changed meanwhile")


def _turns(exchange: Exchange, scheme: Scheme, request: Request) -> Iterator[Turn]:
    """What becomes of the messages, from the last to the first."""
    steps = [step for step in spelled_steps(scheme, exchange) if scheme.counts(step.message)]
    sent = [both for both in scheme.with_originals(request) if scheme.counts(both[0])]
    given = {entry.line for entry in exchange.section.entries if isinstance(entry, Given)}
    below = exchange.line
    for pair in reversed([*pairs(scheme, steps, [spelled for spelled, _ in sent])]):
        message = None if pair.message is None else _as_written(sent[pair.message][1])
        if pair.step is None:
            yield Turn(below, message, is_new=True)
            continue
        step = steps[pair.step]
        below = step.line
        if pair.is_same:
            continue
        place = f"{exchange.path}:{below}"
        if step.pattern:
            raise RechatError(f"the pattern in {place} does not take this: it is yours to change")
        if below not in given:
            raise RechatError(f"the answer in {place} is not the one that the client names")
        yield Turn(below, message)


def _as_written(message: Message) -> Message:
    return placement.given_of(message).message


def _settings(exchange: Exchange, scheme: Scheme, request: Request) -> JsonObject:
    """The settings that are compared and differ, with the request's values."""
    section = exchange.section
    recorded = scheme.counted(section.settings, [step.message for step in exchange.steps])
    asked = scheme.counted(scheme.settings_of(request), request.messages)
    if scheme.counts_query and spelled_query(section.options.query) != spelled_query(request.query):
        raise RechatError(
            f"the query of {exchange.path} is {section.options.query!r}, not this one"
        )
    verbatim = scheme.settings_of(request)
    names = [*recorded, *(name for name in asked if name not in recorded)]
    return {
        name: verbatim.get(name)
        for name in names
        if jsontext.canonical(recorded.get(name)) != jsontext.canonical(asked.get(name))
    }
