"""What is wrong with a folder of transcripts, or may not be what its author meant."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rechat.dialects import DIALECTS
from rechat.format import Aside
from rechat.format import AsideKind
from rechat.format import asides
from rechat.format import changes_in
from rechat.index import Index
from rechat.matching import Scheme
from rechat.matching import keys_of
from rechat.matching import normalise
from rechat.matching import scheme_of
from rechat.store.doubts.answers import doubts_about_answers
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
from rechat.values import Pattern
from rechat.values import Reply
from rechat.values import Section

# What has no `n` or the like.
_ONE_CHOICE = (
    "anthropic.messages",
    "ollama.chat",
    "ollama.generate",
    "openai.responses",
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding. An `error` has to be fixed: the file is not served, or shows a secret. With a
    `warning` it is served, but hardly as it was meant; a `notice` is for people to judge. `code` is
    the stable name of a mistake in the text.
    """

    path: str
    line: int
    level: Literal["error", "warning", "notice"]
    message: str
    code: str = ""

    def __str__(self) -> str:
        code = f" [{self.code}]" if self.code else ""
        return f"{self.path}:{self.line}: {self.level}: {self.message}{code}"


type _Key = tuple[Scheme, bytes, tuple[Pattern, ...]]

type Answered = tuple[_Key, str, int]
"""What a place answers, its file and its line."""


def lint(index: Index, sources: Mapping[str, str]) -> list[Finding]:
    """The warnings for transcripts that could be read, by path and line. `sources` has the text of
    each.
    """
    return sorted({*lint_each(index, sources), *answered_twice(answered_in(index))})


def lint_each(index: Index, sources: Mapping[str, str]) -> list[Finding]:
    """The same without what only several transcripts together are warned of."""
    found = [*_unanswered(index), *_unknown_names(index), *_choices(index)]
    found += [*_doubts(index, sources), *_without_messages(index, sources)]
    found += _changed(index, sources)
    for path, source in sources.items():
        found += [Finding(path, *remark) for remark in private_in(source)]
        found += _shut_frames(path, source)
    return sorted(set(found))


# "**User:** Hi", "Assistant: Ho": how conversations are written elsewhere.
_SPEAKER = re.compile(
    r"^[ \t>*_#-]{0,8}(?:user|human|you|assistant|ai|bot|system|chatgpt)[*_]{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)


def _without_messages(index: Index, sources: Mapping[str, str]) -> Iterator[Finding]:
    """Files that answer nothing since they hold no message at all."""
    for path, source in sources.items():
        if not any(True for _ in index.sections(path)):
            speaker = _SPEAKER.search(source)
            line = source.count("\n", 0, speaker.start()) + 1 if speaker else 1
            read = f", read {speaker[0].strip()!r}" if speaker else ""
            message = f"this file has no messages{read}: each begins with a line such as `### user`"
            yield Finding(path, line, "warning", message)


def _unanswered(index: Index) -> Iterator[Finding]:
    for exchange in index.exchanges():
        for reply in exchange.replies:
            if reply.answer is None:
                message = "this answer is empty: write it, or let `rechat record` ask for it"
                yield Finding(exchange.path, reply.line, "warning", message)
    for path in index.paths:
        answering = {id(exchange.section) for exchange in index.exchanges_in(path)}
        for section in index.sections(path):
            if id(section) not in answering:
                message = "this section answers nothing: it has no `### assistant`"
                yield Finding(path, section.line, "warning", message)


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
            "`digest:` in its details, this is not told again)"
        ),
    ),
}


def _changed(index: Index, sources: Mapping[str, str]) -> Iterator[Finding]:
    """Answers that are not what was recorded."""
    for path, source in sources.items():
        for section in index.sections(path) if "\ndigest: " in source else ():
            for reply in section.entries:
                match reply:
                    case Reply(Answer() as answer, _, line, span):
                        for change in changes_in(source[span.start : span.end], answer):
                            yield Finding(path, line, *_CHANGES[change])


def _unknown_names(index: Index) -> Iterator[Finding]:
    """APIs and rules that do not exist: what names them matches less than it seems to."""
    rules = normalise.rule_names()
    apis = {dialect.name for dialect in DIALECTS} | {""}
    for path in index.paths:
        for section in index.sections(path):
            options = section.options
            wrong = [f"api: {options.api}"] * (options.api not in apis)
            wrong += [f"normalise: {name}" for name in options.normalise if name not in rules]
            for words in wrong:
                known = ", ".join(sorted(apis - {""}) if words.startswith("api") else rules)
                message = f"`rechat: {words}` is not known: expected {known}"
                yield Finding(path, section.line, "warning", message)


def _doubts(index: Index, sources: Mapping[str, str]) -> Iterator[Finding]:
    """What hand-written conversations say that their authors may not have meant."""
    for path in index.paths:
        source, before = sources.get(path, ""), None
        for section in index.sections(path):
            if section.options.match == "listed" and section.api != RAW:
                for line, message in _doubts_about(section, source):
                    yield Finding(path, line, "warning", message)
                for line, message in _remarks_on(section, before):
                    yield Finding(path, line, "notice", message)
            before = section
        for line, message in unread_settings(source):
            yield Finding(path, line, "warning", message)
        yield from _asides(path, index, source)


