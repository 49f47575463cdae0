"""Sessions that tests open at one server: each has transcripts, a policy and an order of takes of
its own.

1. A request belongs to the session that it names. One that names none, or one that is over, belongs
   to the session that is open, if there is just one: programs make a client once and go on with it.
2. What a session has recorded is kept or taken back as a whole when it is closed. What arrives from
   an upstream after that is not saved.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import partial
from pathlib import Path

from rechat.answering.edits import ACCEPTED
from rechat.answering.endpoint import Endpoint
from rechat.answering.errors import refusal_response
from rechat.answering.outcome import Answered
from rechat.answering.outcome import Asked
from rechat.answering.outcome import Held
from rechat.answering.outcome import Later
from rechat.answering.outcome import Sent
from rechat.answering.outcome import say
from rechat.answering.policy import Session
from rechat.answering.recorder import failed
from rechat.answering.side_by_side import SideBySide
from rechat.dialects import dialect_of
from rechat.index import Index
from rechat.observe import JournalEntry
from rechat.store import Store
from rechat.store import StoreThread
from rechat.store import protect
from rechat.store import put_back
from rechat.values import OFFLINE
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Fault
from rechat.values import HttpResponse
from rechat.values import Policy
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import made_at

_NOBODY = "no test is running that this request could belong to"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session to open: its files and folders below the working folder, what happens on a miss,
    and how many takes are recorded. If it `begins_anew`, its file is recorded again from the start.
    What is recorded again takes the place of an equal answer that is older than `max_age` seconds.
    If it `accepts`, a changed question takes the place of the old one above the nearest answer.
    """

    paths: tuple[str, ...]
    policy: Policy
    takes: int = 1
    begins_anew: bool = False
    max_age: float | None = None
    accepts: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """An answer in the files of a session, where it is (`path:line`, and the title of its section),
    and whether the session has served or saved it. `recorded` is when it was made, in seconds since
    1970, if the file or the API says so; a recorded one of which neither does `is_undated`.
    """

    place: str
    title: str
    is_used: bool
    recorded: float | None = None
    is_undated: bool = False


@dataclass(slots=True)
class _Open:
    """A session, what its files said before, the first folder above them that was not there, and
    the places that it has answered from or saved.
    """

    endpoint: Endpoint
    store: Store
    before: dict[Path, bytes]
    new_folder: Path | None
    served: set[str] = field(default_factory=set)
    saved: set[Path] = field(default_factory=set)


class _Alone(SideBySide):
    """There are no others."""

    async def claim(self, request: Request) -> bool:  # noqa: ARG002
        """Nobody else asks."""
        return True

    async def release(self, request: Request) -> None:
        """Nobody else waits."""


class Sessions(Endpoint):
    """The endpoint of a server for tests. The policy is that of the server: sessions record only if
    that does.
    """

    def __init__(self, policy: Policy, choose: Callable[[int], int] | None = None) -> None:
        nothing = Store(())
        super().__init__(Session(nothing.index, policy), nothing)
        # Each has files of its own, in which no other process records.
        self.others = _Alone(nothing, self.thread)
        self._choose = choose
        self._opened: dict[str, _Open] = {}
        self._changes = 0

    @property
    def version(self) -> int:
        """Another number once the same request may get another answer."""
        return self._changes + sum(one.endpoint.version for one in self._opened.values())

    async def open(self, name: str, wanted: Wanted) -> list[str]:
        """Open a session, and say what of its files cannot be read. Raises `RechatError` if there
        is one of this name, a path leads out of the working folder, or the server does not record.
        """
        if name in self._opened:
            raise RechatError(f"the session {name} is open already")
        if self.is_offline and wanted.policy not in OFFLINE:
            raise RechatError("this server only replays, and has no upstream to ask")
        opened = await self.thread.run(partial(_open, wanted, self._choose, self.thread))
        self._opened[name] = opened
        self._changes += 1
        return [str(problem) for problem in opened.store.problems.values()]

    async def close(self, name: str, *, is_kept: bool) -> list[Use]:
        """Close a session, and say which answers of its files it has used. Unless it `is_kept`, the
        files say again what they said when it was opened. Raises `RechatError` if there is none.
        """
        if name not in self._opened:
            raise RechatError(f"there is no session {name}")
        closed = self._opened.pop(name)
        self._changes += 1 + closed.endpoint.version
        return await self.thread.run(partial(_close, closed, is_kept=is_kept))

    async def uses(self, name: str) -> list[Use]:
        """Which answers of its files a session has used so far. Raises `RechatError` if there is
        none.
        """
        if name not in self._opened:
            raise RechatError(f"there is no session {name}")
        return await self.thread.run(partial(_uses, self._opened[name]))

    async def close_all(self) -> None:
        """Close all sessions; what they recorded is taken back."""
        for name in list(self._opened):
            await self.close(name, is_kept=False)

    def _belongs(self, asked: Asked) -> tuple[_Open, Asked] | None:
        """The session of a request, and the request with its name; None if there is none."""
        name = asked.client
        if name not in self._opened:
            if len(self._opened) != 1:
                return None
            (name,) = self._opened
            asked = replace(asked, client=name)
        return self._opened[name], asked

    def ask(self, asked: Asked) -> Answered | Sent | Held | Later:
        """The answer of the session that a request belongs to."""
        found = self._belongs(asked)
        if not found:
            return _refused(asked)
        return self._noted(found[0], found[0].endpoint.ask(found[1]))

    async def finish(self, later: Later) -> Answered | Sent | Held:
        """The same, for what takes longer."""
        opened = self._opened.get(later.asked.client)
        if not opened:
            return _refused(later.asked)
        return self._noted(opened, await opened.endpoint.finish(later))

    def again(self, sent: Sent, *, is_recorded: bool) -> Answered | Sent | Held | Later:
        """What is said to a request now that its session has recorded more."""
        opened = self._opened.get(sent.asked.client)
        if not opened:
            return _refused(sent.asked)
        return self._noted(opened, opened.endpoint.again(sent, is_recorded=is_recorded))

    def _noted[T: Answered | Sent | Held | Later](self, opened: _Open, outcome: T) -> T:
        """An outcome as this server says it, and note which answer it is."""
        match outcome:
            case Answered(entry=JournalEntry(place=str(place), rule=rule)) if place:
                opened.served.add(place)
                if rule == ACCEPTED:
                    opened.saved.add(Path(place.rpartition(":")[0]))
            case Sent():
                return replace(outcome, version=self.version)
        return outcome

    async def received(
        self,
        sent: Sent,
        receive: Callable[[], HttpResponse],
        *,
        is_upgrade: bool = False,
        upstream: str = "",
    ) -> JournalEntry:
        """Take in what the upstream answered, if the session is still open."""
        opened = self._opened.get(sent.asked.client)
        if not opened:
            return failed(sent, "its test was over")
        entry = await opened.endpoint.received(
            sent, receive, is_upgrade=is_upgrade, upstream=upstream
        )
        if entry.verdict == "recorded":
            opened.saved.add(Path(entry.place.rpartition(":")[0]))
        return entry

    def prepared(self, asked: Asked, name: str) -> None:
        """Remember in its session what a request says, if that is still open."""
        found = self._belongs(asked)
        if found:
            found[0].endpoint.prepared(found[1], name)

    def prepare(self, asked: Asked) -> HttpResponse:
        """The same of a request that is answered here. Raises `BodyError` if it belongs to none."""
        found = self._belongs(asked)
        if not found:
            raise BodyError(_NOBODY)
        return found[0].endpoint.prepare(found[1])

    @property
    def trouble(self) -> str:
        """What keeps the answers of a session from the disk; empty if nothing does."""
        troubles = (opened.endpoint.trouble for opened in self._opened.values())
        return next(filter(None, troubles), "")

    def counts(self, request: Request, client: str) -> None:
        """A client has had an answer that was just recorded."""
        opened = self._opened.get(client)
        if opened:
            opened.endpoint.counts(request, client)


