"""Differences between a transcript and a request, or two transcripts, line by line."""

from collections.abc import Iterable, Iterator

from rich.console import Group
from rich.text import Text

from rechat.explain import SIGNS as LINE_SIGNS
from rechat.explain import Difference
from rechat.explain import DiffLine
from rechat.explain import Fragment
from rechat.observe.terminal.visible import visible

_STYLES = {"same": "dim", "recorded": "red", "asked": "green", "gap": "dim"}
# Unchanged characters that are shown on each side of a change in a long line.
_AROUND = 60
# Characters that are shown of a long line which has no counterpart on the other side.
_ALONE = 400


def differences_view(differences: Iterable[Difference], sides: tuple[str, str]) -> Group:
    """The names of both sides, then all differences: for each its reason and its lines."""
    shown = [*_named(sides)]
    for difference in differences:
        shown.append(Text(f"  {visible(difference.reason)}"))
        if text := diff_text(difference):
            shown.append(text)
    return Group(*shown)


def _named(sides: tuple[str, str]) -> Iterator[Text]:
    """Which side the lines of each sign come from."""
    for kind, side in zip(("recorded", "asked"), sides, strict=True):
        yield Text(f"  {LINE_SIGNS[kind] * 3} {visible(side)}", style=_STYLES[kind])


def diff_text(difference: Difference) -> Text:
    """The lines of a difference, with the changed words marked if there are colours."""
    shown = Text()
    for line in difference.lines():
        style = _STYLES[line.kind]
        shown.append(f"    {LINE_SIGNS[line.kind]}", style=style)
        for text, is_changed in _pieces(line):
            shown.append(visible(text), style=f"{style} reverse" if is_changed else style)
        shown.append("\n")
    shown.rstrip()
    return shown


def _pieces(line: DiffLine) -> Iterator[Fragment]:
    """The pieces of a line; of a long one only what is around the changes, or its beginning."""
    if not any(is_changed for _, is_changed in line.pieces):
        yield _beginning(line.text), False
        return
    last = len(line.pieces) - 1
    for number, (text, is_changed) in enumerate(line.pieces):
        if is_changed or len(text) <= 2 * _AROUND:
            yield text, is_changed
            continue
        before = text[:_AROUND] if number else ""
        after = text[-_AROUND:] if number < last else ""
        yield f"{before}…{after}", False


def _beginning(text: str) -> str:
    more = len(text) - _ALONE
    return text if more <= 0 else f"{text[:_ALONE]}… {more:,} more characters"
