"""Shell completion of an incomplete word: transcripts, their sections, policies."""

import re
from collections.abc import Iterator
from pathlib import Path

_SECTION = re.compile(r"^##[ \t]+(?P<title>[^\n]*?)[ \t#]*$", re.MULTILINE)
# A file of recordings can be long; the sections at its beginning are enough.
_LONGEST = 1 << 20


def transcripts(incomplete: str) -> list[str]:
    """The transcripts and folders that complete a word."""
    folder, typed = _parted(incomplete)
    return sorted(
        f"{folder}{path.name}{'/' if path.is_dir() else ''}"
        for path in _inside(folder)
        if path.name.startswith(typed) and (path.suffix == ".md" or path.is_dir())
    )


def sections(incomplete: str) -> list[str]:
    """The same, and after `PATH#` the sections of a transcript."""
    name, mark, typed = incomplete.partition("#")
    if not mark:
        return transcripts(incomplete)
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as file:
            source = file.read(_LONGEST)
    except OSError:
        return []  # no such file: nothing to offer
    titles = (found["title"] for found in _SECTION.finditer(source))
    return [f"{name}#{title}" for title in titles if title.startswith(typed)]


def policies(incomplete: str) -> list[str]:
    """The values of `--on-miss`."""
    known = ("record", "replay", "hold", "rerecord", "live")
    return [name for name in known if name.startswith(incomplete)]


def policies_offline(incomplete: str) -> list[str]:
    """The values of `--on-miss` of `rechat replay`."""
    return [name for name in ("replay", "hold") if name.startswith(incomplete)]


def unused(incomplete: str) -> list[str]:
    """The values of `--unused`."""
    return [name for name in ("ignore", "warn", "fail") if name.startswith(incomplete)]


def paces(incomplete: str) -> list[str]:
    """The values of `--pace`, with an example of a rate."""
    return [name for name in ("none", "recorded", "50", "50:0.4") if name.startswith(incomplete)]


def _parted(word: str) -> tuple[str, str]:
    """The folder that was typed, with its slash, and the beginning of a name in it."""
    folder, slash, typed = word.rpartition("/")
    return folder + slash, typed


def _inside(folder: str) -> Iterator[Path]:
    try:
        found = sorted(Path(folder or ".").iterdir())
    except OSError:
        return  # no such folder: nothing to offer
    yield from (path for path in found if not path.name.startswith("."))
