"""Conversations kept by the server: a request names the response that it continues
(`previous_response_id`) or the conversation (`conversation`), and contains only the new messages.

1. If the earlier messages are known, the request is read as the whole conversation. So it is
   matched, recorded and shown like any other, and the ids do not count.
2. If they are not known, the id stays among the settings and counts: two requests with equal new
   messages but different earlier ones never match.
3. The instructions of a request replace those at the start of the conversation, since the API does
   not carry instructions over. Without any, the earlier ones stay.
"""

from collections import OrderedDict
from dataclasses import replace

from rechat.dialects import CONVERSATION
from rechat.dialects import PREVIOUS
from rechat.dialects import Dialect
from rechat.index import Index
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import HttpResponse
from rechat.values import Message
from rechat.values import Request

# How many ids are remembered; the oldest are forgotten.
_MOST = 10_000
# So many answers are known as a client reads them.
_TOLD = 64


class Chains:
    """The conversations seen by this process, and those in the index. `version` is
    another number once an id that was asked for, or that an answer had, may mean something else.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: OrderedDict[str, tuple[Message, ...]] = OrderedDict()
        self._asked: set[str] = set()
        self.version = 0

    def whole(self, request: Request) -> Request:
        """The request with all earlier messages, if they are known."""
        if not request.follows:
            return request
        self._asked.add(request.follows)
        if len(self._asked) > _MOST:
            self._asked.clear()
            self.version += 1
        before = self._known.get(request.follows)
        if before is None:
            before = self._index.conversation_of(request.api, request.follows)
        if before is None:
            return request
        settings = {key: value for key, value in request.settings.items() if key != PREVIOUS}
        return replace(request, settings=settings, messages=_joined(before, request.messages))

    def remember(self, request: Request, answer: AnyAnswer) -> None:
        """Keep a conversation up to its answer, under the answer's id, and its own if the server
        keeps it under one. (A client may continue from one answer more than once.)
        """
        if request.follows is None or not isinstance(answer, Answer):
            return
        said = answer.choices[0].message if answer.choices else Message("assistant")
        messages = (*request.messages, said)
        own = request.follows if request.settings.get(CONVERSATION) == request.follows else None
        for name in (answer.fields.get("id"), own):
            if isinstance(name, str) and name:
                self._keep(name, messages)
        if len(self._known) > _MOST:
            for _ in range(_MOST // 2):
                self._known.popitem(last=False)
            self.version += 1

    def prepare(self, request: Request, name: str) -> None:
        """Keep what a request says under the id that later ones go on from, though nothing was
        answered.
        """
        self._keep(name, request.messages)

    def _keep(self, name: str, messages: tuple[Message, ...]) -> None:
        is_used = name in self._known or name in self._asked
        if is_used and self._known.get(name) != messages:
            self.version += 1
        self._known[name] = messages
        self._known.move_to_end(name)


def _joined(before: tuple[Message, ...], new: tuple[Message, ...]) -> tuple[Message, ...]:
    has_instructions = bool(new) and new[0].role == "system"
    if not has_instructions or not before or before[0].role != "system":
        return (*new[:has_instructions], *before, *new[has_instructions:])
    return (new[0], *before[1:], *new[1:])


class Told:
    """Answers as the clients that go on from them read them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, int], tuple[Answer, AnyAnswer]] = {}

    def read(
        self, answer: Answer, response: HttpResponse, dialect: Dialect, request: Request
    ) -> AnyAnswer:
        """What a client that goes on from this response has been told. Nothing but the shape of the
        request counts where the answer was recorded, so that is read once.
        """
        if not answer.is_recorded:
            return dialect.read_answer(response).answer
        name = request.api, request.shape, id(answer)
        known = self._known.get(name)
        if known is None or known[0] is not answer:
            if len(self._known) >= _TOLD:
                self._known.clear()
            known = self._known[name] = answer, dialect.read_answer(response).answer
        return known[1]
