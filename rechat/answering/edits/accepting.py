"""Misses of prompts that were edited: with `--accept`, each gives the old answer its new question.

An answer that was asked for in this run is left alone: its question is still in use.
"""

from dataclasses import replace

from rechat.answering.edits.new_question import accept
from rechat.index import Hit
from rechat.index import Index
from rechat.index import Miss
from rechat.matching import Exchange
from rechat.store import Store
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import Request

ACCEPTED = "accepted"
"""The rule of a match that came about so."""

type _Name = tuple[str, str, int]


class Acceptance:
    """Accepts questions for the answers of a store, on its thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: set[_Name] = set()

    def asked(self, exchange: Exchange) -> None:
        """An answer was asked for."""
        self._asked.add(_name_of(exchange))

    def accept(self, request: Request, miss: Miss) -> Hit | Miss:
        """The hit of a request once the nearest answer has it as its question; the miss with the
        reason if that is not done.
        """
        near = miss.nearest
        if not near:
            return miss
        if _name_of(near.exchange) in self._asked:
            return replace(miss, note="not accepted: its question was asked too")
        if near.doubt:
            return replace(miss, note=f"not accepted: {near.doubt}")
        try:
            accept(self._store, request)
        except (RechatError, OSError) as error:
            return replace(miss, note=f"not accepted: {error}")
        found = _found(self._store.index, request)
        return replace(found, rule=ACCEPTED, nearest=near) if found else miss


def _found(index: Index, request: Request) -> Hit | None:
    found = index.find(request, explain=False)
    return found if isinstance(found, Hit) else None


def _name_of(exchange: Exchange) -> _Name:
    """What stays when a file changes above an answer."""
    above = exchange.section.entries[: exchange.positions[0]]
    answers = sum(isinstance(entry, Reply) for entry in above)
    return exchange.path, exchange.section.title, answers
