"""Text that looks like a heading, settings or front matter, but has no meaning where it stands.

Read as commentary it would be lost silently, and another answer served than was meant.
"""

import re

from rechat.format import yaml
from rechat.format.blocks import Block
from rechat.format.headings import alias_of
from rechat.format.headings import is_part
from rechat.format.headings import meant_role
from rechat.format.headings import spoken_role
from rechat.format.reading.settings import TELLING
from rechat.values import JsonError
from rechat.values import TranscriptError
from rechat.values import jsontext

_INVISIBLE = "\\u200b\\u2060\\ufeff\\u00ad"
# "#### user", and what headings become in lists, in HTML, and in editors that escape the marks.
_HEADING = re.compile(
    rf"[\s{_INVISIBLE}]*+(?:(?:[-*+]|\d++[.)])[ \t]++)?+"
    rf"(?:(?:\\?[#\uff03]){{1,6}}+|<h[1-6][^>]*+>)[\s{_INVISIBLE}]*+"
    rf"(?P<words>(?:[^#<\s]++|[^\S\n]++(?=[^#<\s]))*+)[\s#]*+(?:</h[1-6]>)?+\s*+"
)
# "---", and its variants in editors and other tools.
_RULE = re.compile(
    rf"[\s{_INVISIBLE}]*+(?:[-\u2010-\u2015]{{2,}}+|\u2014|\+{{3,}}+)"
    r"[ \t]*+(?:yaml|toml)?+[ \t]*+"
)
# The lines of a diff, and the separator between the two sides of a merge.
_DIFF = re.compile(
    r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|diff --git \S|\+>|[+-](?:#{2,4}[ \t]|</?blockquote>|```)"
)
_LEFT_BEHIND = re.compile(r"={7}|\|{7}(?: .*)?")
_DETAILS = re.compile(r"<(/?)details\b")
# "<BLOCKQUOTE>", "<blockquote>Hi</blockquote>", "</blockqoute>": people read them as frames.
_FRAME = re.compile(r"<[ /]{0,2}bloc?kq", re.IGNORECASE)
# "  ```yaml", "'''yaml", "``json": people read them as fences.
_FENCE = re.compile(
    r"(?:[ \t]++(?:`{3,}+|~{3,}+)|[ \t]*+(?:`{1,2}|\\`{3}|\\?['\"\u2018-\u201f\u00b4]{2,3}+))"
    r"[ \t]*+(?P<info>yaml|yml|toml|json)[ \t]*+"
)
# "**Assistant**", "user:", "<human>", "ChatGPT said:": speakers in other formats of conversations.
_SPEAKER = re.compile(r"[*_<\[ ]*+(?P<who>[a-z]{2,12})(?P<said> said)?[\]>*_: ]*+", re.IGNORECASE)
_KEY = re.compile(r"[ \t]*(?P<key>[\w.-]+)[ \t]*[:=](?:[ \t]|$)")
_MORE = re.compile(r"[ \t]+\S|[ \t]*(?:[-#]|$)|[\]}]")
# Front matter is assumed to have at most this many lines.
_LONGEST = 200
_YAML = re.compile(r"\W*(?:yaml|yml|toml)\b", re.IGNORECASE)


def check_heading(block: Block, level: int) -> None:
    """Raises `TranscriptError` if a heading of another level has the words of a role's."""
    if role := meant_role(block.text):
        raise TranscriptError(
            block.line,
            f"`{'#' * level} {block.text}` is a role at level {level}, which opens no message: "
            f"write `### {role}`",
            code="misplaced-role",
        )


def check_note(block: Block, source: str) -> None:
    """Raises `TranscriptError` if a line of commentary was meant as a heading or front matter."""
    heading = _HEADING.fullmatch(block.text)
    if role := meant_role(heading["words"]) if heading else _speaker(block.text):
        raise _misread(
            block,
            f"opens no message: write `### {role}` from the first column on",
            code="misplaced-role",
        )
    if _DIFF.match(block.text):
        raise _misread(
            block,
            "is a line of a diff: apply the change or remove it (in a text, "
            "start the line with `> `)",
            code="diff-line",
        )
    if _LEFT_BEHIND.fullmatch(block.text) and source[max(block.start - 2, 0) : block.start] in (
        "",
        "\n\n",
    ):
        raise _misread(
            block,
            "is a mark of a merge conflict that was left behind: keep what is "
            "right of the two sides, and remove the mark",
            code="conflict-marker",
        )
    _check_marks(block, source, "yaml yml toml")
    if _RULE.fullmatch(block.text) and _settings_follow(source, block.end):
        raise _misread(
            block,
            "begins settings where they have no meaning: those of a "
            "file stand between two lines `---` from its first line on, those of a section in a "
            "`yaml` fence below its `##` heading",
            code="misplaced-front-matter",
        )


def check_body(block: Block, source: str) -> None:
    """Raises `TranscriptError` if a line of commentary in a message was meant to open a body."""
    if _FRAME.match(block.text):
        raise _misread(
            block,
            "is no line of a frame: <blockquote> and </blockquote> stand "
            "alone in their lines, from the first column on, in lower case, and the text between",
            code="malformed-frame",
        )
    _check_marks(block, source, "json")


def _check_marks(block: Block, source: str, infos: str) -> None:
    """The marks of a fence: three backticks in the first column."""
    found = _FENCE.fullmatch(source[block.start : block.end].rstrip("\n"))
    if found and found["info"] in infos.split():
        raise TranscriptError(
            block.line,
            f"{found[0]!r} opens no fence: write ```{found['info']} from the first column on, "
            "and ``` below",
            code="malformed-fence",
        )


def check_part(block: Block) -> None:
    """Raises `TranscriptError` for a part of no message."""
    if is_part(block.text):
        words = "is a part of no message: write `### user` or another role above it"
        raise _misread(block, words, code="misplaced-part")


def fold(folds: list[int], block: Block) -> None:
    """Track `<details>` and `</details>`: `folds` has the lines of those that are open."""
    for tag in _DETAILS.finditer(block.text) if block.text.startswith("<") else ():
        if not tag[1]:
            folds.append(block.line)
        elif folds:
            folds.pop()


def _speaker(text: str) -> str:
    """The role of a line that says only who speaks; empty for other lines."""
    found = _SPEAKER.fullmatch(text)
    if not found:
        return ""
    who = found["who"].lower()
    if found["said"]:
        return "user" if who == "you" else alias_of(who)
    is_plain = text.isalpha()
    return "" if is_plain and who not in ("user", "assistant") else spoken_role(who)


def _misread(block: Block, words: str, *, code: str) -> TranscriptError:
    return TranscriptError(block.line, f"{block.text[:40]!r} {words}", code=code)


def _settings_follow(source: str, start: int) -> bool:
    """Whether lines of keys and values follow, up to another rule."""
    has_key = False
    for _ in range(_LONGEST):
        end = source.find("\n", start)
        line = source[start : end if end >= 0 else len(source)]
        if _RULE.fullmatch(line) or line.strip() == "...":
            return has_key
        if _KEY.match(line):
            has_key = True
        elif not _MORE.match(line) or (line.strip(" \t") and line[0] != "#" and not has_key):
            return False
        if end < 0:
            return False
        start = end + 1
    return False


def check_fence(block: Block, *, takes_settings: bool) -> None:
    """Raises `TranscriptError` if a fence above the first message of a section contains settings
    that would be ignored; `takes_settings` says whether a `yaml` fence would be read there.
    """
    if _YAML.match(block.info) or _has_settings(block):
        how = (
            "write ```yaml"
            if takes_settings
            else "those of a file stand between two lines `---` from its first line on, those of a "
            "section in a `yaml` fence below its `##` heading"
        )
        raise TranscriptError(
            block.line,
            f"the settings in this fence of {block.info!r} have no meaning here: {how}",
            code="misplaced-settings",
        )


def check_aside(block: Block) -> None:
    """Raises `TranscriptError` if a fence beside the body of a message looks like its fields."""
    if _YAML.match(block.info):
        raise TranscriptError(
            block.line,
            f"a fence of {block.info!r} has no meaning here: write ```yaml for the fields of the "
            "message, or put it into the body",
            code="misplaced-settings",
        )


def _has_settings(block: Block) -> bool:
    """Whether the text of a fence that is not marked as YAML is a mapping with typical names of
    settings.
    """
    try:
        found = jsontext.parse(block.text) if block.text[:1] == "{" else _fields(block)
    except (JsonError, TranscriptError):
        return False
    return isinstance(found, dict) and bool(found.keys() & TELLING)


def _fields(block: Block) -> object:
    first = block.text.lstrip().partition("\n")[0]
    return yaml.read(block.text, block.line) if not block.info and _KEY.match(first) else None
