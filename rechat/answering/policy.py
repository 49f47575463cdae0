"""All decisions: what to do with a request on a hit and on a miss, by the policy.

There is no socket, file, clock or thread here. The edges ask `Session.decide`, and do what it says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rechat.answering.chained import Chains
from rechat.answering.model_list import models_answer
from rechat.answering.takes import Takes
from rechat.dialects import PREVIOUS, Gemini, portable
from rechat.explain import refusal_of
from rechat.index import Hit, Index, Miss
from rechat.matching import Exchange, fill, normalise
from rechat.store import placement
from rechat.values import (
    CHAT,
    AnyAnswer,
    Headers,
    HttpResponse,
    JsonObject,
    Policy,
    Reply,
    Request,
    in_answer,
    jsontext,
)

REFUSAL_HEADERS: Headers = (
    ("content-type", "application/json"),
    ("x-should-retry", "false"),
    ("x-rechat", "miss"),
)

FAILURE_HEADERS: Headers = (*REFUSAL_HEADERS[:-1], ("x-rechat", "failed"))
UPSTREAM_FAILURE_HEADERS: Headers = (REFUSAL_HEADERS[0], ("x-rechat", "failed"))


@dataclass(frozen=True, slots=True)
class Serve:
    """Answer from the store. `is_only` if the place has no other answer to give."""

    hit: Hit
    reply: Reply
    answer: AnyAnswer
    is_only: bool = True

    @property
    def place(self) -> str:
        """Where the answer stands, as `path:line`."""
        return f"{self.hit.exchange.path}:{self.reply.line}"

    @property
    def is_verbatim(self) -> bool:
        """Whether the answer is served just as it stands in the file."""
        return self.answer is self.reply.answer


@dataclass(frozen=True, slots=True)
class Forward:
    """Ask the upstream, and save the answer or not."""

    saves: bool
    miss: Miss | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Say no, and why, in one line."""

    message: str
    miss: Miss | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until a person has written the answer; the question is to be written down, unless a
    blank stands there for it.
    """

    miss: Miss


@dataclass(frozen=True, slots=True)
class Make:
    """Answer with what follows from the store as a whole: the list of its models."""

    answer: AnyAnswer
    rule: str


type Decision = Serve | Forward | Refuse | Hold | Make


class Session:
    """The policy over an index, and what is remembered from request to request: the takes that each
    client has had, and the conversations that the server keeps.
    """

    def __init__(
        self,
        index: Index,
        policy: Policy,
        *,
        takes: int = 1,
        fuzzy: float | None = None,
        choose: Callable[[int], int] | None = None,
    ) -> None:
        self.index = index
        self.policy = policy
        self.takes = takes
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
        """Remember what was answered, so that later requests can go on from it."""
        self._chains.remember(request, answer)

    @property
    def is_explained(self) -> bool:
        """Whether the nearest transcript is looked for on a miss, which takes long."""
        return self.policy in ("replay", "hold") or self._fuzzy is not None

    def decide(self, request: Request, client: str = "") -> Decision:
        """What to do with a request; `client` tells apart those that go through the takes on their
        own.
        """
        return self.decide_at_once(request, client) or self.conclude(
            self.index.find(request, explain=self.is_explained), request, client
        )

    def decide_at_once(self, request: Request, client: str = "") -> Decision | None:
        """The same, if that is quickly said; None if a miss has to be explained first, and is for
        `conclude`.
        """
        if self.policy in ("rerecord", "live"):
            return Forward(saves=self.policy == "rerecord")
        found = self.index.find(request, explain=False)
        if isinstance(found, Miss) and self.is_explained and not found.blank:
            made = models_answer(request, self.index) if self.policy != "record" else None
            return Make(made, "models") if made else None
        return self.conclude(found, request, client)

    def conclude(self, found: Hit | Miss, request: Request, client: str = "") -> Decision:
        """What to do with a request for which this was found."""
        if isinstance(found, Miss):
            found = self._similar(found) or found
        if isinstance(found, Hit):
            return self._serve(found, request, client)
        if self.policy == "record":
            return Forward(saves=True, miss=found)
        if self.policy == "hold" and placement.can_ask(request):
            return Hold(found)
        return Refuse(refusal_of(request, found.reason), found)

    def reset(self) -> None:
        """Begin with the first take of each request again."""
        self._takes.reset()

    def _similar(self, miss: Miss) -> Hit | None:
        """The nearest exchange as a hit, if similarity may serve and it is near enough."""
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
        is_wanted = placement.is_poll(request) or len(replies) < self.takes
        if self.policy == "record" and is_wanted and hit.is_same:
            return Forward(saves=True)
        is_only = len(replies) == 1 and hit.exchange.section.options.takes != "error"
        reply = replies[0] if is_only else self._takes.next_reply(hit.exchange, request, client)
        if reply is None:
            where = f"{hit.exchange.path}:{hit.exchange.line}"
            return Refuse(f"rechat: all takes of {where} are used up ({len(replies)})")
        assert reply.answer is not None
        answer = _at_home(with_holes(reply.answer, hit.holes), hit.exchange, request)
        is_native = (hit.exchange.section.api or CHAT) == request.api
        return Serve(hit, reply, answer if is_native else portable(answer), is_only)


def _at_home(answer: AnyAnswer, exchange: Exchange, request: Request) -> AnyAnswer:
    """The answer in the folder that the client works in, if the file says that this may differ."""
    if normalise.CWD not in exchange.section.options.normalise:
        return answer
    recorded = normalise.folder_of(step.message for step in exchange.steps)
    return normalise.moved(answer, recorded, normalise.folder_of(request.messages))


def refusal_response(message: str, api: str = "") -> HttpResponse:
    """The refusal as every client measured gives up on within a second and shows (design, section
    5); for clients of Gemini and Ollama, in the words that they read.
    """
    body = _error(message, api, "rechat_no_match", {"code": 400, "status": "FAILED_PRECONDITION"})
    return HttpResponse.whole(400, REFUSAL_HEADERS, body)


def failure_response(message: str, api: str = "") -> HttpResponse:
    """What a client gets when rechat itself has failed: an error in the words of its API, and the
    word that asking again is of no use.
    """
    body = _error(message, api, "rechat_failed", {"code": 500, "status": "INTERNAL"})
    return HttpResponse.whole(500, FAILURE_HEADERS, body)


def upstream_failure_response(message: str, api: str = "") -> HttpResponse:
    """What a client gets when its upstream gave no answer: an error in the words of its API. Asking
    again may help, and the SDKs do so at this status.
    """
    body = _error(message, api, "rechat_upstream_failed", {"code": 502, "status": "UNAVAILABLE"})
    return HttpResponse.whole(502, UPSTREAM_FAILURE_HEADERS, body)


def bad_request_response(message: str, status: int, api: str = "") -> HttpResponse:
    """What a client gets whose request rechat does not take, such as one that is too large: an
    error in the words of its API, and the word that asking again is of no use.
    """
    of_gemini: JsonObject = {"code": status, "status": "INVALID_ARGUMENT"}
    body = _error(message, api, "rechat_bad_request", of_gemini)
    return HttpResponse.whole(status, FAILURE_HEADERS, body)


def _error(message: str, api: str, kind: str, of_gemini: JsonObject) -> bytes:
    """The body of an error that rechat makes, in the words of an API."""
    error: JsonObject = {"type": kind, "code": kind, "param": None, "message": message}
    if api == Gemini.name:
        error |= of_gemini
    is_ollama = api.startswith("ollama.")
    told: JsonObject = {"error": message} if is_ollama else {"type": "error", "error": error}
    return jsontext.dump(told).encode("utf-8", "replace")


def with_holes(answer: AnyAnswer, holes: dict[str, str]) -> AnyAnswer:
    """The answer with what the request had in its holes put in; the very same answer if there are
    none.
    """
    if not holes:
        return answer
    quoted = {name: jsontext.dump(text)[1:-1] for name, text in holes.items()}
    return in_answer(answer, lambda text: fill(text, holes), lambda text: fill(text, quoted))
