"""What is told of a program that has ended."""

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console as Terminal

from rechat.cli.serving.child import Child
from rechat.cli.serving.ended import tell
from rechat.cli.serving.words import Unused
from rechat.observe.entry import JournalEntry
from rechat.store.folder import Store
from rechat.values.conversation import Message
from rechat.values.conversation import Request

FILE = "### user\n\n> Hi\n\n### assistant\n\n> Hello!\n"
HIT = JournalEntry("hit", "POST /v1/chat/completions")
MISS = JournalEntry("miss", "POST /v1/chat/completions")


def told(folder: Path, *seen: JournalEntry, code: int = 0, unused: Unused = "warn") -> str:
    (folder / "a.md").write_text(FILE)
    store = Store([folder])
    store.load()
    child = Child([sys.executable], {}, unused=unused)
    for entry in seen:
        child.saw(entry)
    child.code = code
    out = io.StringIO()
    tell(child, store, Terminal(file=out, width=200), hints=True)
    return out.getvalue()


def test_that_nothing_came_is_told_with_a_reason(tmp_path: Path) -> None:
    assert "no request for a model came from python" in told(tmp_path, unused="ignore")


def test_requests_without_an_answer_are_counted_and_nothing_else_is_unused(tmp_path: Path) -> None:
    said = told(tmp_path, MISS, MISS, HIT)
    assert said == (
        "rechat: 2 of its requests had no answer: 'POST /v1/chat/completions' (2 times)\n"
    )


def test_a_few_requests_without_an_answer_are_named_by_their_questions(tmp_path: Path) -> None:
    asked = [Message("user", f"[bold]Question {number}\x1b[0m") for number in range(5)]
    missed = [
        JournalEntry("miss", "POST /v1/chat/completions", Request({}, (one,))) for one in asked
    ]
    assert told(tmp_path, *missed) == (
        "rechat: 5 of its requests had no answer: '[bold]Question 0\\x1b[0m', "
        "'[bold]Question 1\\x1b[0m', '[bold]Question 2\\x1b[0m', …\n"
    )


@pytest.mark.parametrize(
    ("code", "unused", "is_told"),
    [(0, "warn", True), (0, "fail", True), (1, "warn", False), (0, "ignore", False)],
)
def test_an_answer_that_nobody_asked_for_is_told_of_a_program_that_did_well(
    tmp_path: Path, code: int, unused: Unused, is_told: bool
) -> None:
    assert (
        "a.md:5: the program did not ask" in told(tmp_path, HIT, code=code, unused=unused)
    ) == is_told
