"""The findings in a folder of transcripts: mistakes, and what may not be what its author meant."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Literal

from rechat.dialects import DIALECTS
from rechat.format import changes_in
from rechat.index import Index
from rechat.matching import Exchange
from rechat.matching import Follower
from rechat.matching import Scheme
from rechat.matching import exchanges_of
from rechat.matching import normalise
from rechat.matching import order_of
from rechat.matching import scheme_of
from rechat.store.doubts.answers import doubts_about_answers
from rechat.store.doubts.asides import remarks_on_asides
from rechat.store.doubts.calls import doubts_about_calls
from rechat.store.doubts.conversations import doubts_about_messages
from rechat.store.doubts.conversations import remark_on_title
from rechat.store.doubts.conversations import remarks_on_messages
from rechat.store.doubts.embeddings import doubts_about_embeddings
from rechat.store.doubts.json_answers import doubts_about_json
from rechat.store.doubts.patterns import doubts_about_patterns
from rechat.store.doubts.settings import doubts_about_settings
from rechat.store.doubts.settings import unread_settings
from rechat.store.doubts.texts import doubts_about_texts
from rechat.store.doubts.texts import remarks_on_texts
from rechat.store.private import private_in
from rechat.values import RAW
from rechat.values import Answer
from rechat.values import Reply
from rechat.values import Section

# What has no `n` or the like.
_ONE_CHOICE = (
    "anthropic.messages",
    "ollama.chat",
    "ollama.generate",
    "openai.responses",
)
_APIS = {dialect.name for dialect in DIALECTS} | {""}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding. An `error` has to be fixed: the file is not served, or contains a secret. With a
    `warning` it is served, but probably not as it was meant; a `notice` is for people to judge.
    `code` is the stable name of a mistake in the text.
    """

    path: str
    line: int
    level: Literal["error", "warning", "notice"]
    message: str
    code: str = ""

    def __str__(self) -> str:
        code = f" [{self.code}]" if self.code else ""
        return f"{self.path}:{self.line}: {self.level}: {self.message}{code}"


type Answered = tuple[bytes, str, int]
"""A digest of what a place answers, its file and its line."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that could be read: its path, its text, and its contents."""

    path: str
    source: str
    sections: tuple[Section, ...]
    exchanges: list[Exchange]


def read_file(path: str, source: str, sections: tuple[Section, ...]) -> ReadFile:
    """A file with these sections."""
    exchanges = [one for section in sections for one in exchanges_of(path, section)]
    return ReadFile(path, source, sections, exchanges)


def lint(index: Index, sources: Mapping[str, str]) -> list[Finding]:
    """The warnings for transcripts that could be read, by path and line. `sources` has the text of
    each.
    """
    files = [
        ReadFile(path, source, index.sections(path), index.exchanges_in(path))
        for path, source in sources.items()
    ]
    return lint_all(files)


def lint_all(files: Collection[ReadFile]) -> list[Finding]:
    """The same for files at hand."""
    found = {finding for file in files for finding in lint_each(file)}
    # Within one conversation, each answer has more above it than the previous one.
    is_one = sum(len(file.sections) for file in files) == 1
    answered = () if is_one else (one for file in files for one in answered_in(file))
    return sorted({*found, *answered_twice(answered)})


def lint_each(file: ReadFile) -> list[Finding]:
    """The same without the warnings that concern several transcripts together."""
    return sorted({*lint_sections(file), *lint_private(file.path, file.source)})


def lint_sections(file: ReadFile, *, is_rest: bool = False) -> list[Finding]:
    """The findings in the conversations of a file. If it `is_rest`, it was taken from a file with
    others above.
    """
    found = [*_unanswered(file), *_unknown_names(file), *_choices(file)]
    found += [*_doubts(file, is_rest=is_rest), *_without_messages(file)]
    return [*found, *_changed(file), *_shut_frames(file)]


def lint_private(path: str, source: str) -> Iterator[Finding]:
    """What in a file should not be shared."""
    return (Finding(path, *remark) for remark in private_in(source))


