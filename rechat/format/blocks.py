"""The blocks of a transcript, found by mistune with block rules of our own (design, section 3).

mistune's tokens rewrite line endings and trim text, so they carry no content here: each rule only
determines where its block starts and ends, and content is the slice of the untouched source
between. Anything that matches no rule is a note, line by line.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mistune import BlockParser
from mistune.core import BlockState

from rechat.format.body import CLOSING
from rechat.format.body import OPENING
from rechat.format.headings import ROLE_WORDS
from rechat.format.reading.conflicts import find_conflict
from rechat.format.reading.pointers import IS_POINTER
from rechat.format.reading.pointers import is_pointer
from rechat.values import TranscriptError
from rechat.values import find_line

# The blocks of a longer source (in characters) are not cached.
_KEPT = 1 << 20
_CLOSING_LINE = re.compile(rf"^{CLOSING}[ \t]*$", re.MULTILINE)
_STRUCTURE = re.compile(
    rf"^(?:{OPENING}[ \t]*|###[ \t]+(?:{'|'.join(ROLE_WORDS)})(?:[ \t,][^\n]*)?)$",
    re.MULTILINE,
)

# "  </blockquote>", "text</blockquote>", "</blockqoute>"
_NEAR_CLOSING = re.compile(r"</[ ]?bloc?kq", re.IGNORECASE)

_WRAPPED_FRONT = re.compile(r"\s*^---[ \t]*\n(?P<settings>(?:[^\n]*\n)*?)---[ \t]*$", re.MULTILINE)

# A "---" below the first line, with only blank lines and comments before it.
_LATE_FRONT = re.compile(r"---[ \t]*")

# " ### user", "###user", and "###" with a no-break space: people read them as headings (and every
# renderer the first), but rechat does not.
_LOOSE_HEADING = re.compile(
    r"[ \u00a0\u200b\u2060\ufeff]{1,3}#{2,4}\s+\S"
    rf"|#{{3}}(?:{'|'.join(ROLE_WORDS)})\b|#{{2}}[^#\s]|#{{2,4}}[^#\S]"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the source. `text` depends on the kind: a heading's words, a body's inside, a
    link's target. `info` is the level of a heading, what follows the mark of a fence, or the line
    of a wrapper's settings.
    """

    kind: str
    start: int
    end: int
    line: int
    text: str
    info: str = ""


