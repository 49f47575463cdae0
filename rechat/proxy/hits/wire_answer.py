"""Answers as they go over the wire, by HTTP/1.1."""

from dataclasses import dataclass
from http.client import responses

from rechat.answering import Answered
from rechat.observe import JournalEntry
from rechat.values import HttpResponse
from rechat.values import Piece
from rechat.values import check_headers

# What one answer takes beside its bytes: measured, rounded up.
_OVERHEAD = 1000


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An answer as it goes over the wire: what is sent at once, what is sent later (at times after
    the request), and what the journal has of it.
    """

    now: bytes
    later: tuple[Piece, ...]
    entry: JournalEntry

    @property
    def size(self) -> int:
        """About how many bytes this takes."""
        return len(self.now) + sum(len(piece.data) for piece in self.later) + _OVERHEAD


def wire_answer(said: Answered) -> WireAnswer:
    """The answer as it goes over the wire; its head leaves with the first piece."""
    response = said.response
    now = head_of(response, len(response.body))
    later: list[Piece] = []
    for piece in response.pieces:
        if not later and piece.at <= 0:
            now += piece.data
        elif not later:
            later.append(Piece(piece.at, now + piece.data))
            now = b""
        else:
            later.append(Piece(max(piece.at, later[-1].at), piece.data))
    return WireAnswer(now, tuple(later), said.entry)


def head_of(response: HttpResponse, length: int) -> bytes:
    """The head of a response whose body has so many bytes. Raises `ValueError` if a header would
    begin another.
    """
    check_headers(response.headers)
    lines = [f"HTTP/1.1 {response.status} {responses.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    lines += [f"content-length: {length}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace")
