"""A three-way merge of transcripts in which at least one branch only added something.

1. What it added is looked up in the other version, turn by turn from the top. What that has too is
   left out, also if ids and times differ. An answer to the same request in other words is one more
   take.
2. Turns at the end of what both have are appended. Where the other version goes on in another way,
   they become a section of their own that repeats what they answer: a conversation is written once
   from the top down, so an appended turn would answer what stands above it there.
3. The result is read: all that both versions answer, it answers as they do. If not, or if both
   versions changed the same, nothing is joined and it is a conflict.
"""

from dataclasses import dataclass
from dataclasses import replace

from rechat.format import writer
from rechat.matching import exchanges_of
from rechat.matching import keyed
from rechat.store import handwritten
from rechat.store.merging.pieces import Conversation
from rechat.store.merging.pieces import Cut
from rechat.store.merging.pieces import Piece
from rechat.store.merging.pieces import cut
from rechat.store.merging.walk import Walk
from rechat.store.merging.walk import adds_only
from rechat.store.merging.walk import walk
from rechat.store.placement import given_of
from rechat.store.placement import says_the_same
from rechat.values import AnyAnswer
from rechat.values import Given
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Transcript
from rechat.values import TranscriptError
from rechat.values import history_of

_TITLE = 60


@dataclass(slots=True)
class Joined:
    """A merged text, and how many messages and takes were added, and sections opened for them. It
    `is_loose` if what was added stands below messages that the other version changed.
    """

    text: str = ""
    messages: int = 0
    takes: int = 0
    sections: int = 0
    is_loose: bool = False


def join(base: str, ours: str, theirs: str) -> Joined | None:
    """Both versions of a transcript in one; None if that is for a person to decide."""
    for target, other in ((ours, theirs), (theirs, ours)):
        try:
            before, after = cut(base), cut(other)
            joined = (
                _Join(before, cut(target)).add(cut(other)) if adds_only(before, after) else None
            )
            if joined and _has_all(joined, before, cut(target), after):
                return joined
        except TranscriptError:
            continue
    return None


class _Join:
    """Adds what another version has and the base has not."""

    def __init__(self, base: Cut, target: Cut) -> None:
        self._base = base
        self._target = target
        self._made = Joined()

    def add(self, other: Cut) -> Joined | None:
        """The target with what the other adds; None if that has no place in it."""
        for theirs in other.conversations:
            before = self._base.titled(theirs)
            is_new = not before or before.section.entries != theirs.section.entries
            if is_new and not self._add(theirs, len(before.turns()) if before else 0):
                return None
        for conversation in self._target.conversations:
            if conversation.is_changed:
                conversation.retell()
        self._made.text = self._target.text
        return self._made

    def _add(self, theirs: Conversation, old: int) -> bool:
        """Add what is new in a conversation, of which the base has so many turns."""
        walks = [walk(one, theirs) for one in self._target.conversations if _is_alike(one, theirs)]
        walks = [found for found in walks if found.shared and len(found.shared) >= old]
        same = self._target.titled(theirs)
        if not walks and old and same:
            # Our branch changed a message that they left alone.
            walks = [
                found for found in [walk(same, theirs, range(old))] if len(found.shared) >= old
            ]
            self._made.is_loose = True
        if not walks:
            return not old and self._add_section(theirs)
        # The longest, and of those the one that ends there.
        best = max(walks, key=lambda found: (len(found.shared), found.is_whole))
        is_fork = bool(best.rest) and not best.is_whole
        for found in walks:
            self._add_takes(found)
        if is_fork:
            self._fork(best)
        else:
            for piece in best.rest:
                best.ours.insert(len(best.ours.pieces), piece)
        self._made.messages += len(best.rest)
        return True

    def _add_section(self, theirs: Conversation) -> bool:
        if not theirs.section.title or self._target.titled(theirs):
            first = self._target.conversations[:1]
            if not first or not _is_alike(first[0], theirs):
                return False
            self._fork(Walk(first[0], theirs, []))
        else:
            self._made.sections += 1
            self._target.add(theirs.head, theirs)
        self._made.messages += len(theirs.pieces)
        return True

    def _add_takes(self, found: Walk) -> None:
        """Add the answers that only the other version has to a request that both answer."""
        for here, there in reversed(found.shared):
            ours = [found.ours.pieces[at] for at in here]
            if not isinstance(ours[0].entry, Reply):
                continue
            end = here.stop
            for piece in (found.theirs.pieces[at] for at in there):
                if self._is_new(piece, ours):
                    end += self._add_take(found.ours, here.start, end, piece)

    def _is_new(self, piece: Piece, ours: list[Piece]) -> bool:
        """Whether a piece is an answer that neither our version nor the base has."""
        answer = piece.entry.answer if isinstance(piece.entry, Reply) else None
        if not answer or _gives(ours, answer):
            return False
        is_old = _gives(self._base.pieces, answer)
        # Our branch changed or removed it, which may be above what is added.
        self._made.is_loose |= is_old
        return not is_old

    def _add_take(self, ours: Conversation, start: int, end: int, piece: Piece) -> int:
        """Fill the blank among the takes from `start` to `end`, or add one; how many are added."""
        assert isinstance(piece.entry, Reply)
        self._made.takes += 1
        for at in range(start, end):
            old = ours.pieces[at]
            if isinstance(old.entry, Reply) and old.entry.answer is None:
                tail = old.text[len(old.text.rstrip("\n")) :]
                text = writer.as_take(piece.text, old.entry.take).rstrip("\n") + tail
                ours.pieces[at] = Piece(replace(piece.entry, take=old.entry.take), text)
                ours.is_changed = True
                return 0
        last = ours.pieces[end - 1].entry
        assert isinstance(last, Reply)
        take = last.take + 1
        new = Piece(replace(piece.entry, take=take), writer.as_take(piece.text, take))
        ours.insert(end, new)
        return 1

    def _fork(self, found: Walk) -> None:
        """Open a section for what goes on in another way."""
        theirs = found.theirs
        told = [piece for _, there in found.shared for piece in _history(theirs, there)]
        title = _title(found.rest, {one.section.title for one in self._target.conversations})
        pieces = [*told, *(replace(piece) for piece in found.rest)]
        section = replace(theirs.section, title=title)
        self._made.sections += 1
        head = f"## {title}\n\n{_settings(theirs)}"
        self._target.add(head, Conversation(section, head, pieces, is_changed=True))


