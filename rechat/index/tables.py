"""The cards of all files, and the tables that find a file by its card: keys, ids of answers, and
ends that can be continued.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from itertools import islice
from typing import NamedTuple

from rechat.index.cards import Card
from rechat.matching import Scheme
from rechat.matching import order_of
from rechat.values import Request

# At most this many of the answers to the same request are searched for one that takes precedence.
_LOOKED_AT = 100

type _Keys[T] = dict[Scheme, dict[bytes, list[T]]]


class Ref(NamedTuple):
    """A reference to an exchange that may have to be read: its file, line and number."""

    path: str
    line: int
    number: int

    @property
    def order(self) -> tuple[tuple[str, ...], int]:
        """The tie-breaker: path, then line."""
        return order_of(self.path), self.line


class Tables:
    """All that is known of the files without reading them."""

    def __init__(self) -> None:
        self.cards: dict[str, Card] = {}
        self.with_patterns: set[str] = set()
        self._keys: _Keys[Ref] = {}
        self._ends: _Keys[tuple[str, int]] = {}
        self._said: dict[tuple[str, str], Ref] = {}

    def put(self, path: str, card: Card) -> None:
        """Add a file that is not yet in the tables."""
        self.cards[path] = card
        for number, spot in enumerate(card.spots):
            ref = Ref(path, spot.line, number)
            for key in spot.all_keys:
                _add(self._keys, card.schemes[spot.scheme], key, ref)
        for api, name, number in card.names:
            self._said[api, name] = Ref(path, card.spots[number].line, number)
        for section, scheme, key in card.ends:
            _add(self._ends, card.schemes[scheme], key, (path, section))
        if card.has_patterns:
            self.with_patterns.add(path)

    def drop(self, path: str) -> bool:
        """Remove a file; returns whether it was there."""
        card = self.cards.pop(path, None)
        if not card:
            return False
        for number, spot in enumerate(card.spots):
            ref = Ref(path, spot.line, number)
            for key in spot.all_keys:
                _remove(self._keys, card.schemes[spot.scheme], key, ref)
        for api, name, number in card.names:
            if self._said.get((api, name)) == Ref(path, card.spots[number].line, number):
                del self._said[api, name]
        for section, scheme, key in card.ends:
            _remove(self._ends, card.schemes[scheme], key, (path, section))
        self.with_patterns.discard(path)
        return True

    def matching(self, request: Request) -> Iterator[tuple[bool, list[Ref]]]:
        """The exchanges that have a request, best first: in groups, each with whether only listed
        fields were compared, ordered by path and line.
        """

        def rank(scheme: Scheme) -> tuple[bool, int, bool]:
            return _rank(scheme, request)

        for (is_listed, _, _), schemes in groupby(sorted(self._keys, key=rank), key=rank):
            found = [
                ref
                for scheme in schemes
                if scheme.takes(request)
                for ref in self._keys[scheme].get(scheme.key(request), [])
            ]
            found.sort(key=lambda ref: ref.order)
            yield is_listed, found

    def behind(self, path: str) -> str:
        """A file that answers the same requests and takes precedence; empty if there is none."""
        card = self.cards.get(path)
        if not card:
            return ""
        for spot in (spot for spot in card.spots if spot.answers):
            for key in spot.all_keys:
                refs = self._keys[card.schemes[spot.scheme]][key]
                answered = filter(self._is_answered, islice(refs, _LOOKED_AT))
                first = min((ref.path for ref in answered), key=order_of, default=path)
                if order_of(first) < order_of(path):
                    return first
        return ""

    def all_behind(self) -> dict[str, str]:
        """All files that others take precedence over in this way, in order, each with one of
        those.
        """
        found: dict[str, str] = {}
        for keys in self._keys.values():
            for refs in (refs for refs in keys.values() if len(refs) > 1):
                answered = [ref for ref in refs if self._is_answered(ref)]
                first = min(answered, key=lambda ref: ref.order).path if answered else ""
                found |= {ref.path: first for ref in answered if ref.path != first}
        return dict(sorted(found.items(), key=lambda item: order_of(item[0])))

    def _is_answered(self, ref: Ref) -> bool:
        return self.cards[ref.path].spots[ref.number].answers > 0

    def said(self, api: str, name: str) -> Ref | None:
        """The exchange with the answer with this id."""
        return self._said.get((api, name))

    def end(self, request: Request) -> tuple[str, int, int] | None:
        """The path and the number of the section from whose end a request continues, and how many
        of its messages that section has; of several, the longest.
        """
        best: tuple[str, int, int] | None = None
        for scheme, ends in self._ends.items():
            if not scheme.takes(request):
                continue
            for count, key in enumerate(scheme.chain(request)[1:], 1):
                for path, number in sorted(ends.get(key, []), key=_place):
                    if best is None or count > best[2]:
                        best = path, number, count
        return best


def _rank(scheme: Scheme, request: Request) -> tuple[bool, int, bool]:
    """The sort key of lookups: exact first, then listed with the most fields; of equal ones, those
    of which no field is left out for this request.
    """
    heard = scheme.heard_from(request)
    return not heard.is_exact, -heard.strength, heard is not scheme


def _place(end: tuple[str, int]) -> tuple[tuple[str, ...], int]:
    path, number = end
    return order_of(path), number


def _add[T](keys: _Keys[T], scheme: Scheme, key: bytes, value: T) -> None:
    keys.setdefault(scheme, defaultdict(list))[key].append(value)


def _remove[T](keys: _Keys[T], scheme: Scheme, key: bytes, value: T) -> None:
    found = keys[scheme][key]
    found[:] = [item for item in found if item != value]
    if not found:
        del keys[scheme][key]
    if not keys[scheme]:
        del keys[scheme]
