"""Answers requests: a complete request goes in, and a complete answer comes out, or the instruction
to ask an upstream or a person.

Requests arrive in two ways: past mitmproxy's machinery (`proxy.hits`), and through it
(`proxy.addon`). Both call this module, so both give the same answers.

`ask` is for the event loop and never waits. What takes longer is asynchronous, and done on the
store's thread; what the session remembers is touched by the loop alone.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from rechat.answering.chained import Told
from rechat.answering.edits import ACCEPTED
from rechat.answering.edits import Acceptance
from rechat.answering.edits import Edits
from rechat.answering.errors import refusal_response
from rechat.answering.outcome import Answered
from rechat.answering.outcome import Asked
from rechat.answering.outcome import Held
from rechat.answering.outcome import Later
from rechat.answering.outcome import Question
from rechat.answering.outcome import Sent
from rechat.answering.outcome import failure
from rechat.answering.outcome import header_value
from rechat.answering.outcome import hold
from rechat.answering.outcome import read_request
from rechat.answering.outcome import say
from rechat.answering.pace import Pace
from rechat.answering.pace import timed
from rechat.answering.policy import Decision
from rechat.answering.policy import Forward
from rechat.answering.policy import Hold
from rechat.answering.policy import Make
from rechat.answering.policy import Refuse
from rechat.answering.policy import Serve
from rechat.answering.policy import Session
from rechat.answering.recorder import Recorder
from rechat.answering.recorder import failed
from rechat.answering.reloading import is_behind
from rechat.answering.reloading import reloaded
from rechat.answering.side_by_side import SideBySide
from rechat.answering.suspects import unread
from rechat.dialects import Dialect
from rechat.dialects import KnownRequests
from rechat.dialects import dialect_of
from rechat.index import Hit
from rechat.index import Miss
from rechat.observe import JournalEntry
from rechat.store import NotInMemory
from rechat.store import Store
from rechat.store import StoreThread
from rechat.values import ALWAYS_ASKING
from rechat.values import OFFLINE
from rechat.values import RAW
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Choice
from rechat.values import Fault
from rechat.values import HttpResponse
from rechat.values import Message
from rechat.values import Policy
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import disk_reason

# So many files that memory has let go of are read for one request before the store's thread reads
# all that it needs in one go.
_FILES = 8
_OF_ANOTHER_HOST = (
    "endpoints of hosts other than the upstreams are neither recorded nor replayed, unless --also "
    "names the host"
)


class Endpoint:
    """A session over a store, at a pace. If it `accepts`, an edited prompt takes the place of the
    old one in its transcript. `thread` is shared with other endpoints, if there are any. Answers
    that are recorded again take the place of equal ones that are older than `max_age` seconds.
    """

    def __init__(
        self,
        session: Session,
        store: Store,
        pace: Pace | None = None,
        thread: StoreThread | None = None,
        *,
        accepts: bool = False,
        max_age: float | None = None,
    ) -> None:
        self._session = session
        self._store = store
        self._pace = pace
        self._acceptance = Acceptance(store) if accepts else None
        self.thread = thread or StoreThread()
        self.edits = Edits(session.index, store, self.thread)
        self.others = SideBySide(store, self.thread)
        self._recorder = Recorder(
            store,
            self.others.tell,
            replaces=session.policy == "rerecord",
            takes=max(session.takes, session.answers),
            max_age=max_age,
        )
        self._known = KnownRequests()
        self._told = Told()

    @property
    def is_offline(self) -> bool:
        """Whether no upstream is ever asked."""
        return self._session.policy in OFFLINE

    @property
    def policy(self) -> Policy:
        """What happens on a miss."""
        return self._session.policy

    def reset(self) -> None:
        """Start again with the first take of each request."""
        self._session.reset()

    @property
    def version(self) -> int:
        """Another number once the same request may get another answer, takes aside."""
        return self._session.version + self._store.news.count

    async def answer(self, asked: Asked) -> Answered | Sent | Held:
        """The answer to a request, or that an upstream is to be asked, or a person. It never
        raises: what goes wrong is an answer too.
        """
        found = self.ask(asked)
        return await self.finish(found) if isinstance(found, Later) else found

    def ask(self, asked: Asked) -> Answered | Sent | Held | Later:
        """The same, if it can be said without waiting."""
        try:
            question = self._read(asked)
            if not question.request:
                return self._unread(question)
            if is_behind(self._store, self._session, question.request):
                return Later(asked, question, is_behind=True)
            return self._at_once(question, question.request)
        except Exception as error:  # noqa: BLE001  # nothing may be forwarded because of it
            return failure(asked, error)

    def _at_once(
        self, question: Question, request: Request, *, is_recorded: bool = False
    ) -> Answered | Sent | Held | Later:
        """What is known now, though a file may just have been edited."""
        asked = question.asked
        try:
            decision = self._session.decide_recorded(request, asked.client) if is_recorded else None
            decision = decision or self._session.decide_at_once(request, asked.client)
            return self._respond(question, decision) if decision else Later(asked, question)
        except NotInMemory as file:
            return Later(asked, question, file.path)

    def again(self, sent: Sent, *, is_recorded: bool) -> Answered | Sent | Held | Later:
        """What is said to a request that was for an upstream, now that the store has changed;
        whatever the policy, its answer is served if it is one that was just recorded for an equal
        request.
        """
        assert sent.request
        question = Question(sent.asked, sent.dialect, sent.request, sent.reason)
        try:
            return self._at_once(question, sent.request, is_recorded=is_recorded)
        except Exception as error:  # noqa: BLE001  # as above
            return failure(sent.asked, error)

    async def finish(self, later: Later) -> Answered | Sent | Held:
        """The answer to a request that had to wait. Like `answer`, it never raises."""
        try:
            return await self._finish(later)
        except Exception as error:  # noqa: BLE001  # as above
            return failure(later.asked, error)

    async def _finish(self, later: Later) -> Answered | Sent | Held:
        asked = later.asked
        found = await self._caught_up(later)
        if not isinstance(found, Later):
            return found
        search = partial(self._search, asked, found.question)
        question, result = await self.thread.run(search)
        if not question.request:
            return self._unread(question)
        decision = (
            self._session.conclude(result, question.request, asked.client)
            if result
            else self._session.decide(question.request, asked.client)
        )
        outcome = self._respond(question, decision)
        if not isinstance(outcome, Later):
            return outcome
        assert isinstance(decision, Hold)
        return await self._hold(question, decision.miss)

    async def _caught_up(self, later: Later) -> Answered | Sent | Held | Later:
        """What is said once the files that are needed have been read again. What is edited from
        then on is not waited for: the store's thread may be busy for long.
        """
        question = later.question
        if not question or not question.request:
            return later
        found: Answered | Sent | Held | Later = later
        if later.is_behind:
            await reloaded(self._store, self._session, question.request)
            found = self._at_once(question, question.request)
        for _ in range(_FILES):
            if not isinstance(found, Later) or not found.path:
                break
            await self.thread.read(partial(self._store.refresh, found.path))
            found = self._at_once(question, question.request)
        return found

    def _search(
        self, asked: Asked, question: Question | None
    ) -> tuple[Question, Hit | Miss | None]:
        """What the store has for a request, on its thread; None if nothing is to be looked for."""
        question = question or self._read(asked)
        if not question.request or self.policy in ALWAYS_ASKING:
            return question, None
        is_explained = self._session.is_explained
        found = self._session.index.find(question.request, explain=is_explained)
        if self._acceptance and isinstance(found, Miss):
            found = self._acceptance.accept(question.request, found)
        if isinstance(found, Miss) and is_explained:
            problems = [*self._store.problems.values()]
            found = replace(found, unread=unread(self._store.roots, problems, question.request))
        return question, found

    def _read(self, asked: Asked) -> Question:
        """The request, or the reason why it cannot be read."""
        dialect = dialect_of(asked.http.method, asked.http.path)
        request, reason = read_request(dialect, asked.http, self._known)
        if request and request.api == RAW and not asked.is_ours:
            request, reason = None, _OF_ANOTHER_HOST
        request = self._session.whole(request) if request else None
        return Question(asked, dialect, request, reason)

    def _unread(self, question: Question) -> Answered | Sent:
        """What becomes of a request that says nothing to the store."""
        if self.is_offline:
            return self._refuse(question, Refuse(f"rechat: {question.reason}"))
        return Sent(question.asked, question.dialect, None, saves=False, reason=question.reason)

    def _respond(self, question: Question, decision: Decision) -> Answered | Sent | Held | Later:
        """What is decided, as an answer; `Later` if the question has to be written down first."""
        asked, dialect, request = question.asked, question.dialect, question.request
        assert dialect
        assert request
        match decision:
            case Serve() as served:
                try:
                    return self._serve(asked, served, dialect, request)
                except Exception as error:  # noqa: BLE001  # as above; here the place is known
                    return failure(asked, error, request, served.place)
            case Hold(Miss(blank=blank) as miss):
                if not blank:
                    return Later(asked, question)
                return hold(question, miss, f"{blank.path}:{blank.line}")
            case Make(answer, rule):
                entry = JournalEntry("hit", asked.http.target, request, answer, rule=rule)
                return say(dialect.write_answer(answer, request), entry, asked, is_stable=True)
            case Refuse() as refused:
                return self._refuse(question, refused)
            case Forward(saves, room=room):
                return Sent(asked, dialect, request, saves, question.reason, room, self.version)

    def _refuse(self, question: Question, refused: Refuse) -> Answered:
        asked, miss = question.asked, refused.miss
        reason = miss.reason if miss else refused.message
        entry = JournalEntry("miss", asked.http.target, question.request, reason=reason, miss=miss)
        name = question.dialect.name if question.dialect else ""
        return say(refusal_response(refused.message, name), entry, asked)

    def _serve(self, asked: Asked, served: Serve, dialect: Dialect, request: Request) -> Answered:
        answer = served.answer
        if self._acceptance:
            self._acceptance.asked(served.hit.exchange)
        is_new = served.hit.rule == ACCEPTED
        wire = self._wire(served, request)
        response = wire or dialect.write_answer(answer, request)
        if request.follows is not None and isinstance(answer, Answer):
            self._session.answered(request, self._told.read(answer, response, dialect, request))
        response = timed(response, answer, served.hit.exchange.section.options, self._pace)
        where = (
            ("x-rechat-transcript", header_value(served.place)),
            ("x-rechat-match", served.hit.rule),
        )
        response = replace(response, headers=(*response.headers, *where))
        counted = answer.tokens if isinstance(answer, Answer) else None
        entry = JournalEntry(
            "hit",
            asked.http.target,
            request,
            answer,
            served.place,
            served.hit.rule,
            _accepted(served) if is_new else "",
            miss=Miss(served.hit.nearest) if served.hit.nearest else None,
            saved_ms=wire.pieces[-1].at if wire and wire.pieces else 0.0,
            saved_tokens=sum(counted or ()),
            take=0 if served.is_only else served.reply.take,
            takes=0 if served.is_only else len(served.hit.exchange.answered),
        )
        said = say(response, entry, asked)
        if isinstance(answer, Fault):
            return replace(said, fault=answer)
        return replace(said, is_stable=served.is_only and not is_new)

    async def _hold(self, question: Question, miss: Miss) -> Answered | Held:
        """Write the question into the store, for a person to answer."""
        asked, request = question.asked, question.request
        assert request
        try:
            place = await self.edits.write_blank(request)
        except (RechatError, OSError) as error:
            reason = disk_reason(error) if isinstance(error, OSError) else str(error)
            entry = JournalEntry("miss", asked.http.target, request, reason=reason, miss=miss)
            return say(refusal_response(f"rechat: {reason}", request.api), entry, asked)
        return hold(question, miss, place)

    def _wire(self, served: Serve, request: Request) -> HttpResponse | None:
        """The recorded bytes, if the answer is served as it was recorded, in the shape that was
        recorded.
        """
        if not served.is_verbatim:
            return None
        return self._store.wire(served.place, request.shape, served.answer)

    async def received(
        self,
        sent: Sent,
        receive: Callable[[], HttpResponse],
        *,
        is_upgrade: bool = False,
        upstream: str = "",
    ) -> JournalEntry:
        """Take in what the upstream answered, and save it if that is wanted. `receive` says what
        that was, or raises `ValueError`; it is called on the store's thread. `upstream` is the
        name of the one that answered, where there are several.
        """
        take_in = partial(
            self._recorder.take_in, sent, receive, is_upgrade=is_upgrade, upstream=upstream
        )
        entry, answer = await self.thread.run(take_in)
        if sent.request and answer:
            self._session.answered(sent.request, answer)
        return entry

    def prepared(self, asked: Asked, name: str) -> None:
        """Remember what a request says under the id that later ones go on from, though nothing was
        answered to it.
        """
        request = self._read(asked).request
        if request:
            self._session.prepared(request, name)

    def prepare(self, asked: Asked) -> HttpResponse:
        """The answer to a request that only says what later ones go on from: one that says nothing,
        with an id to go on from. Raises `BodyError` if the request cannot be read.
        """
        question = self._read(asked)
        if not question.request or not question.dialect:
            raise BodyError(question.reason)
        nothing = Answer((Choice(Message("assistant")),))
        response = question.dialect.write_answer(nothing, question.request)
        said = question.dialect.read_answer(response).answer
        name = said.fields.get("id") if isinstance(said, Answer) else None
        self._session.prepared(question.request, str(name))
        return response

    @property
    def trouble(self) -> str:
        """What keeps answers from the disk; empty if nothing does."""
        return self._recorder.trouble

    def counts(self, request: Request, client: str) -> None:
        """A client has had an answer that was just recorded: the next is another take."""
        self._session.recorded(request, client)

    def failed(self, sent: Sent, reason: str) -> JournalEntry:
        """The journal entry for an answer that is incomplete or cannot be read."""
        return failed(sent, reason)


def _accepted(served: Serve) -> str:
    """How the question differed that an answer had before."""
    before = served.hit.nearest
    return f"takes this question: {before.told}" if before else ""
