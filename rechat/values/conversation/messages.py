"""One message of a conversation, and the parts that it may have."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any, Literal

from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject
from rechat.values.known import HasIds
from rechat.values.known import once

REQUEST_ROLES = ("system", "developer", "user", "tool", "function")
ROLES = (*REQUEST_ROLES, "assistant")


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
    """A tool call; `arguments` is the exact text, which need not be JSON."""

    name: str
    id: str
    arguments: str
    kind: Literal["function", "custom"] = "function"
    fields: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reasoning:
    """The reasoning of a model. `name` is the field in which the API sends it, `fields` the others
    that it sends with it (such as a signature).
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
        """The same message, with a cache of values derived from it (see `once`)."""
        if self._known is None:
            object.__setattr__(self, "_known", {})
        return self

    def once[T](self, name: Hashable, work: Callable[[], T]) -> T:
        """A value derived from the message alone: the result of `work`, which is cached by this
        name if the message is `kept`.
        """
        return work() if self._known is None else once(self._known, name, work)

    def kept_as(self, made_of: "tuple[Message, Message]") -> "Message":
        """The same message, which a model said and which was made from these two in one way: it
        shares its cache with all messages that are made from the same two, whatever the ids of
        their calls.
        """
        first, second = (message.kept()._known for message in made_of)  # noqa: SLF001  # as below
        assert first is not None
        # The second one lives as long as its entry, so that no other object gets its id.
        fresh: tuple[object, dict[Hashable, Any]] = second, {}
        _, known = once(first, ("made of", id(second)), lambda: fresh)
        object.__setattr__(self, "_known", known)
        return self

    def with_ids(self, ids: Mapping[str, str]) -> "Message":
        """The message with other ids of calls. The two share derived values that do not depend on
        ids: those of a result depend on a number in place of its id, and those of what a model said
        do not depend on ids at all.
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
        if not self.parts:
            return self.body or ""
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
