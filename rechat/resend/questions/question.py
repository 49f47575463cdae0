"""The questions in transcripts: each answer of a model, with everything above it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rechat.dialects import CONVERSATION
from rechat.dialects import DIALECTS
from rechat.dialects import PREVIOUS
from rechat.dialects import Dialect
from rechat.matching import Exchange
from rechat.matching import exchanges_of
from rechat.resend.judging.expectations import Expectation
from rechat.resend.judging.expectations import expectations_in
from rechat.values import CHAT
from rechat.values import AnyAnswer
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import made_at
from rechat.values import told_by_api

BY_NAME: dict[str, Dialect] = {dialect.name: dialect for dialect in DIALECTS}
"""The APIs by their names."""

TALKING = (
    "openai.chat",
    "openai.responses",
    "openai.completions",
    "anthropic.messages",
    "google.gemini",
    "ollama.chat",
    "ollama.generate",
)
"""The APIs in which a model is asked for words."""


@dataclass(frozen=True)
class Question:
    """A request at one place of a transcript, and its answer or several takes. `turn` counts the
    answers of the section from 1; `made` is when each of `recorded` was made, in seconds since
    1970, or None.
    """

    file: str
    section: Section
    turn: int
    turns: int
    request: Request
    positions: tuple[int, ...]
    recorded: tuple[AnyAnswer, ...]
    line: int
    expected: tuple[Expectation, ...] = ()
    made: tuple[float | None, ...] = ()

    @property
    def name(self) -> str:
        """`weather.md#In Lisbon:2`: where it is, whatever else changes in the file."""
        title = f"#{self.section.title}" if self.section.title else ""
        return f"{self.file}{title}" + (f":{self.turn}" if self.turns > 1 else "")

    @property
    def place(self) -> str:
        """Where the answer is, as `file:line`."""
        return f"{self.file}:{self.line}"

    @property
    def asked(self) -> str:
        """The last message to the model; that of a tool is marked as such."""
        last = next((one for one in reversed(self.request.messages) if one.text), None)
        if not last:
            return ""
        return f"(result of a tool) {last.text}" if last.role == "tool" else last.text

    @cached_property
    def key(self) -> str:
        """Identifies the same question in another run."""
        dialect = BY_NAME[self.request.api]
        asked = dialect.write_request(self.request) + self.request.model.encode()
        return hashlib.sha256(asked).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A place in a transcript that is not asked, and why."""

    name: str
    reason: str


def questions_of(
    file: str, sections: Iterable[Section], source: str = ""
) -> Iterator[Question | Unasked]:
    """The questions of a file, in order; its source has the expectations of answers. Raises
    `UsageError` for an invalid expectation.
    """
    lines = source.split("\n")
    for section in sections:
        found = [one for one in exchanges_of(file, section) if one.answered]
        own = lines[: source.count("\n", 0, section.span.end) + 1]
        for turn, exchange in enumerate(found, 1):
            yield _question(exchange, turn, len(found), own)


def _question(exchange: Exchange, turn: int, turns: int, lines: list[str]) -> Question | Unasked:
    section, file = exchange.section, exchange.path
    api = section.api or CHAT
    if api not in TALKING:
        return Unasked(f"{file}:{exchange.line}", f"nobody is asked for words in the API {api}")
    if exchange.is_pattern:
        line = next(step.line for step in exchange.steps if step.pattern)
        told = f"the message in line {line} is a pattern, and no words to ask with"
        return Unasked(f"{file}:{exchange.line}", told)
    if not exchange.steps:
        return Unasked(f"{file}:{exchange.line}", "no message stands above the answer")
    answers = [reply.answer for reply in exchange.answered]
    return Question(
        file,
        section,
        turn,
        turns,
        _request(section, api, tuple(step.message for step in exchange.steps)),
        exchange.positions,
        tuple(answer for answer in answers if answer is not None),
        exchange.line,
        _expected(exchange, lines),
        tuple(map(_made, exchange.answered)),
    )


def _made(reply: Reply) -> float | None:
    """When an answer was made; None if only the day is known."""
    is_a_day = len(reply.recorded) == len("2026-11-26")
    return told_by_api(reply.answer) if is_a_day else made_at(reply)


def _expected(exchange: Exchange, lines: list[str]) -> tuple[Expectation, ...]:
    """The expectations of an answer: the lines up to the next message, below each take. `lines` are
    those up to the end of its section.
    """
    section = exchange.section
    found: list[Expectation] = []
    for position, reply in zip(exchange.positions, exchange.replies, strict=True):
        below = section.entries[position + 1 : position + 2]
        end = below[0].line - 1 if below else len(lines)
        text = "\n".join(lines[reply.line - 1 : end])
        found += expectations_in(text, f"{exchange.path}:{reply.line}")
    return tuple(found)


def _request(section: Section, api: str, messages: tuple[Message, ...]) -> Request:
    """The request with the whole conversation, so that a server need not know the earlier
    responses.
    """
    settings = {
        name: value
        for name, value in section.settings.items()
        if name not in (PREVIOUS, CONVERSATION)
    }
    return Request(settings, messages, query=section.options.query, api=api)
