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
    found = False
    for line in text.split("\n"):
        wrong = _IN_A_LINE.search(line)
        if wrong or _ALONE.match(line):
            found = True
            read = wrong[0] if wrong else line
            yield (
                f"{read!r} is compared as it stands: write `[..]` for anything within a line, "
                "a line `...` for any lines"
            )
    if tripled := _TRIPLE.search(text):
        found = True
        yield f"{tripled[0]!r} is a hole between braces: write `{{{{{tripled[1]}}}}}`"
    if lopsided := _LOPSIDED.search(text):
        found = True
        name = lopsided[1] or lopsided[2]
        yield f"{lopsided[0]!r} is compared as it stands: a hole is written {{{{{name}}}}}"
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
    for name in dict.fromkeys(_SINGLE.findall(text)):
        if any(f"{{{name}}}" in answer for answer in answers):
            found = True
            yield f"'{{{name}}}' is compared as it stands: a hole has two braces, {{{{{name}}}}}"
    if not found and not _has_wild_card(text):
        other = _ELSEWHERE.search(text)
        read = f"read {other[0]!r}, " if other else ""
        yield (
            f"there is no wild card ({read}expected `[..]`, `{{{{name}}}}` or a line `...`): "
            "add one, or leave out `like`"
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
