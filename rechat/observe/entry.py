"""What happened, one entry for each request: what console, page and API show. It holds nothing that
must not be seen.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rechat.index import Miss
from rechat.values import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    ErrorAnswer,
    Fault,
    Headers,
    Json,
    Message,
    RawAnswer,
    Request,
    jsontext,
)

# So much of a message may be asked for its first words.
_BEGINNING = 1000
_BYTES = re.compile("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{200,}+={0,2}")

type Verdict = Literal["hit", "miss", "held", "recorded", "forwarded", "failed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: how it went, where the answer stands (`path:line`) or why there is none, and
    what was said. `headers` are the request's and `answer_headers` the answer's, as far as they
    hold no secret; `times` are when the pieces of the answer came (milliseconds after the request,
    bytes); `size` is about how many bytes all this takes. `saved_ms` and `saved_tokens` are what a
    hit spared: the recorded time, and the tokens of the answer.
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

    @property
    def model(self) -> str:
        """The model that was asked for."""
        return self.request.model if self.request else ""

    @property
    def first_words(self) -> str:
        """What it is about: the last message that a person or a tool sent."""
        for message in reversed(self.request.messages if self.request else ()):
            if message.role != "assistant" and (words := message.text.lstrip()[:_BEGINNING]):
                return " ".join(words.split())
        return ""

    @property
    def tokens(self) -> str:
        """Tokens in and out, `31 → 9`; empty if the answer does not say."""
        counted = self.answer.tokens if isinstance(self.answer, Answer) else None
        return f"{counted[0]} → {counted[1]}" if counted else ""


def said(answer: AnyAnswer | None) -> tuple[Message, ...]:
    """The messages of an answer; an error is told in the words of one."""
    match answer:
        case Answer(choices=choices):
            return tuple(choice.message for choice in choices)
        case ErrorAnswer(status, body):
            words = [str(status), *([] if body is None else [_shown(body)])]
            return (Message("error", " ".join(words)),)
        case Fault(kind):
            return (Message("error", kind),)
        case RawAnswer(value):
            return (Message("response", _shown(value)),)
        case BinaryAnswer(content):
            return (Message("response", f"{len(content)} bytes"),)
        case None:
            return ()


def _shown(value: Json) -> str:
    """The value for people: bytes in base64 are only counted."""
    text = value if isinstance(value, str) else jsontext.dump_visible(value)
    return _BYTES.sub(lambda match: f"… {len(match[0])} characters …", text)
