"""Puts another question above an existing answer: messages and settings of a section are changed in
place, and every other byte is preserved.

A text keeps its form in the file, if that form can hold the new text, so that the diff is as small
as the change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace
from typing import NamedTuple

from rechat.format import body
from rechat.format import writer
from rechat.format import yaml
from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.format.writer import Edit
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import Message
from rechat.values import RechatError
from rechat.values import Section
from rechat.values import has_any
from rechat.values import jsontext

_KEY_OF_CALL = ("tool_call_id", "name", "tool_name")


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of a message: the one at this line gets new content, or is removed (None); with
    `is_new`, a message is inserted before it.
    """

    line: int
    message: Message | None
    is_new: bool = False


class _Splice(NamedTuple):
    """A replacement for a part of the source."""

    start: int
    end: int
    text: str


def ask(source: str, section: Section, turns: Iterable[Turn], settings: Mapping[str, Json]) -> Edit:
    """The source with these turns and settings of a section (None: removed). Raises `RechatError`
    if a setting cannot be changed in place.
    """
    stored: dict[str, bytes] = {}
    found = blocks(source)
    given = {entry.line: entry for entry in section.entries if isinstance(entry, Given)}
    splices = [
        *(_turned(source, found, section, turn, given.get(turn.line), stored) for turn in turns),
        *_settings(source, found, section, settings, stored),
    ]
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end), reverse=True):
        source = source[: splice.start] + splice.text + source[splice.end :]
    return Edit(source, stored)


def say(source: str, section: Section, line: int, before: str, after: str) -> str:
    """The source with another text in the message whose heading is at a line, in the form that the
    text has there. Raises `RechatError` if the message does not say `before`, in one piece.
    """
    for block in _blocks_of(blocks(source), section, line):
        if _text_of(block) == before:
            new = _in_form_of(block, after) + _line_end(source, block)
            return source[: block.start] + new + source[block.end :]
    raise RechatError(f"the text in line {line} is not in one piece: edit the file")


def _text_of(block: Block) -> Json:
    match block.kind:
        case "frame":
            return body.read_frame(block.text)
        case "quote":
            return body.read_quote(block.text)
        case "fence" if block.info == "json":
            with suppress(JsonError):
                return body.read_literal(block.text)
    return None


def _turned(
    source: str,
    found: Sequence[Block],
    section: Section,
    turn: Turn,
    old: Given | None,
    stored: dict[str, bytes],
) -> _Splice:
    own = _blocks_of(found, section, turn.line)
    start, end = own[0].start, own[-1].end
    if turn.message is None:
        return _Splice(start, end, "")
    new = turn.message
    if turn.is_new or not old:
        return _Splice(start, start, f"{writer.given(new, stored)}\n\n")
    new = replace(new, fields=_with_old_name(old.message, new))
    if inner := _body_alone(source, own, old, new):
        return inner
    notes = writer.notes(source[start:end])
    text = "\n\n".join([writer.given(new, stored), *notes])
    return _Splice(start, start + len(source[start:end].rstrip("\n")), text)


def _blocks_of(found: Sequence[Block], section: Section, line: int) -> list[Block]:
    """The blocks of the message whose heading is at a line."""
    first = next(at for at, block in enumerate(found) if block.line == line)
    own = [found[first]]
    for block in found[first + 1 :]:
        is_next = block.kind == "heading" and block.info in ("2", "3")
        if is_next or block.kind == "closing" or block.start >= section.span.end:
            break
        own.append(block)
    return own


def _with_old_name(old: Message, new: Message) -> dict[str, Json]:
    """The fields of a result with the id of its call as in the file, since clients generate new
    ones.
    """
    if new.role not in ("tool", "function"):
        return new.fields
    kept = {key: value for key, value in old.fields.items() if key in _KEY_OF_CALL}
    return kept | {key: value for key, value in new.fields.items() if key not in _KEY_OF_CALL}


