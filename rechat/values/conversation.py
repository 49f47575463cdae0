"""What a transcript says, as values: sections of messages, and the answers that reply to them.

Everything here is frozen and compared by content. Where a value stood in a file (`line`, `span`) is
carried along for messages to people and for splicing, but two values that say the same are equal
wherever they stood.
"""

from dataclasses import dataclass, field
from typing import Literal

from rechat.values.http import Headers
from rechat.values.jsontext import Json, JsonObject

REQUEST_ROLES = ("system", "developer", "user", "tool", "function")
ROLES = (*REQUEST_ROLES, "assistant")

CHAT = "openai.chat"
"""The API whose words a transcript is written in, unless it names another."""

RAW = "raw"
"""The API of endpoints that nobody took apart."""

type Policy = Literal["record", "replay", "rerecord", "live", "hold"]
type TakesPolicy = Literal["last", "cycle", "random", "error"]
type MatchMode = Literal["exact", "listed"]
type Pattern = Literal["", "like", "any"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text part of a message whose content is a list of parts."""

    text: str
    fields: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, a sound or a file: by URL, or inline as a `data:` URL."""

    kind: Literal["image", "audio", "file"]
    url: str
    fields: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool; `arguments` is the exact text, which need not be JSON."""

    name: str
    id: str
    arguments: str
    kind: Literal["function", "custom"] = "function"
    fields: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What a model thought aloud; `name` is the field of the wire that carried it, `fields` what
    came with it (a signature).
    """

    text: str
    name: str = "reasoning_content"
    fields: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a model would not answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part of the content that has no readable form: its JSON value."""

    value: Json


type Part = Text | Media | Call | Reasoning | Refusal | Opaque


@dataclass(frozen=True, slots=True)
class Message:
    """One message: a plain `body`, or parts in their order, or both (a text and the calls after
    it).

    `body` None is JSON's null. `fields` are the wire's other fields, verbatim; `without` names
    those that a message of its kind would have but this one does not (an answer with calls and no
    `content` key at all).
    """

    role: str
    body: str | None = None
    parts: tuple[Part, ...] = ()
    fields: JsonObject = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def parts_of[T](self, kind: type[T]) -> tuple[T, ...]:
        """The parts of one type, in order."""
        return tuple([part for part in self.parts if isinstance(part, kind)])

    @property
    def text(self) -> str:
        """All that can be read as text, for people: the body and the text parts."""
        texts = [self.body or "", *(part.text for part in self.parts_of(Text))]
        return "\n".join(text for text in texts if text)

    @property
    def whole_text(self) -> str:
        """The body and the text parts as one text, as a client joins them."""
        return (self.body or "") + "".join(part.text for part in self.parts_of(Text))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `n` answers of a response. `fields` are the wire's (`finish_reason`, `logprobs`, …),
    without the message.
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
        """Whether this came over the wire. Nothing is made up for such an answer; a hand-written
        one gets the usual fields.
        """
        return "id" in self.fields

    @property
    def tokens(self) -> tuple[int, int] | None:
        """Tokens in and out, in whichever API's words; None if the answer does not say."""
        usage = self.fields.get("usage", self.fields.get("usageMetadata", self.fields))
        for names in _TOKENS:
            found = [usage.get(name) if isinstance(usage, dict) else None for name in names]
            match found:
                case [int(asked), int(said)]:
                    return asked, said
        return None


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An HTTP error as an answer. A text body that is no JSON is a string here."""

    status: int
    body: Json = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken connection as an answer: no reply at all, a reset, or a reply cut after so many
    characters of its text.
    """

    kind: Literal["timeout", "reset", "cut"]
    after: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A response that its dialect cannot take apart: the whole body. A text that is no JSON is a
    string here, and `headers` have its content type.
    """

    value: Json
    status: int = 200
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class BinaryAnswer:
    """A response of bytes: speech, the content of a file."""

    content: bytes
    status: int = 200
    headers: Headers = ()


type AnyAnswer = Answer | ErrorAnswer | Fault | RawAnswer | BinaryAnswer


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a source: from `start` up to `end`, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Given:
    """A message that is part of the request: all roles but the assistant's, and `### assistant,
    given`.
    """

    message: Message
    pattern: Pattern = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in its place. `answer` None is a blank, to be filled; `take` counts from 1."""

    answer: AnyAnswer | None
    take: int = 1
    line: int = field(default=0, compare=False)
    span: Span = field(default=Span(0, 0), compare=False)


type Entry = Given | Reply


@dataclass(frozen=True, slots=True)
class Options:
    """rechat's own settings for a section (`rechat:` in its YAML). `api` empty is every API, or
    Chat Completions where all settings count. `normalise` names the rules of `noise`.
    """

    match: MatchMode = "listed"
    takes: TakesPolicy = "last"
    ignore: tuple[str, ...] = ()
    query: str = ""
    api: str = ""
    normalise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One conversation: the settings of its requests, and its messages and answers in order."""

    title: str
    settings: JsonObject
    entries: tuple[Entry, ...]
    options: Options = Options()
    line: int = field(default=1, compare=False)
    span: Span = field(default=Span(0, 0), compare=False)

    @property
    def api(self) -> str:
        """The API whose requests this answers; empty for every one."""
        return self.options.api or (CHAT if self.options.match == "exact" else "")


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file: one or more sections."""

    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks, in any dialect: the settings, the conversation so far, and how the answer
    is to be shaped.

    `settings` are the body's other fields, verbatim. `common` says them in the words of Chat
    Completions, for transcripts that answer every API; None if they are in these words. `stream`,
    `include_usage` and `variant` (a shape that only this API has) shape the answer and are no part
    of what is asked. Where the server keeps conversations, `follows` is the id of the answer or
    conversation that the messages go on from, empty at the beginning; elsewhere it is None.
    """

    settings: JsonObject
    messages: tuple[Message, ...]
    stream: bool = False
    include_usage: bool = False
    query: str = ""
    api: str = CHAT
    common: JsonObject | None = None
    variant: str = ""
    follows: str | None = None

    @property
    def shape(self) -> str:
        """The shape in which the answer is asked for: recorded bytes fit only the same one."""
        if self.variant:
            return self.variant
        if not self.stream:
            return "plain"
        return "stream-usage" if self.include_usage else "stream"

    @property
    def model(self) -> str:
        """The model that is asked for; empty if none is named."""
        model = self.settings.get("model")
        return model if isinstance(model, str) else ""


def history_of(reply: Reply) -> tuple[Message, ...]:
    """The messages that a later request may hold where this reply stood: one for each choice; none
    for an error.
    """
    match reply.answer:
        case Answer(choices=choices):
            return tuple(choice.message for choice in choices)
        case _:
            return ()
