"""What a transcript says, as values: sections of messages, and the answers that reply to them.

Everything here is frozen and compared by content. `line` and `span` tell where in a file a value
was read, for messages and for editing the file. They do not count when values are compared.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any, Literal

from rechat.values.http import Headers
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject
from rechat.values.known import HasIds
from rechat.values.known import once

REQUEST_ROLES = ("system", "developer", "user", "tool", "function")
ROLES = (*REQUEST_ROLES, "assistant")

CHAT = "openai.chat"
"""The API whose names a transcript uses, unless it names another API."""

RAW = "raw"
"""The API name of all endpoints that rechat does not interpret."""

PACE = re.compile(r"(?P<rate>\d+(?:\.\d+)?)(?::(?P<first>\d+(?:\.\d+)?))?")
"""Tokens per second, and the seconds before the first: `50`, `50:0.4`."""

LASTING_ERRORS = frozenset({400, 404, 413, 415, 422})
"""Statuses that say something about the request; the others (no credit, too many requests, a fault
of the server) pass.
"""

type Policy = Literal["record", "replay", "rerecord", "live", "hold"]

OFFLINE: tuple[Policy, ...] = ("replay", "hold")
"""The policies under which no upstream is ever asked."""

ALWAYS_ASKING: tuple[Policy, ...] = ("rerecord", "live")
"""The policies under which an upstream is asked whatever the transcripts say."""

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
    """The reasoning of a model. `name` is the field in which the API sends it, `fields` what else
    it sends with it (a signature).
    """

    text: str
    name: str = "reasoning_content"
    fields: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A model's refusal to answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part of the content that only its own API understands: its JSON value."""

    value: Json


type Part = Text | Media | Call | Reasoning | Refusal | Opaque


@dataclass(frozen=True, slots=True)
class Message(HasIds):
    """One message: a text `body`, or parts in order, or both (a text followed by calls).

    A `body` of None is JSON's null. `fields` are the other fields that the API sent, verbatim;
    `without` names fields that such a message usually has but this one lacks (an answer with calls
    and no `content` key at all).
    """

    role: str
    body: str | None = None
    parts: tuple[Part, ...] = ()
    fields: JsonObject = field(default_factory=dict)
    without: tuple[str, ...] = ()
    _known: dict[Hashable, Any] | None = field(default=None, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type["Message"], tuple[Any, ...]]:
        return Message, (self.role, self.body, self.parts, self.fields, self.without)

    def kept(self) -> "Message":
        """The same message, which from now on remembers what follows from it (see `once`)."""
        if self._known is None:
            object.__setattr__(self, "_known", {})
        return self

    def once[T](self, name: Hashable, work: Callable[[], T]) -> T:
        """What follows from the message alone: the result of `work`, which need not be called again
        for the same name if the message is `kept`.
        """
        return work() if self._known is None else once(self._known, name, work)

    def kept_as(self, made_of: "tuple[Message, Message]") -> "Message":
        """The same message, which a model said and was made of these two in one way: it shares what
        follows from it with all that are made of such messages, whatever the ids of their calls.
        """
        first, second = (message.kept()._known for message in made_of)  # noqa: SLF001  # as below
        assert first is not None
        # The second stays as long as its name does, so no other gets that name.
        fresh: tuple[object, dict[Hashable, Any]] = second, {}
        _, known = once(first, ("made of", id(second)), lambda: fresh)
        object.__setattr__(self, "_known", known)
        return self

    def with_ids(self, ids: Mapping[str, str]) -> "Message":
        """The message with these ids of calls in the place of others. The two share what follows
        from them, where that does not depend on ids: of a result it follows with a number in the
        place of its id, and of what a model said the ids do not count.
        """
        parts, fields = self.parts, self.fields
        if calls := self.parts_of(Call):
            parts = tuple([_with_id(part, ids) for part in parts])
        call_id = fields.get("tool_call_id")
        if isinstance(call_id, str) and call_id in ids:
            fields = fields | {"tool_call_id": ids[call_id]}
        message = Message(self.role, self.body, parts, fields, self.without)
        is_result = self.role == "tool" and not calls
        if is_result or (self.role == "assistant" and fields is self.fields):
            object.__setattr__(message, "_known", self.kept()._known)  # noqa: SLF001  # it is this
        return message

    def parts_of[T](self, kind: type[T]) -> tuple[T, ...]:
        """The parts of one type, in order."""
        return tuple([part for part in self.parts if isinstance(part, kind)])

    @property
    def text(self) -> str:
        """The body and the text parts on lines of their own, for people."""
        texts = [self.body or "", *(part.text for part in self.parts_of(Text))]
        return "\n".join(text for text in texts if text)

    @property
    def whole_text(self) -> str:
        """The body and the text parts as one text, as a client joins them."""
        return (self.body or "") + "".join(part.text for part in self.parts_of(Text))


