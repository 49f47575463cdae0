"""Mistakes that only the meaning of a hand-written conversation shows: it can be read, but would
reach the client as something else than its author meant, or never be requested.

What a model or a client really sent is not judged: recordings contain whatever that was. An answer
with the metadata of an API counts as recorded, and so do requests of a section with `match: exact`.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field

from rechat.format import TELLING
from rechat.format import json_remedy
from rechat.matching import compile_pattern
from rechat.values import RAW
from rechat.values import ROLES
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Transcript
from rechat.values import TranscriptError
from rechat.values import in_answer
from rechat.values import jsontext
from rechat.values import kind_of

# Two wildcards with nothing between them: where one ends and the other begins is ambiguous.
_ADJACENT = re.compile(r"(?:\{\{\w+\}\}|\[\.\.\])(?:\{\{\w+\}\}|\[\.\.\])")
# "{{ name }}", "{{first-name}}": what people read as a hole.
_HOLE = re.compile(r"\{\{[ \t]*+((?:[\w.-]++(?: ++(?=[\w.-]))?+){0,60}+)[ \t]*+\}\}")
# "{{name|upper}}", "{{name:str}}", "{{user.name()}}": hole syntax of other programs.
_FILTERED = re.compile(r"\{\{[ \t]*+(?P<name>\w{1,60})[^\w{}\n][^{}\n]{0,60}\}\}")
# Fields that only an API adds to an answer.
_SENT = {"id", "responseId", "created", "created_at", "object", "modelVersion"}
# Settings that request an answer without any message.
_ASKING = {"prompt", "previous_response_id", "conversation", "path", "input"}


def check(transcript: Transcript) -> None:
    """Raises `TranscriptError` for a mistake that would be served silently."""
    for section in transcript.sections:
        if section.api != RAW:
            _check_section(section)


def _check_section(section: Section) -> None:
    is_written = section.options.match == "listed"
    if is_written:
        _check_beginning(section)
    above = _Above()
    for entry in section.entries:
        match entry:
            case Given(message, pattern, line):
                if is_written:
                    _check_content(message, line)
                    _check_fields(message, line)
                if pattern == "like":
                    _check_pattern(message.text, line)
                    above.catch(message.text)
                if is_written:
                    above.ask(entry)
            case Reply(Answer() as answer, line=line):
                if not _is_recorded(answer, is_written=is_written):
                    if is_written:
                        _check_kind(answer, above.roles, line)
                    for choice in answer.choices:
                        _check_content(choice.message, line)
                _check_holes(answer, above, line)
            case Reply(answer, line=line) if answer:
                _check_holes(answer, above, line)


def _is_recorded(answer: Answer, *, is_written: bool) -> bool:
    if is_written:
        return bool(answer.fields.keys() & _SENT)
    return bool(answer.fields or any(choice.fields for choice in answer.choices))


# What each kind of answer replies to; all others reply to messages of a chat.
_ASKED = {"embedding": ("input",), "response": ("request",)}


def _check_kind(answer: Answer, asked: Mapping[str, int], line: int) -> None:
    """An answer has to be of the same API as what it replies to: roles, each with its first
    line.
    """
    role = answer.choices[0].message.role
    for other, first in asked.items():
        fitting = other in _ASKED.get(role, ()) or (role not in _ASKED and other in ROLES)
        if not fitting:
            meant = next((kind for kind, words in _ASKED.items() if other in words), "assistant")
            raise TranscriptError(
                line,
                f"`### {role}` does not answer `### {other}` in line {first}: write "
                f"`### {meant}`, or `### {_ASKED.get(role, ('user',))[0]}` there",
                code="mismatched-answer",
            )


def _check_beginning(section: Section) -> None:
    """An answer needs a question, unless the settings have it."""
    first = section.entries[0]
    if isinstance(first, Reply) and not section.settings.keys() & _ASKING:
        raise TranscriptError(
            first.line,
            "this answers nothing: no message is above it; write the question as `### user` "
            "before it",
            code="missing-question",
        )


def _check_content(message: Message, line: int) -> None:
    content = message.fields.get("content") if message.body is None else None
    if message.role == "embedding":
        _check_vector(message, line)
    elif message.role in ROLES and not _is_content(content):
        reader = "client gets" if message.role == "assistant" else "request would need"
        raise TranscriptError(
            line,
            f"the {reader} this JSON as {kind_of(content)}, not as text: for text, start each "
            "line with `> `, or put it between <blockquote> and </blockquote>",
            code="text-expected",
        )
    for call in message.parts_of(Call):
        if call.kind == "function" and call.arguments:
            _check_arguments(call, line)


def _check_vector(message: Message, line: int) -> None:
    content = message.fields.get("content") if message.body is None else message.body
    is_vector = isinstance(content, list) and all(_is_number(item) for item in content)
    if not (is_vector and content) and not message.parts and message.fields.get("from") != "hash":
        raise TranscriptError(
            line,
            f"a vector is a list of numbers, read {kind_of(content)}: write it in a ```json fence, "
            "as in [0.1, 0.2], or `### embedding, from hash` for one that is computed",
            code="vector-expected",
        )


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_content(content: Json) -> bool:
    """Whether an API has such content: a text, nothing, or a list of parts."""
    match content:
        case None | str():
            return True
        case list():
            return bool(content) and all(
                isinstance(item, dict) and "type" in item for item in content
            )
    return False


def _check_arguments(call: Call, line: int) -> None:
    try:
        found = jsontext.parse(_HOLE.sub("0", call.arguments))
    except JsonError as error:
        problem = f"are not JSON: {error}{json_remedy(call.arguments)}"
    else:
        if isinstance(found, dict):
            return
        problem = f"are {kind_of(found)}"
    raise TranscriptError(
        line,
        f"the arguments of `#### call {call.name}` {problem}; expected an object such as "
        '{"city": "Lisbon"} (for a tool that takes any text: `#### call NAME, ID, custom`)',
        code="invalid-arguments",
    )


def _check_fields(message: Message, line: int) -> None:
    """Settings of the request under one of its messages."""
    for name in message.fields:
        if name in TELLING:
            raise TranscriptError(
                line,
                f"`{name}:` is a setting, not a field of `### {message.role}`: write it in the "
                "front matter (between lines `---` from the first line on), or in a `yaml` fence "
                "below `##`",
                code="misplaced-settings",
            )


def _check_pattern(text: str, line: int) -> None:
    if adjacent := _ADJACENT.search(text):
        raise TranscriptError(
            line,
            f"{adjacent[0]!r}: nothing says where the first ends; write a word or a space between",
            code="adjacent-holes",
        )
    for hole in _HOLE.finditer(text):
        if not re.fullmatch(r"\{\{\w+\}\}", hole[0]):
            name = re.sub(r"\W+", "_", hole[1]) or "name"
            raise TranscriptError(
                line,
                f"{hole[0]!r} is no hole: write {{{{{name}}}}}, of letters, digits and `_`",
                code="unknown-hole",
            )


@dataclass(slots=True)
class _Above:
    """The holes that the messages above an answer capture, and what only looks like a hole in
    them.
    """

    has_pattern: bool = False
    caught: set[str] = field(default_factory=set)
    asked: dict[str, Given] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)

    def catch(self, pattern: str) -> None:
        self.has_pattern = True
        self.caught.update(compile_pattern(pattern).names)

    def ask(self, given: Given) -> None:
        self.roles.setdefault(given.message.role, given.line)
        for hole in _HOLE.finditer(given.message.text):
            self.asked.setdefault(hole[0], given)


def _check_holes(answer: AnyAnswer, above: _Above, line: int) -> None:
    """A hole in an answer has to be captured above it, by a message that is marked as a pattern."""
    if not (above.has_pattern or above.asked):
        return
    for text in _texts(answer):
        for filtered in _FILTERED.finditer(text):
            if filtered["name"] in above.caught and not _HOLE.fullmatch(filtered[0]):
                raise TranscriptError(
                    line,
                    f"{filtered[0]!r} is no hole: write {{{{{filtered['name']}}}}} alone, which "
                    "stands for what the request says there",
                    code="unknown-hole",
                )
    for hole in _holes(answer):
        if not above.has_pattern:
            _check_forgotten(hole, above, line)
        elif hole[1] not in above.caught or hole[0] != f"{{{{{hole[1]}}}}}":
            close = difflib.get_close_matches(hole[1], above.caught, 1)
            hint = f"did you mean {{{{{close[0]}}}}}? " if close else ""
            known = ", ".join(f"{{{{{name}}}}}" for name in sorted(above.caught)) or "no hole"
            raise TranscriptError(
                line,
                f"{hole[0]!r} is not caught above: {hint}the messages above have {known}",
                code="unknown-hole",
            )


def _check_forgotten(hole: re.Match[str], above: _Above, line: int) -> None:
    """A hole that is also in a question that is not marked as a pattern."""
    if given := above.asked.get(hole[0]):
        role = given.message.role
        raise TranscriptError(
            line,
            f"{hole[0]!r} is sent as it stands, since `### {role}` in line {given.line} is "
            f"no pattern: write `### {role}, like`",
            code="unknown-hole",
        )


def _holes(answer: AnyAnswer) -> Iterator[re.Match[str]]:
    for text in _texts(answer):
        yield from _HOLE.finditer(text)


def _texts(answer: AnyAnswer) -> list[str]:
    """The texts of an answer that may have holes."""
    texts: list[str] = []

    def note(text: str) -> str:
        if "{{" in text:
            texts.append(text)
        return text

    in_answer(answer, note)
    return texts
