"""What a person writes into the transcripts by the page or a command: a blank for an answer, the
answer, another text for one, a new question, a whole file. All is done on the store's thread.
"""

from collections.abc import Collection
from functools import partial

from rechat.answering.edits.edited_answer import EditedText
from rechat.answering.edits.edited_answer import edit_answer
from rechat.answering.edits.new_question import Accepted
from rechat.answering.edits.new_question import accept
from rechat.answering.edits.promotion import Promoted
from rechat.answering.edits.promotion import promote
from rechat.answering.edits.whole_file import save_source
from rechat.index import Index
from rechat.index import Miss
from rechat.store import Finding
from rechat.store import Recording
from rechat.store import Store
from rechat.store import StoreThread
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import Message
from rechat.values import RechatError
from rechat.values import Request


class Edits:
    """The edits of one session, which knows the transcripts in `index`."""

    def __init__(self, index: Index, store: Store, thread: StoreThread) -> None:
        self._index = index
        self._store = store
        self._thread = thread

    async def write_blank(self, request: Request) -> str:
        """Where the answer to a request is to be written, as `path:line`; the question is written
        above it if it is not there yet. Raises `RechatError`, or `OSError`.
        """
        return await self._thread.run(partial(self._write_blank, request))

    def _write_blank(self, request: Request) -> str:
        found = self._index.find(request, explain=False)
        if isinstance(found, Miss) and found.blank:
            return f"{found.blank.path}:{found.blank.line}"
        return _write(self._store, Recording(request, None))

    async def accept(self, request: Request, into: str = "") -> Accepted:
        """Give the nearest answer this question, or the one at the place `into`. Raises
        `RechatError`, or `OSError`.
        """
        return await self._thread.run(partial(accept, self._store, request, into))

    async def edit_answer(self, request: Request, edited: EditedText) -> str:
        """Where an answer stands whose text was edited. Raises `ConflictError` if it says something
        else by now, `RechatError`, or `OSError`.
        """
        saved = await self._thread.run(partial(edit_answer, self._store, request, edited))
        return saved.place

    async def save_source(self, name: str, before: str, after: str) -> list[Finding]:
        """What is wrong with a transcript that says `after` now, and said `before`. Raises
        `ConflictError` if it has changed meanwhile, `RechatError`, or `OSError`.
        """
        return await self._thread.run(partial(save_source, self._store, name, before, after))

    async def promote(self, name: str, to: str, kept: Collection[str]) -> Promoted:
        """A recording as a file written by hand, named `to`, with those of its settings that are
        `kept`. Raises `ConflictError`, `RechatError`, or `OSError`.
        """
        return await self._thread.run(partial(promote, self._store, name, to, kept))

    async def write_answer(self, request: Request, text: str) -> str:
        """Where the answer that a person gives to a request was saved. Raises `RechatError`, or
        `OSError`.
        """
        return await self._thread.run(partial(write_answer, self._store, request, text))


def write_answer(store: Store, request: Request, text: str) -> str:
    """Where the answer that is given to a request was saved, as `path:line`. Raises `RechatError`
    if there is one already, or `OSError`.
    """
    return _write(store, Recording(request, Answer((Choice(Message("assistant", text)),))))


def _write(store: Store, recording: Recording) -> str:
    saved = store.save(recording)
    if not saved:
        raise RechatError("the transcripts answer this already")
    return saved.place
