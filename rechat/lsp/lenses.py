"""The code lenses above sections and answers: ask again, accept a changed question."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rechat.lsp.documents import Document
from rechat.lsp.running import Missed
from rechat.store import content_of
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import jsontext

ASK = "rechat.ask"
ACCEPT = "rechat.accept"

_SHORT = 60
# A model may think for long.
_PATIENCE = 600
_SAME = "same"


def lenses(document: Document, missed: Iterable[Missed]) -> Iterator[JsonObject]:
    """The lenses of a text: one for each section that has an answer, and one for each answer that
    is the nearest to a missed request.
    """
    if not document.is_transcript:
        return
    answered = {one.section.line for one in document.exchanges if one.answered}
    for section in document.sections:
        if section.line in answered:
            given: list[Json] = [document.uri, section.title]
            yield _lens(section.line, "Ask this section", ASK, given)
    here = document.path.resolve()
    for one in missed:
        if one.path.resolve() == here and one.line <= len(document.lines):
            words = one.words if len(one.words) <= _SHORT else f"{one.words[: _SHORT - 1]}…"
            title = f"Accept the new question: {words}"
            yield _lens(one.line, title, ACCEPT, [one.number, one.place])


def _lens(line: int, title: str, command: str, given: list[Json]) -> JsonObject:
    place: JsonObject = {"line": line - 1, "character": 0}
    return {
        "range": {"start": place, "end": place},
        "command": {"title": title, "command": command, "arguments": given},
    }


def ask(document: Document, title: str, target: str) -> tuple[str, bool]:
    """The answers of a target to a section, one line per question, and whether all are the same.
    Raises `RechatError`.
    """
    path = document.path
    if not path.is_file() or _text(path) != document.text:
        raise RechatError("save the file first: what is asked is what stands on the disk")
    spec = f"{path}#{title}" if title else str(path)
    command = ["resend", spec, "--to", target, "--retries", "0", "--json"]
    ran = subprocess.run(  # noqa: S603  # this very program
        # Modules in the working folder (a `random.py`) are not for it: -P.
        [sys.executable, "-P", "-m", "rechat", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
    )
    if not ran.stdout:
        raise RechatError(ran.stderr.decode("utf-8", "replace").strip() or "nothing was asked")
    report: Any = jsontext.parse(ran.stdout)
    told = [*_lines_of(report)]
    return "\n".join(told), {*_verdicts(report)} == {_SAME}


def _text(path: Path) -> str:
    return content_of(path).decode("utf-8", "replace").replace("\r\n", "\n")


def _verdicts(report: Any) -> Iterator[str]:
    for row in report["questions"]:
        for cell in row["targets"].values():
            yield cell["verdict"]


def _lines_of(report: Any) -> Iterator[str]:
    for row in report["questions"]:
        for cell in row["targets"].values():
            for take in cell["takes"]:
                told = f": {take['told']}" if take["told"] else ""
                yield f"line {row['place'].rpartition(':')[2]}: {take['verdict']}{told}"
    for one in report["unasked"]:
        yield f"not asked: {one['reason']}"
