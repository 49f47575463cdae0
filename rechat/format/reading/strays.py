"""What looks like a heading, settings or front matter, but has no meaning where it stands.

Read as commentary it would be lost without a word, and another answer served than was meant.
"""

import re

from rechat.format import yaml
from rechat.format.blocks import Block
from rechat.format.headings import meant_role
from rechat.format.reading.settings import TELLING
from rechat.values import JsonError
from rechat.values import TranscriptError
from rechat.values import jsontext

_INVISIBLE = "\\u200b\\u2060\\ufeff\\u00ad"
# "#### user" and what becomes of headings in lists, in HTML, and in editors that escape the marks.
_HEADING = re.compile(
    rf"[\s{_INVISIBLE}]*+(?:(?:[-*+]|\d++[.)])[ \t]++)?+"
    rf"(?:(?:\\?[#\uff03]){{1,6}}+|<h[1-6][^>]*+>)[\s{_INVISIBLE}]*+"
    rf"(?P<words>(?:[^#<\s]++|[^\S\n]++(?=[^#<\s]))*+)[\s#]*+(?:</h[1-6]>)?+\s*+"
)
# "---", and what editors and other tools make of it.
_RULE = re.compile(
    rf"[\s{_INVISIBLE}]*+(?:[-\u2010-\u2015]{{2,}}+|\u2014|\+{{3,}}+)"
    r"[ \t]*+(?:yaml|toml)?+[ \t]*+"
)
_KEY = re.compile(r"[ \t]*(?P<key>[\w.-]+)[ \t]*[:=](?:[ \t]|$)")
_MORE = re.compile(r"[ \t]+\S|[ \t]*(?:[-#]|$)|[\]}]")
# Front matter has no more lines than this.
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
    if heading and (role := meant_role(heading["words"])):
        raise TranscriptError(
            block.line,
            f"{block.text[:40]!r} opens no message: write `### {role}` from the first column on",
            code="misplaced-role",
        )
    if _RULE.fullmatch(block.text) and _settings_follow(source, block.end):
        raise TranscriptError(
            block.line,
            f"{block.text[:40]!r} begins settings where they have no meaning: those of a "
            "file stand between two lines `---` from its first line on, those of a section in a "
            "`yaml` fence below its `##` heading",
            code="misplaced-front-matter",
        )


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
    """Raises `TranscriptError` if a fence above the first message of a section holds settings that
    nobody reads; `takes_settings` says whether a `yaml` fence would be read there.
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
    """Whether the text of a fence that is not YAML by its name is a mapping with telling names."""
    try:
        found = jsontext.parse(block.text) if block.text[:1] == "{" else _fields(block)
    except (JsonError, TranscriptError):
        return False
    return isinstance(found, dict) and bool(found.keys() & TELLING)


def _fields(block: Block) -> object:
    first = block.text.lstrip().partition("\n")[0]
    return yaml.read(block.text, block.line) if not block.info and _KEY.match(first) else None
