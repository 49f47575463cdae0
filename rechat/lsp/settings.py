"""What may stand in front matter and in the settings of a section: names, and values of some."""

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from rechat.dialects import DIALECTS
from rechat.format import OPTIONS
from rechat.format import SETTINGS
from rechat.format import TYPES
from rechat.lsp.documents import Document
from rechat.matching import normalise
from rechat.store import content_of
from rechat.store import transcripts_in

OWN = "rechat"

_NAME = re.compile(r"\w*")
_VALUE = re.compile(r"(?P<name>\w+):[ ]+\S*")
# rechat's own options, one per line below `rechat:`, or all on one line.
_OPTION = re.compile(r"[ ]+(?:(?P<name>\w+):[ ]+)?\S*")
_IN_A_LINE = re.compile(r"rechat:[ ]*\{(?:[^{}]*,)?[ ]*(?:(?P<name>\w+):[ ]+)?[^,{}\s]*")
_MODEL = re.compile(rb"^model:[ ]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_KINDS = {
    "number": "a number",
    "count": "a whole number",
    "text": "a text",
    "flag": "true or false",
    "list": "a list",
    "mapping": "keys and values",
}
# At most this many files beside a text are searched for models, each up to this many bytes.
_MOST_FILES = 500
_TOP = 2000


def names_at(document: Document, number: int, before: str) -> Iterable[tuple[str, str]] | None:
    """The names that may be typed at a position, each with what its value is; None if it is not a
    position for a name.
    """
    if not is_in_settings(document, number):
        return None
    if _NAME.fullmatch(before):
        return [(name, kind_of(name)) for name in sorted({*SETTINGS, OWN})]
    option = _option_at(document, number, before)
    return (
        [(name, " or ".join(values)) for name, values in OPTIONS.items()] if option == "" else None
    )


def values_at(document: Document, number: int, before: str) -> Iterable[str]:
    """The values that may be typed at a position, as far as they are known."""
    if not is_in_settings(document, number):
        return ()
    if setting := _VALUE.fullmatch(before):
        if setting["name"] == "model":
            return models_near(document.path)
        return ("true", "false") if "flag" in TYPES.get(setting["name"], ()) else ()
    match _option_at(document, number, before):
        case "api":
            return (dialect.name for dialect in DIALECTS)
        case "normalise":
            return normalise.rule_names()
        case "ignore":
            return sorted(SETTINGS)
        case "pace":
            return ("none", "recorded")
        case str(option):
            return OPTIONS.get(option, ())
    return ()


def kind_of(name: str) -> str:
    """What the value of a setting is, in words; empty if it may be anything."""
    if name == OWN:
        return "what the file tells rechat"
    return " or ".join(_KINDS[kind] for kind in TYPES.get(name, ()))


def _option_at(document: Document, number: int, before: str) -> str | None:
    """The option of `rechat:` whose value is typed at a position, empty if it is a name that is
    typed; None elsewhere.
    """
    found = _IN_A_LINE.fullmatch(before)
    if not found and _is_below_own(document, number):
        found = _OPTION.fullmatch(before)
    return (found["name"] or "") if found else None


def _is_below_own(document: Document, number: int) -> bool:
    above = (document.line(at) for at in range(number - 1, -1, -1))
    first = next((line for line in above if line.strip() and not line.startswith(" ")), "")
    return first.rstrip() == f"{OWN}:"


def is_in_settings(document: Document, number: int) -> bool:
    """Whether a line is in front matter, or in a `yaml` fence above the messages of a section."""
    opening = ""
    is_above = True
    for at, text in enumerate(document.lines[:number]):
        if opening:
            opening = "" if text.rstrip() == opening else opening
        elif text.rstrip() == "---" and at == 0:
            opening = "---"
        elif text.rstrip() == "```yaml" and is_above:
            opening = "```"
        elif text.startswith("## "):
            is_above = True
        elif text.startswith("### "):
            is_above = False
    return bool(opening)


def models_near(path: Path) -> list[str]:
    """The models that transcripts beside a file name, in order."""
    folder = next((one for one in path.parents if one.name == "transcripts"), path.parent)
    if not folder.is_dir():
        return []
    tops = (_top(one) for one in islice(transcripts_in(folder), _MOST_FILES))
    found = {name for top in tops for name in _MODEL.findall(top)}
    return sorted(name.decode("utf-8", "replace") for name in found)


def _top(path: Path) -> bytes:
    try:
        return content_of(path)[:_TOP]
    except OSError:
        return b""
