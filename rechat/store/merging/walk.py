"""How far two conversations are the same, turn by turn."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from rechat.store.merging.pieces import Conversation
from rechat.store.merging.pieces import Cut
from rechat.store.merging.pieces import Piece
from rechat.values import Reply


@dataclass(frozen=True, slots=True)
class Walk:
    """The turns that a conversation shares with another, from the top: where each stands in it and
    in the other.
    """

    ours: Conversation
    theirs: Conversation
    shared: list[tuple[range, range]]

    @property
    def rest(self) -> list[Piece]:
        """What only the other has below them."""
        start = self.shared[-1][1].stop if self.shared else 0
        return self.theirs.pieces[start:]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of ours stands below them."""
        start = self.shared[-1][0].stop if self.shared else 0
        return start == len(self.ours.pieces)


def walk(ours: Conversation, theirs: Conversation, passing: Container[int] = ()) -> Walk:
    """Go down two conversations as long as they are the same; the turns with these numbers may
    differ.
    """
    shared = [*zip(ours.turns(), theirs.turns(), strict=False)]
    for number, (here, there) in enumerate(shared):
        if number not in passing and not _same(
            [ours.pieces[at] for at in here], [theirs.pieces[at] for at in there]
        ):
            return Walk(ours, theirs, shared[:number])
    return Walk(ours, theirs, shared)


def _same(ours: list[Piece], theirs: list[Piece]) -> bool:
    """Whether two turns have the same place in a conversation: answers to the same are takes, and
    any of them may have been given.
    """
    if isinstance(ours[0].entry, Reply) and isinstance(theirs[0].entry, Reply):
        return True
    said = frozenset[object]().union(*(piece.said() for piece in ours))
    return any(said & piece.said() for piece in theirs)


def adds_only(base: Cut, other: Cut) -> bool:
    """Whether all that the base has stands in the other as it was."""
    is_new = not base.conversations
    return is_new or (
        base.front.strip() == other.front.strip()
        and all(_grows(before, other.titled(before)) for before in base.conversations)
    )


def _grows(before: Conversation, after: Conversation | None) -> bool:
    if not after or before.head.strip() != after.head.strip():
        return False
    rest = iter(after.pieces)
    return all(any(_skipped(piece, rest)) for piece in before.pieces)


def _skipped(piece: Piece, rest: Iterator[Piece]) -> Iterator[bool]:
    """Whether the piece comes next, after nothing but takes."""
    for other in rest:
        yield piece.is_kept_by(other)
        if not (isinstance(other.entry, Reply) and other.entry.take > 1):
            return