def _open(wanted: Wanted, choose: Callable[[int], int] | None, thread: StoreThread) -> _Open:
    roots = [_inside(path) for path in wanted.paths]
    store = Store(roots)
    is_there = any(root.exists() for root in roots)
    before: dict[Path, bytes] = {}
    if is_there and (wanted.accepts or wanted.policy not in OFFLINE):
        before = {path: path.read_bytes() for path in store.files()}
    if wanted.begins_anew:
        for path in before.keys() & set(roots):
            path.unlink()
        is_there = any(root.exists() for root in roots)
    if is_there:
        store.load()
    session = Session(store.index, wanted.policy, takes=wanted.takes, choose=choose)
    missing = [folder for folder in roots[0].parents if not folder.exists()]
    new_folder = missing[-1] if missing else None
    endpoint = Endpoint(
        session, store, thread=thread, max_age=wanted.max_age, accepts=wanted.accepts
    )
    return _Open(endpoint, store, before, new_folder)


def _inside(path: str) -> Path:
    if not Path(path).resolve().is_relative_to(Path.cwd()):
        raise RechatError(f"{path} is not in the folder that the server works in")
    return Path(path)


def _close(closed: _Open, *, is_kept: bool) -> list[Use]:
    if not is_kept:
        # A file that was to be recorded from the start may have gone before anything was saved.
        gone = {path for path in closed.before if not path.exists()}
        put_back({path: closed.before.get(path) for path in closed.saved | gone})
    elif closed.saved and closed.new_folder:
        protect(closed.new_folder)
    return _uses(closed)


def _uses(closed: _Open) -> list[Use]:
    return uses_of(closed.store.index, closed.served)


def uses_of(index: Index, served: Container[str]) -> list[Use]:
    """The answers in an index, and whether they are at one of the places that were `served`."""
    found: list[Use] = []
    for path in index.paths:
        for section in index.sections(path):
            replies: Sequence[Reply] = [
                entry
                for entry in section.entries
                if isinstance(entry, Reply) and entry.answer is not None
            ]
            for reply in replies:
                place = f"{path}:{reply.line}"
                made = made_at(reply)
                is_undated = made is None and _is_recorded(section, reply)
                found.append(Use(place, section.title, place in served, made, is_undated))
    return found


def _is_recorded(section: Section, reply: Reply) -> bool:
    match reply.answer:
        case Answer() as answer:
            return section.options.match == "exact" or answer.is_recorded
        case Fault():
            return False
    return section.options.match == "exact"


def _refused(asked: Asked) -> Answered:
    dialect = dialect_of(asked.http.method, asked.http.path)
    entry = JournalEntry("miss", asked.http.target, reason=_NOBODY)
    response = refusal_response(f"rechat: {_NOBODY}", dialect.name if dialect else "")
    return say(response, entry, asked)
