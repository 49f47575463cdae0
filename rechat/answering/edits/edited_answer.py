"""An answer that a person edits in the page: its text is changed where it stands in the file, and
every other byte is left as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from functools import partial

from rechat.index import Index
from rechat.matching import Exchange
from rechat.store import Recording
from rechat.store import Saved
from rechat.store import Say
from rechat.store import Store
from rechat.values import Answer
from rechat.values import Message
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Text


class ConflictError(RechatError):
    """The file has changed meanwhile: `current`, None if it has no such answer any more."""

    def __init__(self, message: str, current: str | None) -> None:
        super().__init__(message)
        self.current = current


@dataclass(frozen=True, slots=True)
class EditedText:
    """Another text for the answer at `place` (`path:line`), which said `before`."""

    place: str
    before: str
    after: str


def edit_answer(store: Store, request: Request, edited: EditedText) -> Saved:
    """Change the text of an answer to a request. Raises `ConflictError` if it says something else
    than `before`, `RechatError` if it cannot be changed so, and `OSError` if the disk says no. Then
    nothing was written.
    """
    _, reply = _found(store.index, request, edited)
    recording = Recording(request, _with_text(reply, edited.after))
    place = partial(_place, store.index, request, edited)
    saved = store.change(recording, place)
    assert saved
    return saved


def _place(index: Index, request: Request, edited: EditedText) -> Say:
    """The place in the file as it is now."""
    exchange, reply = _found(index, request, edited)
    return Say(exchange.path, exchange.section, reply.line, edited.before, edited.after)


def _found(index: Index, request: Request, edited: EditedText) -> tuple[Exchange, Reply]:
    path, _, line = edited.place.rpartition(":")
    known = [
        (exchange, reply)
        for exchange in _exchanges(index, request, path)
        for reply in exchange.answered
    ]
    # An edit above it moves an answer: then its text tells which it is.
    at = [both for both in known if str(both[1].line) == line] or (known if len(known) == 1 else [])
    alike = [both for both in known if text_of(both[1]) == edited.before]
    found = [both for both in at if both in alike] or alike[:1]
    if found:
        return found[0]
    current = text_of(at[0][1]) if at else None
    what = "has changed meanwhile" if at else "is not there any more"
    raise ConflictError(f"the answer at {edited.place} {what}: nothing was saved", current)


def _exchanges(index: Index, request: Request, path: str) -> Iterator[Exchange]:
    for hit in index.candidates(request):
        if hit.exchange.path == path:
            yield hit.exchange


def text_of(reply: Reply) -> str | None:
    """The text of an answer that has one; None if it is more than a text in one piece."""
    match reply.answer:
        case Answer(choices=[choice]):
            message = choice.message
            texts = [message.body] if message.body is not None else []
            texts += [part.text for part in message.parts_of(Text)]
            return texts[0] if len(texts) == 1 else None
    return None


def _with_text(reply: Reply, text: str) -> Answer:
    assert isinstance(reply.answer, Answer)
    [choice] = reply.answer.choices
    message = choice.message
    parts = tuple(
        replace(part, text=text) if isinstance(part, Text) else part for part in message.parts
    )
    body = text if message.body is not None else None
    said = Message(message.role, body, parts, message.fields, message.without)
    return replace(reply.answer, choices=(replace(choice, message=said),))
