"""What looks like a wild card to people, and is none where it stands."""

import re
from collections.abc import Iterator

from rechat.matching import compile_pattern
from rechat.store.doubts.conversations import Doubt
from rechat.values import Answer
from rechat.values import Given
from rechat.values import Reply
from rechat.values import Section
from rechat.values import in_answer

# "[...]", "[.]", "[ .. ]", "[…]", "[*]": meant as `[..]`, in whose place nobody writes them.
_IN_A_LINE = re.compile(r"\[ ?(?:\.|\.{3,6}|\u2026|\*) ?\]|\[ \.\. ?\]|\[\.\. \]")
# "…", "..", " ...", "....": a line of these is meant as `...`.
_ALONE = re.compile(r"^(?:[ \t]*(?:\u2026|\.{4,6}|\. \. \.)[ \t]*|[ \t]+\.{3}[ \t]*|\.{3}[ \t]+)$")
# What stands for something in other languages of patterns.
_ELSEWHERE = re.compile(
    r"\.\*\??|\*+|\{\w{1,60}\}|\$\{\w{1,60}\}|<\w{1,60}>|%s|\.{3}|\u2026|\[\w{1,60}\]"
)
_SINGLE = re.compile(r"(?<![{$])\{(\w{1,60})\}(?!\})")
# What other languages of patterns have for what was caught.
_GROUP = re.compile(r"(?<![\w$])[$\\][1-9]\b(?![.,]?\d)")
_TRIPLE = re.compile(r"\{{3,}(\w{1,60})\}{3,}")
# "{{name}", "{name}}": a brace was lost.
_LOPSIDED = re.compile(r"(?<!\{)(?:\{\{(\w{1,60})\}|\{(\w{1,60})\}\})(?!\})")
# Holes of other languages: "${name}", "<name>", "%(name)s", "[name]"; and what they do besides.
_FOREIGN = re.compile(r"\$\{(?:\w{1,60})\}|<(?:\w{1,60})>|%\((?:\w{1,60})\)s|\[(?:\w{1,60})\]")
_FOREIGN_NAME = re.compile(r"\w+")
_TEMPLATE = re.compile(r"\{%[^\n%]{1,100}%\}")
_WITHIN = "[..]"


def doubts_about_patterns(section: Section) -> Iterator[Doubt]:
    """The line of a message, what is no wild card there and how to write one."""
    answers = [
        text
        for entry in section.entries
        if isinstance(entry, Reply) and isinstance(entry.answer, Answer)
        for text in _texts(entry.answer)
    ]
    has_pattern = False
    for entry in section.entries:
        match entry:
            case Given(message, "like", line):
                has_pattern = True
                for words in _doubts(message.text, answers):
                    yield line, f"in `### {message.role}, like`: {words}"
            case Given(message, "", line) if alone := _wild_card(message.text):
                role = message.role
                yield (
                    line,
                    (
                        f"`{alone}` is compared as it stands, since `### {role}` is no pattern: "
                        f"write `### {role}, like`"
                    ),
                )
            case Reply(Answer() as answer, line=line) if has_pattern:
                if group := next(filter(None, map(_GROUP.search, _texts(answer))), None):
                    yield (
                        line,
                        (
                            f"`{group[0]}` in an answer is sent as it stands: to repeat what the "
                            "request said, name it `{{name}}` above and here"
                        ),
                    )
                if any(_WITHIN in text for text in _texts(answer)):
                    yield (
                        line,
                        (
                            f"`{_WITHIN}` in an answer is sent as it stands: to repeat what the "
                            "request said, name it `{{name}}` above and here"
                        ),
                    )


def _wild_card(text: str) -> str:
    """A wild card in a text: one within a line, or a line of one."""
    lines = text.split("\n")
    return _WITHIN if _WITHIN in text else "..." if "..." in lines and len(lines) > 1 else ""


def _doubts(text: str, answers: list[str]) -> Iterator[str]:
    """What is doubtful about a pattern, in words."""
    misspelt = [*_misspelt(text), *_foreign(text, answers)]
    yield from misspelt
    yield from _sent_as_they_stand(text, answers)
    if not misspelt and not _has_wild_card(text):
        other = _ELSEWHERE.search(text)
        read = f"read {other[0]!r}, " if other else ""
        yield (
            f"there is no wild card ({read}expected `[..]`, `{{{{name}}}}` or a line `...`): "
            "add one, or leave out `like`"
        )


def _misspelt(text: str) -> Iterator[str]:
    """What is nearly a wild card or a hole."""
    for line in text.split("\n"):
        wrong = _IN_A_LINE.search(line)
        if wrong or _ALONE.match(line):
            read = wrong[0] if wrong else line
            yield (
                f"{read!r} is compared as it stands: write `[..]` for anything within a line, "
                "a line `...` for any lines"
            )
    if tripled := _TRIPLE.search(text):
        yield f"{tripled[0]!r} is a hole between braces: write `{{{{{tripled[1]}}}}}`"
    if lopsided := _LOPSIDED.search(text):
        name = lopsided[1] or lopsided[2]
        yield f"{lopsided[0]!r} is compared as it stands: a hole is written {{{{{name}}}}}"


def _foreign(text: str, answers: list[str]) -> Iterator[str]:
    """Holes of other languages that an answer has too, and what their templates do."""
    for name in dict.fromkeys(_SINGLE.findall(text)):
        if any(f"{{{name}}}" in answer for answer in answers):
            yield f"'{{{name}}}' is compared as it stands: a hole has two braces, {{{{{name}}}}}"
    for form in dict.fromkeys(_FOREIGN.findall(text)):
        name = _FOREIGN_NAME.findall(form)[0]
        if f"</{name}>" not in text and any(form in answer for answer in answers):
            yield f"{form!r} is compared as it stands: a hole is written {{{{{name}}}}}"
    if template := _TEMPLATE.search(text):
        yield f"{template[0]!r} is compared as it stands: write `[..]` for anything within a line"


def _sent_as_they_stand(text: str, answers: list[str]) -> Iterator[str]:
    """What stands for a hole of this pattern in other languages, in an answer."""
    for name in compile_pattern(text).names:
        written = (
            f"{{{name}}}",
            f"${{{name}}}",
            f"${name}",
            f"<{name}>",
            f"[{name}]",
            f"%{name}%",
            f"%({name})s",
        )
        for form in written:
            if any(_has_alone(form, answer) for answer in answers):
                yield (
                    f"{form!r} in an answer is sent as it stands: for what the request says there, "
                    f"write `{{{{{name}}}}}`"
                )


def _has_alone(form: str, text: str) -> bool:
    """Whether a text has such a hole of another language, and not as a part of one of ours."""
    return form in text.replace(f"{{{form}}}", "")


def _has_wild_card(text: str) -> bool:
    return any(not isinstance(token, str) for token in compile_pattern(text).tokens)


def _texts(answer: Answer) -> list[str]:
    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return text

    in_answer(answer, note)
    return texts
