"""The possible answers to a request: a whole response of a model, an error, a broken connection, or
a response that no dialect reads.
"""

from dataclasses import dataclass
from dataclasses import field
from typing import Literal

from rechat.values.conversation.messages import Message
from rechat.values.http import Headers
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject

LASTING_ERRORS = frozenset({400, 404, 413, 415, 422})
"""Statuses that say something about the request; the others (no credit, too many requests, a fault
of the server) pass.
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the `n` choices of a response. `fields` are its other fields (`finish_reason`,
    `logprobs`, …).
    """

    message: Message
    fields: JsonObject = field(default_factory=dict)


# How OpenAI's chat, its Responses and Anthropic, Gemini, and Ollama name them.
_TOKENS = (
    ("prompt_tokens", "completion_tokens"),
    ("input_tokens", "output_tokens"),
    ("promptTokenCount", "candidatesTokenCount"),
    ("prompt_eval_count", "eval_count"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response of a model: its choices and the fields around them (`id`, `model`, `usage`,
    …).
    """

    choices: tuple[Choice, ...]
    fields: JsonObject = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @property
    def is_recorded(self) -> bool:
        """Whether an API sent this. Nothing is added to such an answer; a hand-written one gets the
        usual fields.
        """
        return "id" in self.fields or "id" in self.without

    @property
    def tokens(self) -> tuple[int, int] | None:
        """Input and output tokens, under the names of any API; None if the answer has none."""
        usage = self.fields.get("usage", self.fields.get("usageMetadata", self.fields))
        for names in _TOKENS:
            found = [usage.get(name) if isinstance(usage, dict) else None for name in names]
            match found:
                case [int(asked), int(said)]:
                    return asked, said
        return None


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An HTTP error as an answer. A body that is text but not JSON is a string here."""

    status: int
    body: Json = None
    headers: Headers = ()

    @property
    def is_lasting(self) -> bool:
        """Whether the same request would get it again."""
        return self.status in LASTING_ERRORS


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken connection as an answer: no reply at all, a reset, or a reply truncated after some
    characters of its text.
    """

    kind: Literal["timeout", "reset", "cut"]
    after: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A response that its dialect cannot interpret: the whole body. A body that is text but not
    JSON is a string here, and `headers` have its content type.
    """

    value: Json
    status: int = 200
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class BinaryAnswer:
    """A response of bytes: speech, or the content of a file."""

    content: bytes
    status: int = 200
    headers: Headers = ()


type AnyAnswer = Answer | ErrorAnswer | Fault | RawAnswer | BinaryAnswer
