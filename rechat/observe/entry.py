"""Journal entries, one for each request, as the console, the page and the API show them. They
contain no secrets.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rechat.index import Miss
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BinaryAnswer
from rechat.values import Call
from rechat.values import ErrorAnswer
from rechat.values import Fault
from rechat.values import Headers
from rechat.values import Json
from rechat.values import Message
from rechat.values import RawAnswer
from rechat.values import Request
from rechat.values import jsontext

# How much of a message is searched for its first words.
_BEGINNING = 1000
_BYTES = re.compile("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{200,}+={0,2}")

type Verdict = Literal["hit", "miss", "held", "recorded", "forwarded", "failed", "failover"]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One request: the verdict, the place of the answer (`path:line`) or the reason why there is
    none, and the conversation. `headers` are the request's and `answer_headers` the answer's,
    without secrets; `times` are pairs of when a chunk of the answer arrived (milliseconds after the
    request) and its bytes; `size` is roughly the memory this takes, in bytes. `saved_ms` and
    `saved_tokens` are what a hit saved: the recorded time, and the tokens of the answer. `upstream`
    is the name of the one that answered or failed, the last of `attempts`. `session` is the name of
    the session that the request belongs to, if it has one. `status` is the HTTP status of the
    answer, 0 if there was none. `take` of `takes` was served, if there are several.
    """

    verdict: Verdict
    target: str
    request: Request | None = None
    answer: AnyAnswer | None = None
    place: str = ""
    rule: str = ""
    reason: str = ""
    milliseconds: float = 0.0
    miss: Miss | None = None
    headers: Headers = ()
    answer_headers: Headers = ()
    times: tuple[tuple[float, int], ...] = ()
    size: int = 0
    saved_ms: float = 0.0
    saved_tokens: int = 0
    upstream: str = ""
    attempts: int = 0
    session: str = ""
    status: int = 0
    take: int = 0
    takes: int = 0

    @property
    def model(self) -> str:
        """The requested model."""
        return self.request.model if self.request else ""

    @property
    def first_words(self) -> str:
        """The topic: the last message from a person or a tool."""
        for message in reversed(self.request.messages if self.request else ()):
            if message.role != "assistant" and (words := message.text.lstrip()[:_BEGINNING]):
                return " ".join(words.split())
        return ""

    @property
    def said_words(self) -> str:
        """The first words of the answer; the tools that it calls if it says nothing else."""
        for message in said(self.answer):
            if words := message.text.lstrip()[:_BEGINNING]:
                return " ".join(words.split())
            if calls := message.parts_of(Call):
                return ", ".join(f"{call.name}({call.arguments[:_BEGINNING]})" for call in calls)
        return ""

    @property
    def tokens(self) -> str:
        """Tokens in and out, `31 → 9`; empty if the answer does not report them."""
        counted = self.answer.tokens if isinstance(self.answer, Answer) else None
        return f"{counted[0]} → {counted[1]}" if counted else ""


def said(answer: AnyAnswer | None) -> tuple[Message, ...]:
    """The messages of an answer; an error is shown as a message."""
    match answer:
        case Answer(choices=choices):
            return tuple(choice.message for choice in choices)
        case ErrorAnswer(status, body):
            words = [str(status), *([] if body is None else [_shown(body)])]
            return (Message("error", " ".join(words)),)
        case Fault():
            return (Message("error", _of_fault(answer)),)
        case RawAnswer(value):
            return (Message("response", _shown(value)),)
        case BinaryAnswer(content):
            return (Message("response", f"{len(content)} bytes"),)
        case None:
            return ()


def _of_fault(fault: Fault) -> str:
    match fault.kind:
        case "timeout":
            return "time-out: no answer"
        case "reset":
            return "connection reset"
        case "cut":
            end = f"cut after {fault.after} characters"
            return "\n\n".join(filter(None, [fault.text[: fault.after], end]))


def _shown(value: Json) -> str:
    """The value for display: base64 data is replaced by its size."""
    text = value if isinstance(value, str) else jsontext.dump_visible(value)
    return _BYTES.sub(lambda match: f"… {len(match[0])} characters …", text)
