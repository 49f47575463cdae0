"""The contents of a file: sections of messages, and the answers that reply to them.

`line` and `span` tell where in a file a value was read, for messages and for editing the file. They
do not count when values are compared.
"""

import re
from dataclasses import dataclass
from dataclasses import field
from typing import Literal

from rechat.values.conversation.answers import Answer
from rechat.values.conversation.answers import AnyAnswer
from rechat.values.conversation.messages import Message
from rechat.values.jsontext import JsonObject

CHAT = "openai.chat"
"""The API whose names a transcript uses, unless it names another API."""

PACE = re.compile(r"(?P<rate>\d+(?:\.\d+)?)(?::(?P<first>\d+(?:\.\d+)?))?")
"""Tokens per second, and the seconds before the first: `50`, `50:0.4`."""

type TakesPolicy = Literal["last", "cycle", "random", "error"]
type MatchMode = Literal["exact", "listed"]
type Pattern = Literal["", "like", "any"]


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
    `take` counts from 1; `recorded` is the day (or time) on which it was recorded, in ISO 8601, if
    the file says so because the API does not.
    """

    answer: AnyAnswer | None
    take: int = 1
    recorded: str = field(default="", kw_only=True)
    line: int = field(default=0, compare=False)
    span: Span = field(default=Span(0, 0), compare=False)


type Entry = Given | Reply


@dataclass(frozen=True, slots=True)
class Options:
    """rechat's own settings for a section (`rechat:` in its YAML). An empty `api` means every API,
    or Chat Completions if `match` is exact. `normalise` names rules of `rechat.matching.normalise`.
    `delay` is how many seconds pass before an answer begins, `pace` how fast it is then sent, as
    for `--pace`; empty: as `--pace` says.
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


def history_of(reply: Reply) -> tuple[Message, ...]:
    """The messages that a later request may have in place of this reply: one for each choice, none
    for an error.
    """
    match reply.answer:
        case Answer(choices=choices):
            return tuple(choice.message for choice in choices)
        case _:
            return ()