def _gives(pieces: list[Piece], answer: AnyAnswer) -> bool:
    return any(
        isinstance(piece.entry, Reply) and says_the_same(piece.entry.answer, answer)
        for piece in pieces
    )


def _is_alike(ours: Conversation, theirs: Conversation) -> bool:
    """Whether two sections have the same settings."""
    return (ours.section.settings, ours.section.options) == (
        theirs.section.settings,
        theirs.section.options,
    )


def _history(theirs: Conversation, turn: range) -> list[Piece]:
    """A turn as part of a request: of an answer, the first take that a client can send back."""
    pieces = [theirs.pieces[at] for at in turn]
    found: list[Piece] = []
    for piece in pieces:
        match piece.entry:
            case Given():
                return [Piece(piece.entry, piece.text.rstrip("\n") + "\n\n")]
            case Reply() as reply:
                found += [_said(given_of(message)) for message in history_of(reply)]
    return found[:1]


def _said(entry: Given) -> Piece:
    return Piece(entry, f"{writer.given(entry.message)}\n\n")


def _title(pieces: list[Piece], taken: set[str]) -> str:
    """A title for turns: how the first message of a person begins."""
    said = (piece.entry.message.text for piece in pieces if isinstance(piece.entry, Given))
    lines = (line.strip() for text in said for line in text.splitlines())
    words = next((line for line in lines if line), "another answer")
    title = f"Also: {words[:_TITLE].strip(' #')}"
    number = 2
    while title in taken:
        title = f"{title.partition(' (')[0]} ({number})"
        number += 1
    return title


def _settings(theirs: Conversation) -> str:
    """The settings of a section in its own text; those of the file hold for each."""
    return writer.settings_in(theirs.head) if theirs.head.startswith("##") else ""


def _has_all(joined: Joined, base: Cut, target: Cut, other: Cut) -> bool:
    """Whether a text has all commentary that the other adds, and gives all answers that both
    versions give, but for those that one of them changed or removed. Raises `TranscriptError`.
    """
    added = {*writer.notes(other.text)} - {*writer.notes(base.text)}
    if not added <= {*writer.notes(joined.text)}:
        return False
    file = cut(joined.text)
    handwritten.check(Transcript(tuple(one.section for one in file.conversations)))
    there, old = _answers(file), _answers(base)
    for version in [target] if joined.is_loose else [target, other]:
        for key, answers in _answers(version).items():
            known = [*there.get(key, ()), *old.get(key, ())]
            for answer in answers:
                if not any(says_the_same(one, answer) for one in known):
                    return False
    return True


def _answers(file: Cut) -> dict[object, list[AnyAnswer]]:
    """The answers of a file, by what is asked."""
    found: dict[object, list[AnyAnswer]] = {}
    sections: list[Section] = [one.section for one in file.conversations]
    for section in sections:
        for exchange, scheme, keys in keyed(exchanges_of("", section)):
            for key in keys:
                answers = [reply.answer for reply in exchange.replies if reply.answer]
                found.setdefault((scheme, key), []).extend(answers)
    return found
