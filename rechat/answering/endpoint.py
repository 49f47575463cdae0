"""What the endpoint says: a whole request in, the whole answer out, or the word that an upstream
has to be asked.

Requests come in by two ways: past mitmproxy's machinery (`proxy.hits`), and through it
(`proxy.addon`). Both ask here, so both say the same.
"""

import time
from dataclasses import dataclass, replace

from rechat.answering.pace import Pace, paced
from rechat.answering.policy import (
    Decision,
    Forward,
    Hold,
    Make,
    Refuse,
    Serve,
    Session,
    failure_response,
    refusal_response,
)
from rechat.dialects import Dialect, dialect_of, said_tokens
from rechat.index import Miss
from rechat.observe import Entry, Verdict
from rechat.store import Recording, Store, is_worth_saving
from rechat.values import (
    RAW,
    Answer,
    AnyAnswer,
    BodyError,
    Choice,
    ErrorAnswer,
    Fault,
    HttpRequest,
    HttpResponse,
    Message,
    Policy,
    RechatError,
    Request,
    header,
    reason_of,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request without secrets. `client` tells apart those that go through the takes on
    their own, `is_ours` is false for the hosts of other people, `started` is when it was there
    (`time.perf_counter()`).
    """

    http: HttpRequest
    client: str
    is_ours: bool
    started: float


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what the journal has of it. `is_stable` if the same request gets the same
    answer until the store changes.
    """

    response: HttpResponse
    entry: Entry
    fault: Fault | None = None
    is_stable: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that is for an upstream to answer, and whether the answer is saved."""

    asked: Asked
    dialect: Dialect | None
    request: Request | None
    saves: bool
    reason: str

    @property
    def model(self) -> str:
        """The model that is asked for; empty if none is named."""
        return self.request.model if self.request else ""


@dataclass(frozen=True, slots=True)
class Held:
    """A request that waits until a person has written the answer, and what the journal has of it.
    The next time it is asked, that may be there.
    """

    asked: Asked
    entry: Entry


class Endpoint:
    """A session over a store, at a pace."""

    def __init__(self, session: Session, store: Store, pace: Pace | None = None) -> None:
        self._session = session
        self._store = store
        self._pace = pace

    @property
    def is_offline(self) -> bool:
        """Whether no upstream is ever asked."""
        return self._session.policy in ("replay", "hold")

    @property
    def policy(self) -> Policy:
        """What happens on a miss."""
        return self._session.policy

    def reset(self) -> None:
        """Begin with the first take of each request again."""
        self._session.reset()

    @property
    def version(self) -> int:
        """Another number once the store has changed."""
        return self._store.index.version

    def ask(self, asked: Asked) -> Said | Sent | Held:
        """The answer to a request, or that an upstream is to be asked, or a person. It never
        raises: what goes wrong is an answer too.
        """
        try:
            return self._ask(asked)
        except Exception as error:  # noqa: BLE001  # nothing may be forwarded because of it
            return failure(asked, error)

    def _ask(self, asked: Asked) -> Said | Sent | Held:
        dialect = dialect_of(asked.http.method, asked.http.path)
        request, reason = _read(dialect, asked.http)
        if request and request.api == RAW and not asked.is_ours:
            request, reason = None, "an endpoint of a host that is no upstream is not recorded"
        request = self._session.whole(request) if request else None
        match self._decide(asked, request, reason):
            case Serve() as served if dialect and request:
                try:
                    return self._serve(asked, served, dialect, request)
                except Exception as error:  # noqa: BLE001  # as above; here the place is known
                    return failure(asked, error, request, served.place)
            case Hold(miss) if request:
                return self._hold(asked, request, miss)
            case Make(answer, rule) if dialect and request:
                entry = Entry("hit", asked.http.target, request, answer, rule=rule)
                return _said(dialect.write_answer(answer, request), entry, asked, is_stable=True)
            case Refuse(message, miss):
                reason = miss.reason if miss else message
                entry = Entry("miss", asked.http.target, request, reason=reason, miss=miss)
                response = refusal_response(message, dialect.name if dialect else "")
                return _said(response, entry, asked)
            case Forward(saves):
                return Sent(asked, dialect, request, saves and request is not None, reason)
        raise AssertionError("a request that was not read is never answered")

    def _decide(self, asked: Asked, request: Request | None, reason: str) -> Decision:
        if request:
            return self._session.decide(request, asked.client)
        if self.is_offline:
            return Refuse(f"rechat: {reason}")
        return Forward(saves=False)

    def _serve(self, asked: Asked, served: Serve, dialect: Dialect, request: Request) -> Said:
        answer = served.answer
        wire = self._wire(served, request)
        response = wire or dialect.write_answer(answer, request)
        if request.follows is not None and isinstance(answer, Answer):
            self._session.answered(request, dialect.read_answer(response).answer)
        tokens = said_tokens(answer) if self._pace and isinstance(answer, Answer) else 0
        response = paced(response, self._pace, tokens)
        where = (
            ("x-rechat-transcript", _latin(served.place)),
            ("x-rechat-match", served.hit.rule),
        )
        response = replace(response, headers=(*response.headers, *where))
        counted = answer.tokens if isinstance(answer, Answer) else None
        entry = Entry(
            "hit",
            asked.http.target,
            request,
            answer,
            served.place,
            served.hit.rule,
            miss=Miss(served.hit.nearest) if served.hit.nearest else None,
            saved_ms=wire.pieces[-1].at if wire and wire.pieces else 0.0,
            saved_tokens=sum(counted or ()),
        )
        said = _said(response, entry, asked)
        if isinstance(answer, Fault):
            return replace(said, fault=answer)
        return replace(said, is_stable=served.is_only and request.follows is None)

    def _hold(self, asked: Asked, request: Request, miss: Miss) -> Said | Held:
        """Write the question down, for a person to answer."""
        try:
            place = self.write_blank(request)
        except (RechatError, OSError) as error:
            entry = Entry("miss", asked.http.target, request, reason=str(error), miss=miss)
            return _said(refusal_response(f"rechat: {error}", request.api), entry, asked)
        reason = "waits for the answer"
        entry = Entry("held", asked.http.target, request, place=place, reason=reason, miss=miss)
        return Held(asked, _with_http(entry, asked))

    def write_blank(self, request: Request) -> str:
        """Where the answer to a request is to be written, as `path:line`; the question is written
        above it if it is not there yet. Raises `RechatError`, or `OSError`.
        """
        found = self._session.index.find(request, explain=False)
        if isinstance(found, Miss) and found.blank:
            return f"{found.blank.path}:{found.blank.line}"
        saved = self._store.save(Recording(request, None))
        if not saved:
            raise RechatError("the transcripts answer this already")
        return saved.place

    def write_answer(self, request: Request, text: str) -> str:
        """Where the answer that a person gives to a request was saved. Raises `RechatError`, or
        `OSError`.
        """
        answer = Answer((Choice(Message("assistant", text)),))
        saved = self._store.save(Recording(request, answer))
        if not saved:
            raise RechatError("the transcripts answer this already")
        return saved.place

    def _wire(self, served: Serve, request: Request) -> HttpResponse | None:
        """The recorded bytes, if the answer is served as it was recorded, in the shape that was
        recorded.
        """
        if not served.is_verbatim:
            return None
        return self._store.wire(served.place, request.shape, served.answer)

    def received(self, sent: Sent, response: HttpResponse, *, is_upgrade: bool = False) -> Entry:
        """Take in what the upstream answered, and save it if that is wanted."""
        if is_upgrade or not (sent.dialect and sent.request):
            return self._forwarded(sent, "forwarded", reason=sent.reason, response=response)
        try:
            received = sent.dialect.read_answer(response)
            self._session.answered(sent.request, received.answer)
            if not sent.saves:
                return self._forwarded(sent, "forwarded", received.answer, response=response)
            wire = response if received.is_verbatim else None
            place, reason = self._save(sent, sent.request, received.answer, wire)
        except (RechatError, OSError, ValueError, RecursionError) as error:
            return self.failed(sent, str(error))
        except Exception as error:  # noqa: BLE001  # the client has the answer; the journal tells
            return self.failed(sent, reason_of(error))
        verdict: Verdict = "recorded" if place else "forwarded"
        return self._forwarded(sent, verdict, received.answer, place, reason, response)

    def failed(self, sent: Sent, reason: str) -> Entry:
        """What the journal says of an answer that is not there whole, or cannot be read."""
        prefix = "not saved: " if sent.saves else ""
        return self._forwarded(sent, "failed", reason=prefix + reason)

    def _forwarded(
        self,
        sent: Sent,
        verdict: Verdict,
        answer: AnyAnswer | None = None,
        place: str = "",
        reason: str = "",
        response: HttpResponse | None = None,
    ) -> Entry:
        entry = Entry(
            verdict,
            sent.asked.http.target,
            sent.request,
            answer,
            place,
            reason=reason,
            milliseconds=since(sent.asked.started),
        )
        return _with_http(entry, sent.asked, response)

    def _save(
        self, sent: Sent, request: Request, answer: AnyAnswer, wire: HttpResponse | None
    ) -> tuple[str, str]:
        """Where the answer was saved, or why it was not."""
        if not is_worth_saving(answer):
            status = answer.status if isinstance(answer, ErrorAnswer) else ""
            return "", f"not saved: status {status} may pass"
        recording = Recording(request, answer, f"{since(sent.asked.started):.0f} ms")
        saved = self._store.save(
            recording, replaces=self._session.policy == "rerecord", takes=self._session.takes
        )
        if not saved:
            return "", "the transcripts say the same"
        try:
            if wire:
                self._store.keep_wire(saved, request.shape, wire)
        except Exception as error:  # noqa: BLE001  # the transcript is saved: that is what counts
            return saved.place, f"saved without its bytes: {reason_of(error)}"
        return saved.place, ""


def failure(
    asked: Asked, error: Exception, request: Request | None = None, place: str = ""
) -> Said:
    """The answer to a request that could not be answered because something failed; `place` is the
    transcript that was to answer.
    """
    dialect = dialect_of(asked.http.method, asked.http.path)
    reason = reason_of(error)
    entry = Entry("failed", asked.http.target, request, place=place, reason=reason)
    what = f"{place} cannot be served" if place else "this request could not be answered"
    response = failure_response(f"rechat: {what}: {reason}", dialect.name if dialect else "")
    return _said(response, entry, asked)


def _read(dialect: Dialect | None, asked: HttpRequest) -> tuple[Request | None, str]:
    """What is asked, or why that cannot be told."""
    if not dialect:
        return (
            None,
            f"{asked.method} {asked.path} is no endpoint that can be answered from transcripts",
        )
    try:
        return dialect.read_request(asked), ""
    except BodyError as error:
        return None, str(error)
    except RecursionError:
        return None, "the body is nested too deeply to be read"


def _said(response: HttpResponse, entry: Entry, asked: Asked, *, is_stable: bool = False) -> Said:
    """The answer as it leaves: with its verdict in the headers, and the time it took."""
    entry = _with_http(entry, asked, response)
    headers = [pair for pair in response.headers if pair[0].lower() != "x-rechat"]
    if not header(headers, "content-type"):
        headers.append(("content-type", "application/json"))
    response = replace(response, headers=(*headers, ("x-rechat", entry.verdict)))
    return Said(response, replace(entry, milliseconds=since(asked.started)), is_stable=is_stable)


def _with_http(entry: Entry, asked: Asked, response: HttpResponse | None = None) -> Entry:
    """The entry with what is to be seen of the wire."""
    pieces = response.pieces if response else ()
    return replace(
        entry,
        headers=asked.http.headers,
        answer_headers=response.headers if response else (),
        times=tuple((piece.at, len(piece.data)) for piece in pieces),
        size=len(asked.http.body) + sum(len(piece.data) for piece in pieces),
    )


def _latin(text: str) -> str:
    """A path as a header can hold it."""
    return text.encode("ascii", "backslashreplace").decode("ascii")


def since(started: float) -> float:
    """The milliseconds since then, on the clock of `Asked`."""
    return (time.perf_counter() - started) * 1000
