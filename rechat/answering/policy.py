"""All decisions: what to do with a request on a hit and on a miss, by the policy.

There is no socket, file, clock or thread here. Callers ask `Session.decide` and carry out the
decision.
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from difflib import get_close_matches

from rechat.answering.chained import Chains
from rechat.answering.model_list import models_answer
from rechat.answering.takes import ONE
from rechat.answering.takes import Room
from rechat.answering.takes import Takes
from rechat.dialects import PREVIOUS
from rechat.dialects import dialect_of
from rechat.dialects import portable
from rechat.explain import refusal_of
from rechat.index import Hit
from rechat.index import Index
from rechat.index import Miss
from rechat.matching import at_home
from rechat.matching import fill
from rechat.store import placement
from rechat.values import ALWAYS_ASKING
from rechat.values import CHAT
from rechat.values import OFFLINE
from rechat.values import RAW
from rechat.values import AnyAnswer
from rechat.values import Policy
from rechat.values import Reply
from rechat.values import Request
from rechat.values import in_answer
from rechat.values import jsontext

# Where clients send what they ask most; a path that is nearly one of these is a typo.
_ENDPOINTS = ("/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/embeddings")
_LONGEST_PATH = 80


@dataclass(frozen=True, slots=True)
class Serve:
    """Answer from the store. `is_only` if this is the only take."""

    hit: Hit
    reply: Reply
    answer: AnyAnswer
    is_only: bool = True

    @property
    def place(self) -> str:
        """Where the answer is, as `path:line`."""
        return f"{self.hit.exchange.path}:{self.reply.line}"

    @property
    def is_verbatim(self) -> bool:
        """Whether the answer is served exactly as it is in the file."""
        return self.answer is self.reply.answer


@dataclass(frozen=True, slots=True)
class Forward:
    """Forward to the upstream, and save the answer if `saves` and there is still `room`."""

    saves: bool
    miss: Miss | None = None
    room: Room = ONE


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse, with the reason in one line."""

    message: str
    miss: Miss | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until a person has written the answer. The question is to be written into the store,
    unless an empty answer for it is there already.
    """

    miss: Miss


@dataclass(frozen=True, slots=True)
class Make:
    """Answer with something computed from the whole store: the list of its models."""

    answer: AnyAnswer
    rule: str


type Decision = Serve | Forward | Refuse | Hold | Make


class Session:
    """The policy over an index, and what is remembered from request to request: the takes that each
    client has had, and the conversations that the server keeps. Each request that is forwarded has
    so many `answers`: of all its upstreams.
    """

    def __init__(
        self,
        index: Index,
        policy: Policy,
        *,
        takes: int = 1,
        answers: int = 1,
        fuzzy: float | None = None,
        choose: Callable[[int], int] | None = None,
    ) -> None:
        self.index = index
        self.policy = policy
        self.takes = takes
        self.answers = answers
        self._fuzzy = fuzzy
        self._takes = Takes(choose) if choose else Takes()
        self._chains = Chains(index)

    @property
    def version(self) -> int:
        """Another number once the same request may get another answer, takes aside."""
        return self.index.version + self._chains.version

    def whole(self, request: Request) -> Request:
        """The request with all that came before it, if it goes on from a conversation that is
        known. One that begins a conversation once more, under the same id, stays as it is.
        """
        whole = self._chains.whole(request)
        if whole is request or PREVIOUS in request.settings:
            return whole
        goes_on = isinstance(self.index.find(whole, explain=False), Hit)
        begins = isinstance(self.index.find(request, explain=False), Hit)
        return request if begins and not goes_on else whole

    def answered(self, request: Request, answer: AnyAnswer) -> None:
        """Remember an answer, so that later requests can continue from it."""
        self._chains.remember(request, answer)

    def prepared(self, request: Request, name: str) -> None:
        """Remember what a request says under an id, though nothing was answered to it."""
        self._chains.prepare(request, name)

    @property
    def is_explained(self) -> bool:
        """Whether a miss is explained by the nearest transcript; finding it takes long."""
        return self.policy in OFFLINE or self._fuzzy is not None

    def decide(self, request: Request, client: str = "") -> Decision:
        """What to do with a request; `client` identifies the client for the order of takes."""
        return self.decide_at_once(request, client) or self.conclude(
            self.index.find(request, explain=self.is_explained), request, client
        )

    def decide_at_once(self, request: Request, client: str = "") -> Decision | None:
        """The same, if that is quickly said; None if a miss has to be explained first, and is for
        `conclude`.
        """
        if self.policy in ALWAYS_ASKING:
            return Forward(saves=self.policy == "rerecord")
        found = self.index.find(request, explain=False)
        if isinstance(found, Miss) and self.is_explained and not found.blank:
            made = models_answer(request, self.index) if self.policy != "record" else None
            return Make(made, "models") if made else None
        return self.conclude(found, request, client)

    def decide_recorded(self, request: Request, client: str = "") -> Decision | None:
        """What is served to a request once an equal one was recorded; None if there is nothing."""
        found = self.index.find(request, explain=False)
        return self._serve(found, request, client) if isinstance(found, Hit) else None

    def conclude(self, found: Hit | Miss, request: Request, client: str = "") -> Decision:
        """What to do with a request, given what the index has for it."""
        if isinstance(found, Miss):
            found = self._similar(found) or _noted(found, request)
        if isinstance(found, Hit):
            return self._serve(found, request, client)
        if self.policy == "record":
            return Forward(saves=True, miss=found, room=self._room(request, 0, client))
        if self.policy == "hold" and placement.can_ask(request):
            return Hold(found)
        return Refuse(refusal_of(request, found.reason), found)

    def reset(self) -> None:
        """Start again with the first take of each request."""
        self._takes.reset()

    def recorded(self, request: Request, client: str) -> None:
        """Count an answer that a client had from the upstream as one of its takes."""
        if self.takes > 1 or self.answers > 1:
            self._takes.count(request, client)

    def _room(self, request: Request, have: int, client: str) -> Room:
        """The room for more takes than there are. A client with a name of its own has first what
        others have recorded: on replay too it begins with the first.
        """
        if placement.is_poll(request):
            return ONE
        left = self.takes - have
        return Room(left, self._takes.had(request, client) - have if client and left > 0 else None)

    def _similar(self, miss: Miss) -> Hit | None:
        """The nearest exchange as a hit, if `fuzzy` allows it and it is similar enough."""
        near = miss.nearest
        if (
            self._fuzzy is None
            or not near
            or near.ratio < self._fuzzy
            or not near.exchange.answered
        ):
            return None
        return Hit(near.exchange, f"fuzzy {near.ratio:.2f}", nearest=near)

    def _serve(self, hit: Hit, request: Request, client: str) -> Decision:
        replies = hit.exchange.answered
        room = self._room(request, len(replies), client)
        if self.policy == "record" and hit.is_same and room.left > 0 and (room.at or 0) >= 0:
            return Forward(saves=True, room=room)
        is_counted = self.policy == "record" and self.takes > 1
        is_endless = hit.exchange.section.options.takes != "error"
        is_only = len(replies) == 1 and is_endless and not is_counted
        reply = replies[0] if is_only else self._takes.next_reply(hit.exchange, request, client)
        if reply is None:
            where = f"{hit.exchange.path}:{hit.exchange.line}"
            return Refuse(f"rechat: all takes of {where} are used up ({len(replies)})")
        assert reply.answer is not None
        answer = at_home(
            with_holes(reply.answer, hit.holes),
            hit.exchange.section.options.normalise,
            [step.message for step in hit.exchange.steps],
            request.messages,
        )
        is_native = (hit.exchange.section.api or CHAT) == request.api
        return Serve(hit, reply, answer if is_native else portable(answer), is_only)


def _noted(miss: Miss, request: Request) -> Miss:
    """The miss, with a word on the method if that is wrong for an endpoint that is known, or on the
    path if it is nearly that of one.
    """
    method, path = request.settings.get("method"), request.settings.get("path")
    if request.api != RAW or miss.note or not isinstance(path, str):
        return miss
    if method != "POST":
        note = f"this endpoint takes POST: use POST, not {method}" if _is_known(path) else ""
    else:
        note = f"did you mean {meant}?" if (meant := _meant(path)) else ""
    return replace(miss, note=note) if note else miss


def _is_known(path: str) -> bool:
    dialect = dialect_of("POST", path)
    return dialect is not None and dialect.name != RAW


def _meant(path: str) -> str:
    """The path of an endpoint that is nearly this one; empty if there is none."""
    if len(path) > _LONGEST_PATH:
        return ""
    bare = path.rstrip("/")
    if _is_known(bare):
        return bare
    close = get_close_matches(bare, _ENDPOINTS, 1, 0.9)
    return close[0] if close else ""


def with_holes(answer: AnyAnswer, holes: dict[str, str]) -> AnyAnswer:
    """The answer with its holes filled from the request; the same answer if there are none."""
    if not holes:
        return answer
    quoted = {name: jsontext.dump(text)[1:-1] for name, text in holes.items()}
    return in_answer(answer, lambda text: fill(text, holes), lambda text: fill(text, quoted))