def _with_id(part: Part, ids: Mapping[str, str]) -> Part:
    if isinstance(part, Call) and part.id in ids:
        return Call(part.name, ids[part.id], part.arguments, part.kind, part.fields)
    return part


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
    """A response of bytes: speech, the content of a file."""

    content: bytes
    status: int = 200
    headers: Headers = ()


type AnyAnswer = Answer | ErrorAnswer | Fault | RawAnswer | BinaryAnswer


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source: from `start` up to `end`, in characters."""

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
    """An answer at its place in a conversation. `answer` is None if it is still to be written;
    `take` counts from 1.
    """

    answer: AnyAnswer | None
    take: int = 1
    line: int = field(default=0, compare=False)
    span: Span = field(default=Span(0, 0), compare=False)


type Entry = Given | Reply


@dataclass(frozen=True, slots=True)
class Options:
    """rechat's own settings for a section (`rechat:` in its YAML). An empty `api` means every API,
    or Chat Completions if `match` is exact. `normalise` names rules of `rechat.matching.normalise`.
    `delay` is how many seconds pass before an answer begins, `pace` how fast it is sent then, as
    `--pace` has it; empty for what that says.
    """

    match: MatchMode = "listed"
    takes: TakesPolicy = "last"
    ignore: tuple[str, ...] = ()
    query: str = ""
    api: str = ""
    normalise: tuple[str, ...] = ()
    delay: float = 0.0
    pace: str = ""


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
        """The API whose requests this answers; empty for all APIs."""
        return self.options.api or (CHAT if self.options.match == "exact" else "")


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file: one or more sections."""

    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks, in any API: the settings, the conversation so far, and the shape of the
    answer.

    `settings` are the other fields of the body, verbatim. `common` has them under the names of Chat
    Completions, for transcripts that answer every API; None if they have these names already.
    `stream`, `include_usage` and `variant` (a shape that only this API has) say how the answer is
    to be sent and do not count in matching. If the server keeps conversations, `follows` is the id
    of the answer or conversation that the messages continue, empty for the first; otherwise None.
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
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once[T](self, name: Hashable, work: Callable[[], T]) -> T:
        """What follows from the request alone: the result of `work`, which is called the first time
        that this name is asked for.
        """
        if name not in self._known:
            self._known[name] = work()
        return self._known[name]  # type: ignore[no-any-return]

    def with_ids(self, ids: Mapping[str, str], notes: JsonObject) -> "Request":
        """The request with these ids of calls in the place of others, and with these notes of the
        client among the settings. The two share what follows from them: no key has an id or a note
        in it.
        """
        settings = self.settings | notes
        common = None if self.common is None else self.common | notes
        messages = tuple([message.with_ids(ids) for message in self.messages])
        request = replace(self, settings=settings, common=common, messages=messages)
        object.__setattr__(request, "_known", self._known)
        return request

    @property
    def shape(self) -> str:
        """The shape of the answer: recorded bytes fit only requests for the same one."""
        if self.variant:
            return self.variant
        if not self.stream:
            return "plain"
        return "stream-usage" if self.include_usage else "stream"

    @property
    def model(self) -> str:
        """The requested model; empty if none is named."""
        model = self.settings.get("model")
        return model if isinstance(model, str) else ""


def history_of(reply: Reply) -> tuple[Message, ...]:
    """The messages that a later request may have in place of this reply: one for each choice, none
    for an error.
    """
    match reply.answer:
        case Answer(choices=choices):
            return tuple(choice.message for choice in choices)
        case _:
            return ()
