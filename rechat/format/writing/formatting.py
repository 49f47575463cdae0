"""The canonical form of a transcript: the layout that the recorder writes, around the same words.

1. There is exactly one blank line around headings, bodies, front matter and fences.
2. Headings have one space after their marks and after each comma.
3. A frame has its blank lines, and becomes a quote where it would not hold its text in every
   renderer; a quote has `> ` before each line. The content of fences, including YAML, is left
   alone.
4. The older form, in which a section is wrapped, is left as it is.
"""

from collections.abc import Iterator, Sequence

from rechat.format import body
from rechat.format import reader
from rechat.format.blocks import Block
from rechat.format.blocks import blocks
from rechat.values import RechatError
from rechat.values import jsontext

_APART = ("front", "heading", "frame", "quote", "fence", "comment")
_OLDER = ("wrapper", "closing")


def formatted(source: str) -> str:
    """The source in its canonical form, which has the same meaning; formatting is idempotent.

    Raises `TranscriptError` for a source that cannot be read, and `RechatError` if the canonical
    form would have another meaning.
    """
    found = blocks(source)
    before = reader.parse(source, named)
    if any(block.kind in _OLDER for block in found):
        return source
    text = _laid_out(source, found)
    if text != source and reader.parse(text, named) != before:
        raise RechatError("the canonical form would not say the same: left as it is")
    return text


def named(path: str) -> bytes:
    """A placeholder for the bytes of a linked file: the same for the same link, and valid JSON."""
    return jsontext.quote(path).encode("utf-8", "surrogatepass")


def _laid_out(source: str, found: Sequence[Block]) -> str:
    lines: list[str] = []
    is_apart = False
    for block in found:
        text = "\n".join(_written(block, source[block.start : block.end].removesuffix("\n")))
        if not text.strip():
            is_apart = True
            continue
        if lines and (is_apart or block.kind in _APART):
            lines.append("")
        lines.append(text)
        is_apart = block.kind in _APART
    return "\n".join([*lines, ""]) if lines else ""


def _written(block: Block, text: str) -> Iterator[str]:
    match block.kind:
        case "heading":
            yield _heading(int(block.info), text)
        case "frame":
            yield body.write(body.read_frame(block.text))
        case "quote":
            yield body.quote(body.read_quote(block.text))
        case "front" | "fence":
            first, *inside, last = text.split("\n")
            yield from (first.rstrip(" \t"), *inside, last.rstrip(" \t"))
        case _:
            yield text


def _heading(level: int, text: str) -> str:
    words = text[level:].strip(" \t")
    if level > 2:  # a role or a part, not a title
        first, *qualifiers = words.split(",")
        words = ", ".join([" ".join(first.split()), *(word.strip() for word in qualifiers)])
    return f"{'#' * level} {words}".rstrip(" ")
