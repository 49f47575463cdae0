"""What becomes of a question and its answer in the transcripts."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from stored import asked
from stored import said
from stored import store_of

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.observe.entry import JournalEntry
from rechat.values import RechatError
from rechat.web.acting.bodies import NotUnderstoodError
from rechat.web.acting.writing import write

FILE = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


@pytest.fixture
def endpoint(folder: Path) -> Endpoint:
    (folder / "a.md").write_text(FILE)
    store = store_of(folder)
    return Endpoint(Session(store.index, "replay"), store)


def do(endpoint: Endpoint, entry: JournalEntry, action: str, **body: str) -> Any:
    return asyncio.run(write(endpoint, entry, action, json.dumps(body).encode()))


def test_an_answer_is_written_and_edited(endpoint: Endpoint, folder: Path) -> None:
    missed = JournalEntry("miss", "POST /", asked("Why?"))
    told = do(endpoint, missed, "answer", text="Because.")
    assert told["absolute"] == str(Path(told["place"]).absolute())
    hit = JournalEntry("hit", "POST /", asked("Why?"), place=told["place"])
    do(endpoint, hit, "edit", before="Because.", text="So.")
    assert said(store_of(folder), asked("Why?")) == "So."


def test_a_question_is_accepted_with_what_differed(endpoint: Endpoint, folder: Path) -> None:
    missed = JournalEntry("miss", "POST /", asked("Hi you"))
    told = do(endpoint, missed, "accept", into=f"{folder}/a.md:5")
    assert len(told["differences"]) == 1
    assert said(store_of(folder), asked("Hi you")) == "Ho"


def test_what_cannot_be_done_is_told(endpoint: Endpoint) -> None:
    with pytest.raises(RechatError, match="could not be read"):
        do(endpoint, JournalEntry("failed", "POST /"), "answer", text="x")
    with pytest.raises(NotUnderstoodError):
        do(endpoint, JournalEntry("miss", "POST /", asked("Why?")), "answer")