def _asides(path: str, index: Index, source: str) -> Iterator[Finding]:
    """Commentary that looks like a part of the conversation, in sections that are written by hand
    or that have no messages.
    """
    recorded = [
        section.span
        for section in index.sections(path)
        if section.options.match == "exact" or section.api == RAW
    ]
    for aside in asides(source) if any(True for _ in index.sections(path)) else ():
        if not any(span.start <= aside.start < span.end for span in recorded):
            is_remark = aside.kind in ("text", "section")
            level: Literal["warning", "notice"] = "notice" if is_remark else "warning"
            yield Finding(path, aside.line, level, _about(aside))


def _about(aside: Aside) -> str:
    """What is odd about an aside, and how to write what it may have been meant as."""
    if aside.kind == "setting":
        return (
            f"{aside.text!r} is commentary and sets nothing: the settings of a section stand in a "
            "```yaml fence below its `##` heading"
        )
    if not aside.role:
        return (
            f"{aside.text!r} belongs to no message and means nothing: write `### user`, or another "
            "role, above it (commentary needs no `>`)"
        )
    return _ABOUT[aside.kind].format(read=repr(aside.text), role=f"`### {aside.role}`")


_ABOUT: Mapping[AsideKind, str] = {
    "text": (
        "{read} is commentary and no part of the text of {role}: if it belongs to it, start each "
        "line with `> ` (commentary between `<!--` and `-->` is not told)"
    ),
    "field": "{read} is commentary and sets nothing: fields stand in a ```yaml fence",
    "speaker": "{read} opens no message and is commentary: write `### user` and the like",
    "heading": (
        "{read} ends the text of {role}, and it and what is below are commentary: if they belong "
        "to it, start each line with `> ` (a heading that is commentary stands between `<!--` and "
        "`-->`)"
    ),
    "section": (
        "{read} ends the conversation above it and has no messages: if it and what is below belong "
        "to the text of {role}, start each line with `> `"
    ),
    "quote": (
        "{read} is no quote and no part of the text of {role}: a quote begins with `>` in the "
        "first column, directly below the line before it"
    ),
    "picture": (
        "the text of this file is read as the words of {role}: to send the picture, write "
        "`#### image` above the link (without the `!` it is a text that is linked)"
    ),
    "alert": (
        "{read} is read as the words of {role}: a remark for people stands between `<!--` and "
        "`-->`, or above the first heading"
    ),
    "twice": (
        "each line of this text begins with `>` twice, and the second is part of what is said: "
        "take one out (a text that is itself a quote stands between <blockquote> and "
        "</blockquote>)"
    ),
}


def _doubts_about(section: Section, source: str) -> Iterator[tuple[int, str]]:
    yield from doubts_about_messages(section)
    yield from doubts_about_answers(section)
    yield from doubts_about_calls(section)
    yield from doubts_about_texts(section)
    yield from doubts_about_patterns(section)
    yield from doubts_about_settings(section, source)
    yield from doubts_about_json(section)
    yield from doubts_about_embeddings(section)


def _remarks_on(section: Section, before: Section | None) -> Iterator[tuple[int, str]]:
    yield from remarks_on_messages(section)
    yield from remarks_on_texts(section)
    yield from remark_on_title(section, before)


def _choices(index: Index) -> Iterator[Finding]:
    """Choices where the API answers with one message: the others cannot be said."""
    for exchange in index.exchanges():
        api = exchange.section.options.api
        for reply in exchange.replies if api in _ONE_CHOICE else ():
            match reply.answer:
                case Answer(choices) if len(choices) > 1:
                    message = f"{api} has one choice, not {len(choices)}: write takes instead"
                    yield Finding(exchange.path, reply.line, "warning", message)


def answered_in(index: Index) -> Iterator[Answered]:
    """What each exchange of an index answers, and where."""
    for path in index.paths:
        card = index.card(path)
        assert card
        for spot, exchange in zip(card.spots, index.exchanges_in(path), strict=True):
            if not spot.answers:
                continue
            if not spot.is_pattern:
                for key in spot.keys:
                    yield (card.schemes[spot.scheme], key, ()), path, spot.line
                continue
            scheme = scheme_of(exchange.section)
            kinds = tuple(step.pattern for step in exchange.steps)
            for key in keys_of(scheme, exchange.section, exchange.steps):
                yield (scheme, key, kinds), path, spot.line


def answered_twice(answered: Iterable[Answered]) -> Iterator[Finding]:
    """What answers the same request as another place before it: only the first is ever served."""
    first: dict[_Key, str] = {}
    for key, path, line in answered:
        place = f"{path}:{line}"
        before = first.setdefault(key, place)
        if before != place:
            message = f"{before} answers the same request and comes first: this is never served"
            yield Finding(path, line, "warning", message)


# "<blockquote>" at the beginning of a line, and text in the next one. The word comes first: few
# texts have it, and a search for it is quicker than one for the beginnings of lines.
_TIGHT = re.compile(r"<blockquote>(?<=^<blockquote>)[ \t]*\n(?=[^\n])", re.MULTILINE)


def _shut_frames(path: str, source: str) -> Iterator[Finding]:
    for match in _TIGHT.finditer(source):
        if source.startswith("</blockquote>", match.end()) or source.startswith("---", match.end()):
            continue
        line = source.count("\n", 0, match.start()) + 1
        yield Finding(
            path,
            line,
            "warning",
            "no blank line after <blockquote>: the text is not rendered as Markdown",
        )