class _State(BlockState):
    """The blocks found so far, and the line of the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._line, self._counted = 1, 0

    def add(self, kind: str | None, start: int, end: int, text: str, info: str) -> None:
        """Add the next block."""
        self._line += self.src.count("\n", self._counted, start)
        self._counted = start
        self.blocks.append(Block(kind or "", start, end, self._line, text, info))


class _Rules(BlockParser):
    """The block rules, tried in this order at each line."""

    PATTERNS = (
        ("front", r"\A---[ \t]*$"),
        ("heading", r"^(?P<level>#{1,4})(?:[ \t]+(?P<words>[^\n]*))?$"),
        ("frame", rf"^{OPENING}[ \t]*$"),
        ("closing", rf"^{CLOSING}[ \t]*$"),
        ("quote", r"^>[^\n]*(?:\n>[^\n]*)*"),
        ("fence", r"^(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)$"),
        ("comment", r"^<!--"),
        ("link", r"^!?\[[^\]\n]*\]\((?P<target>[^()\s]+)\)[ \t]*$"),
        ("note", r"^[^\n]*"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.rules = []
        for name, pattern in self.PATTERNS:
            self.register(name, pattern, getattr(_Rules, name))

    def front(self, match: re.Match[str], state: _State) -> int:
        return self._until(
            match,
            state,
            r"^---[ \t]*$",
            "this front matter never ends: close it with a line `---`",
            code="unclosed-front-matter",
        )

    def heading(self, match: re.Match[str], state: _State) -> int:
        words = (match["words"] or "").rstrip(" \t")
        unmarked = words.rstrip("#")
        if not unmarked or unmarked.endswith((" ", "\t")):
            words = unmarked.rstrip(" \t")
        return self._found(match, state, match.end(), words, str(len(match["level"])))

    def frame(self, match: re.Match[str], state: _State) -> int:
        if _opens_interaction(state):
            return self._wrapper(match, state)
        inside, closing = match.end() + 1, find_line(_CLOSING_LINE, state.src, match.end())
        if not closing:
            raise _error(
                state,
                match.start(),
                f"this {OPENING} is never closed: end the text with a line {CLOSING}"
                f"{_near_closing(state, inside, len(state.src))}",
                code="unclosed-frame",
            )
        lost = find_line(_STRUCTURE, state.src, inside, closing.start())
        if lost:
            raise _error(
                state,
                match.start(),
                f"this {OPENING} is not closed before {lost[0]!r} "
                f"in line {_line(state, lost.start())}: end the text with a line {CLOSING}, "
                "or start each of its lines with `> ` if this line belongs to it"
                f"{_near_closing(state, inside, lost.start())}",
                code="unclosed-frame",
            )
        return self._found(match, state, closing.end(), state.src[inside : closing.start()])

    def _wrapper(self, match: re.Match[str], state: _State) -> int:
        """The opening line of the older form, with its front matter if it has one."""
        settings = _WRAPPED_FRONT.match(state.src, match.end())
        end = settings.end() if settings else match.end()
        end = min(end + 1, len(state.src))
        text = settings["settings"] if settings else ""
        info = str(_line(state, settings.start("settings"))) if settings else ""
        state.add("wrapper", match.start(), end, text, info)
        return end

    def closing(self, match: re.Match[str], state: _State) -> int:
        return self._found(match, state, match.end())

    def quote(self, match: re.Match[str], state: _State) -> int:
        return self._found(match, state, match.end(), match["quote"])

    def fence(self, match: re.Match[str], state: _State) -> int:
        mark = match["mark"]
        pattern = rf"^{mark}{mark[0]}*[ \t]*$"
        return self._until(
            match,
            state,
            pattern,
            f"this fence is never closed: end it with a line {mark}",
            match["info"].strip(),
            code="unclosed-fence",
        )

    def comment(self, match: re.Match[str], state: _State) -> int:
        end = state.src.find("-->", match.end())
        if end < 0:
            raise _error(
                state,
                match.start(),
                "this comment is never closed: end it with `-->`",
                code="unclosed-comment",
            )
        line_end = state.src.find("\n", end)
        return self._found(match, state, line_end if line_end >= 0 else len(state.src))

    def link(self, match: re.Match[str], state: _State) -> int:
        return self._found(match, state, match.end(), match["target"])

    def note(self, match: re.Match[str], state: _State) -> int:
        words = match["note"]
        if not words:
            return self._found(match, state, match.end())
        if _LATE_FRONT.fullmatch(words) and _is_at_the_top(state):
            raise _error(
                state,
                match.start(),
                "front matter must start in the first line: remove what is above it "
                "(or write `***` for a rule)",
                code="misplaced-front-matter",
            )
        if _LOOSE_HEADING.match(words):
            raise _error(
                state,
                match.start(),
                f"{words.strip()[:40]!r} is not a heading: "
                "begin it in the first column, with a space after the marks",
                code="malformed-heading",
            )
        return self._found(match, state, match.end(), words.strip())

    def _until(
        self,
        match: re.Match[str],
        state: _State,
        pattern: str,
        problem: str,
        info: str = "",
        *,
        code: str,
    ) -> int:
        """The block up to a closing line; its text is the lines between, without their last
        newline.
        """
        closing = re.compile(pattern, re.MULTILINE).search(
            state.src, min(match.end() + 1, len(state.src))
        )
        if not closing:
            raise _error(state, match.start(), problem, code=code)
        inside = state.src[match.end() + 1 : closing.start()]
        return self._found(match, state, closing.end(), inside.removesuffix("\n"), info)

    def _found(
        self, match: re.Match[str], state: _State, end: int, text: str = "", info: str = ""
    ) -> int:
        end = min(end + 1, len(state.src))
        state.add(match.lastgroup, match.start(), end, text, info)
        return end


def _near_closing(state: _State, start: int, end: int) -> str:
    """A description of the line that was probably meant to close a frame."""
    near = _NEAR_CLOSING.search(state.src, start, end)
    if not near:
        return ""
    first = state.src.rfind("\n", 0, near.start()) + 1
    line = state.src[first : state.src.find("\n", near.end())]
    return (
        f"; {line[-40:]!r} in line {_line(state, near.start())} is none, since it does not stand "
        "alone in its line from the first column on"
    )


def _opens_interaction(state: _State) -> bool:
    """Whether this wraps a whole conversation: it follows `## interaction: ID`, as rechat 0.1 wrote
    it.
    """
    last = next((block for block in reversed(state.blocks) if not _is_empty(block)), None)
    return bool(
        last
        and last.kind == "heading"
        and last.info == "2"
        and last.text.startswith("interaction:")
    )


def _is_at_the_top(state: _State) -> bool:
    """Whether only blank lines and comments precede it."""
    return all(block.kind == "comment" or _is_empty(block) for block in state.blocks)


def _is_empty(block: Block) -> bool:
    return block.kind == "note" and not block.text


def _line(state: _State, offset: int) -> int:
    return state.src.count("\n", 0, offset) + 1


def _error(state: _State, offset: int, message: str, *, code: str) -> TranscriptError:
    return TranscriptError(_line(state, offset), message, code=code)


_RULES = _Rules()


def blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a source, in order and without gaps. Raises `TranscriptError` for one that
    never ends. Those of the latest source are cached, unless it is long, since a file that was read
    is usually examined next.
    """
    return _latest(source) if len(source) <= _KEPT else _found_in(source)


def _found_in(source: str) -> tuple[Block, ...]:
    state = _State()
    state.process(source)
    if is_pointer(source[:100].encode("utf-8", "replace")):
        raise TranscriptError(1, f"this file {IS_POINTER}", code="lfs-pointer")
    if conflict := find_conflict(source):
        raise TranscriptError(
            conflict.line,
            f"{conflict} (a text shows such lines with `> ` before each)",
            code="conflict-marker",
        )
    _RULES.parse(state)
    return tuple(state.blocks)


_latest = lru_cache(maxsize=1)(_found_in)


def blocks_between(source: str, start: int, end: int) -> Sequence[Block]:
    """The blocks of a source that begin in a part of it."""
    found = blocks(source)
    first, last = (bisect_left(found, at, key=lambda block: block.start) for at in (start, end))
    return found[first:last]
