"""A transcript cut at its headings: each message with the text that it has in the file, so that
what is joined keeps its words, its commentary and its links.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rechat.format import reader
from rechat.format import writer
from rechat.matching import canonical_message
from rechat.values import Answer
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Reply
from rechat.values import Section
from rechat.values import dump
from rechat.values import history_of


@dataclass(slots=True)
class Piece:
    """A message or answer, and its text in the file with the blank lines below."""

    entry: Entry
    text: str

    def is_kept_by(self, other: "Piece") -> bool:
        """Whether the other is the same, or only fills in a blank. What an answer says of itself
        may be told in another way: it refers to the one above it.
        """
        if self.text.rstrip("\n") == other.text.rstrip("\n"):
            return True
        match self.entry, other.entry:
            case Reply(None), Reply():
                return True
            case Reply(answer), Reply(same) if answer == same:
                return writer.notes(self.text) == writer.notes(other.text)
        return False

    def said(self) -> frozenset[object]:
        """What a later request may have in its place."""
        match self.entry:
            case Given(message, pattern):
                return frozenset({(pattern, canonical_message(message))})
            case Reply() as reply:
                return frozenset(("", canonical_message(message)) for message in history_of(reply))


@dataclass(slots=True)
class Conversation:
    """A section: what stands above its first message, and its messages."""

    section: Section
    head: str
    pieces: list[Piece]
    is_changed: bool = False

    def turns(self) -> list[range]:
        """Where its messages stand among the pieces; the takes of an answer are one turn."""
        found: list[range] = []
        for position, piece in enumerate(self.pieces):
            entry, last = piece.entry, self.pieces[position - 1].entry
            is_take = isinstance(entry, Reply) and entry.take > 1 and isinstance(last, Reply)
            start = found.pop().start if is_take and found else position
            found.append(range(start, position + 1))
        return found

    def insert(self, position: int, piece: Piece) -> None:
        """Put in a piece behind another; the blank lines at the end stay there."""
        before = self.pieces[position - 1]
        text = before.text.rstrip("\n")
        end = before.text[len(text) :] or "\n"
        before.text = f"{text}\n\n"
        self.pieces.insert(position, Piece(piece.entry, piece.text.rstrip("\n") + end))
        self.is_changed = True

    def retell(self) -> None:
        """Let the answers that refer to the ones above them refer to those that are there now."""
        above: list[Entry] = []
        for piece in self.pieces:
            match piece.entry:
                case Reply(Answer() as answer):
                    settings = self.section.settings
                    piece.text = writer.retold(piece.text, answer, above, settings)
            above.append(piece.entry)


@dataclass(slots=True)
class Cut:
    """A whole file in pieces: what stands above the first section that has messages, and these."""

    front: str
    conversations: list[Conversation]

    @property
    def text(self) -> str:
        """The file's text."""
        return self.front + "".join(
            conversation.head + "".join(piece.text for piece in conversation.pieces)
            for conversation in self.conversations
        )

    def titled(self, conversation: Conversation) -> Conversation | None:
        """The conversation of the same title."""
        title = conversation.section.title
        return next((one for one in self.conversations if one.section.title == title), None)

    def add(self, head: str, conversation: Conversation) -> None:
        """Put another conversation at the end, below this head."""
        if pieces := self.pieces:
            pieces[-1].text = pieces[-1].text.rstrip("\n") + "\n\n"
        conversation.head = head
        end = conversation.pieces[-1]
        end.text = end.text.rstrip("\n") + "\n"
        self.conversations.append(conversation)

    @property
    def pieces(self) -> list[Piece]:
        """All of them, in order."""
        return [piece for one in self.conversations for piece in one.pieces]


def cut(source: str) -> Cut:
    """The pieces of a source. Raises `TranscriptError`."""
    sections = reader.parse(source, _stand_in).sections
    if not sections:
        return Cut(source, [])
    starts = [section.span.start for section in sections]
    ends = [*starts[1:], len(source)]
    lines = [0, *(at + 1 for at, letter in enumerate(source) if letter == "\n")]
    conversations = [
        _conversation(source, section, (start, end), lines)
        for section, start, end in zip(sections, starts, ends, strict=True)
    ]
    return Cut(source[: starts[0]], conversations)


def _conversation(
    source: str, section: Section, span: tuple[int, int], lines: Sequence[int]
) -> Conversation:
    starts = [lines[entry.line - 1] for entry in section.entries]
    texts = _between(source, [*starts, span[1]])
    pieces = [Piece(entry, text) for entry, text in zip(section.entries, texts, strict=True)]
    return Conversation(section, source[span[0] : starts[0]], pieces)


def _between(source: str, places: list[int]) -> Iterator[str]:
    return (source[start:end] for start, end in pairwise(places))


def _stand_in(path: str) -> bytes:
    """What stands for a linked file: while git merges, the files of the other branch are not there
    yet, and links are equal if their paths are.
    """
    return dump({"linked": path}).encode()