def _body_alone(source: str, own: list[Block], old: Given, new: Message) -> _Splice | None:
    """The change if only the text differs, in its existing form."""
    before = old.message
    if new.body is None or replace(before, body=new.body, without=()) != new:
        return None
    bodies = [block for block in own if block.kind in ("frame", "quote", "fence")]
    block = next((one for one in bodies if one.kind != "fence" or one.info == "json"), None)
    if not block:
        return None
    return _Splice(block.start, block.end, _in_form_of(block, new.body) + _line_end(source, block))


def _line_end(source: str, block: Block) -> str:
    return "\n" if source.endswith("\n", block.start, block.end) else ""


def _in_form_of(block: Block, text: str) -> str:
    is_visible = not has_any(jsontext.UNPRINTABLE, text)
    match block.kind:
        case "quote" if is_visible and body.read_quote(body.quote(text)) == text:
            return body.quote(text)
        case "frame" if body.fits_frame(text):
            tight = f"{text}\n"
            is_tight = not block.text.startswith("\n") and body.read_frame(tight) == text
            return f"{body.OPENING}\n{tight}{body.CLOSING}" if is_tight else body.frame(text)
        case "fence":
            return body.literal(text)
    return body.write(text)


def _settings(
    source: str,
    found: Sequence[Block],
    section: Section,
    changed: Mapping[str, Json],
    stored: dict[str, bytes],
) -> Iterator[_Splice]:
    """One splice for each block of settings that changes."""
    own, front = _own_settings(found, section), _front(found)
    texts: dict[int, tuple[Block, list[str]]] = {}
    for key, value in changed.items():
        block = _block_with(key, own, front) or own or front
        if not block:
            raise RechatError(f"{key} differs, and no settings stand above this conversation")
        if block is front and sum(one.kind == "heading" and one.info == "2" for one in found) > 1:
            raise RechatError(
                f"{key} differs, and the front matter holds for several conversations: change it "
                f"by hand, or write {key} into the settings of this one"
            )
        _, lines = texts.setdefault(block.start, (block, block.text.split("\n")))
        shown = None if value is None else writer.short(value, stored)
        _set(lines, key, shown, block.line)
    for block, lines in texts.values():
        at = source.index("\n", block.start) + 1
        end = "" if block.text else "\n"
        yield _Splice(at, at + len(block.text), "\n".join(lines) + end)


def _front(found: Sequence[Block]) -> Block | None:
    return found[0] if found and found[0].kind == "front" else None


def _own_settings(found: Sequence[Block], section: Section) -> Block | None:
    """The `yaml` fence of a section that has a heading."""
    for block in found:
        is_inside = section.span.start <= block.start < section.span.end
        if not is_inside or block.line < section.line:
            continue
        if block.kind == "heading" and block.info == "3":
            return None
        if block.kind == "fence" and block.info == "yaml":
            return block
    return None


def _block_with(key: str, *candidates: Block | None) -> Block | None:
    holders = (block for block in candidates if block and key in yaml.read(block.text, block.line))
    return next(holders, None)


def _set(lines: list[str], key: str, value: Json, line: int) -> None:
    """Change a key among lines of YAML, or add it after the others."""
    start = next((at for at, one in enumerate(lines) if one.startswith(f"{key}:")), None)
    new = yaml.write({key: value}).removesuffix("\n").split("\n") if value is not None else []
    if start is None:
        if key in yaml.read("\n".join(lines), line):
            raise RechatError(
                f"{key} in line {line} is not on a line of its own: change it by hand"
            )
        # `rechat:` comes last.
        last = next((at for at, one in enumerate(lines) if one.startswith("rechat:")), len(lines))
        lines[last:last] = new
        return
    end = start + 1
    while end < len(lines) and lines[end].startswith((" ", "\t", "- ")):
        end += 1
    if len(new) == 1 and end == start + 1:
        new[0] += _comment(lines[start])
    lines[start:end] = new


def _comment(line: str) -> str:
    """The comment after a plain value, with the blanks before it."""
    value, mark, words = line.partition(" #")
    blanks = value[len(value.rstrip()) :]
    return f"{blanks}{mark}{words}" if mark and not {'"', "'"} & {*value} else ""
