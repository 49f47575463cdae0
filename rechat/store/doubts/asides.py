"""Commentary that looks like a part of the conversation."""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from rechat.format import Aside
from rechat.format import AsideKind
from rechat.format import asides
from rechat.values import RAW
from rechat.values import Section

type Remark = tuple[int, Literal["warning", "notice"], str]

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


def remarks_on_asides(source: str, sections: Collection[Section]) -> Iterator[Remark]:
    """The line of each, how grave it is and how to write what may have been meant; only in sections
    that are written by hand or that have no messages.
    """
    recorded = [
        section.span
        for section in sections
        if section.options.match == "exact" or section.api == RAW
    ]
    for aside in asides(source) if sections else ():
        if not any(span.start <= aside.start < span.end for span in recorded):
            is_remark = aside.kind in ("text", "section")
            yield aside.line, "notice" if is_remark else "warning", _about(aside)


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