# "**User:** Hi", "Assistant: Ho": conversations in other notations.
_SPEAKER = re.compile(
    r"^[ \t>*_#-]{0,8}(?:user|human|you|assistant|ai|bot|system|chatgpt)[*_]{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)


def _without_messages(file: ReadFile) -> Iterator[Finding]:
    """A file that answers nothing because it has no message at all."""
    if not file.sections:
        speaker = _SPEAKER.search(file.source)
        line = file.source.count("\n", 0, speaker.start()) + 1 if speaker else 1
        read = f", read {speaker[0].strip()!r}" if speaker else ""
        message = f"this file has no messages{read}: each begins with a line such as `### user`"
        yield Finding(file.path, line, "warning", message)


def _unanswered(file: ReadFile) -> Iterator[Finding]:
    for exchange in file.exchanges:
        for reply in exchange.replies:
            if reply.answer is None:
                message = "this answer is empty: write it, or let `rechat record` ask for it"
                yield Finding(file.path, reply.line, "warning", message)
    answering = {id(exchange.section) for exchange in file.exchanges}
    for section in file.sections:
        if id(section) not in answering:
            message = "this section answers nothing: it has no `### assistant`"
            yield Finding(file.path, section.line, "warning", message)


_CHANGES: dict[str, tuple[Literal["warning", "notice"], str]] = {
    "formatting": (
        "warning",
        (
            "the words of this answer are those that were recorded, but not its marks and blanks: "
            "a formatter or editor changed what is served. Get it back from git, or remove "
            "`digest:` from its details if this is meant"
        ),
    ),
    "words": (
        "notice",
        (
            "this answer was edited since it was recorded, and is served as it stands (without "
            "`digest:` in its details, this is not reported again)"
        ),
    ),
}


def _changed(file: ReadFile) -> Iterator[Finding]:
    """Answers that differ from what was recorded."""
    for section in file.sections if "\ndigest: " in file.source else ():
        for reply in section.entries:
            match reply:
                case Reply(Answer() as answer, _, line, span):
                    for change in changes_in(file.source, span, answer):
                        yield Finding(file.path, line, *_CHANGES[change])


def _unknown_names(file: ReadFile) -> Iterator[Finding]:
    """APIs and rules that do not exist: a file that names them matches less than it seems to."""
    for section in file.sections:
        options = section.options
        for api in {options.api} - _APIS:
            yield _unknown(file, section, "api", api, sorted(_APIS - {""}))
        for name in options.normalise:
            if name not in (rules := normalise.rule_names()):
                yield _unknown(file, section, "normalise", name, list(rules))


def _unknown(file: ReadFile, section: Section, key: str, name: str, known: list[str]) -> Finding:
    close = get_close_matches(name, known, 1)
    hint = f"did you mean `{close[0]}`? " if close else ""
    message = f"`rechat: {key}: {name}` is not known: {hint}expected {', '.join(known)}"
    return Finding(file.path, section.line, "warning", message)


def _doubts(file: ReadFile, *, is_rest: bool) -> Iterator[Finding]:
    """What in hand-written conversations their authors may not have meant."""
    for section in file.sections:
        if section.options.match == "listed" and section.api != RAW:
            for line, message in _doubts_about(section, file.source):
                yield Finding(file.path, line, "warning", message)
            has_above = is_rest or section is not file.sections[0]
            for line, message in _remarks_on(section, has_above=has_above):
                yield Finding(file.path, line, "notice", message)
    for line, message in unread_settings(file.source):
        yield Finding(file.path, line, "warning", message)
    for line, level, message in remarks_on_asides(file.source, file.sections):
        yield Finding(file.path, line, level, message)


def _doubts_about(section: Section, source: str) -> Iterator[tuple[int, str]]:
    yield from doubts_about_messages(section)
    yield from doubts_about_answers(section)
    yield from doubts_about_calls(section)
    yield from doubts_about_texts(section)
    yield from doubts_about_patterns(section)
    yield from doubts_about_settings(section, source)
    yield from doubts_about_json(section)
    yield from doubts_about_embeddings(section)


def _remarks_on(section: Section, *, has_above: bool) -> Iterator[tuple[int, str]]:
    yield from remarks_on_messages(section)
    yield from remarks_on_texts(section)
    if has_above:
        yield from remark_on_title(section)


def _choices(file: ReadFile) -> Iterator[Finding]:
    """Choices in an API that answers with one message: the others cannot be sent."""
    for exchange in file.exchanges:
        api = exchange.section.options.api
        for reply in exchange.replies if api in _ONE_CHOICE else ():
            match reply.answer:
                case Answer(choices) if len(choices) > 1:
                    message = f"{api} has one choice, not {len(choices)}: write takes instead"
                    yield Finding(file.path, reply.line, "warning", message)


def answered_in(file: ReadFile) -> Iterator[Answered]:
    """What each exchange of a file answers, and where."""
    section: Section | None = None
    for exchange in file.exchanges:
        if exchange.section is not section:
            section = exchange.section
            follower = Follower(scheme_of(section), section, exchange.steps)
            scheme, kinds = _spelled(follower.scheme), ""
        kinds += "".join(f"{step.pattern}," for step in islice(exchange.steps, follower.done, None))
        keys = follower.follow(exchange.steps)
        if exchange.answered:
            patterns = kinds.encode() if kinds.strip(",") else b""
            for key in keys:
                yield _digest(scheme, key, patterns), file.path, exchange.line


@lru_cache(maxsize=256)
def _spelled(scheme: Scheme) -> bytes:
    """The same spelling of a scheme in all processes, since the order of a set varies."""
    names = None if scheme.names is None else sorted(scheme.names)
    return repr((names, replace(scheme, names=None))).encode()


def _digest(scheme: bytes, key: bytes, kinds: bytes = b"") -> bytes:
    """A digest of a few bytes, which is cheaper to send to another process than a scheme."""
    return hashlib.blake2b(b"\0".join((scheme, kinds, key)), digest_size=16).digest()


def answered_twice(answered: Iterable[Answered]) -> Iterator[Finding]:
    """Answers to requests that another place before them answers too: only the first is ever
    served.
    """
    first: dict[bytes, str] = {}
    for key, path, line in sorted(answered, key=lambda one: (order_of(one[1]), one[2])):
        place = f"{path}:{line}"
        before = first.setdefault(key, place)
        if before != place:
            message = f"{before} answers the same request and comes first: this is never served"
            yield Finding(path, line, "warning", message)


# "<blockquote>" at the beginning of a line, and text in the next one. The pattern begins with the
# word: few texts contain it, and searching for it is faster than for line beginnings.
_TIGHT = re.compile(r"<blockquote>(?<=^<blockquote>)[ \t]*\n(?=[^\n])", re.MULTILINE)


def _shut_frames(file: ReadFile) -> Iterator[Finding]:
    source, line, at = file.source, 1, 0
    for match in _TIGHT.finditer(source):
        if source.startswith(("</blockquote>", "---"), match.end()):
            continue
        line += source.count("\n", at, match.start())
        at = match.start()
        yield Finding(
            file.path,
            line,
            "warning",
            "no blank line after <blockquote>: the text is not rendered as Markdown",
        )
