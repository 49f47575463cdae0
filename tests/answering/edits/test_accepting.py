"""Edited prompts that are accepted while a replay runs."""

import asyncio
import json
from pathlib import Path

from rechat.answering.endpoint import Endpoint
from rechat.answering.outcome import Answered
from rechat.answering.outcome import Asked
from rechat.answering.policy import Session
from rechat.store.folder import Store
from rechat.values.http import HttpRequest
from rechat.values.http import header

QA = "### user\n\n> make a plan for {}\n\n### assistant\n\n> {}\n"


class Rig:
    """A replay that accepts edited prompts."""

    def __init__(self, folder: Path, *cities: str) -> None:
        folder.mkdir(exist_ok=True)
        for city in cities:
            (folder / f"{city}.md").write_text(QA.format(city, f"to {city}"))
        store = Store([folder])
        store.load()
        self.endpoint = Endpoint(Session(store.index, "replay"), store, accepts=True)

    def ask(self, text: str) -> Answered:
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]})
        asked = HttpRequest("POST", "/v1/chat/completions", "", (), body.encode())
        found = asyncio.run(self.endpoint.answer(Asked(asked, "", True, 0.0)))
        assert isinstance(found, Answered)
        return found


def rule(found: Answered) -> str:
    return header(found.response.headers, "x-rechat-match")


def test_an_edited_prompt_gets_the_old_answer_and_is_the_question_from_then_on(
    folder: Path,
) -> None:
    rig = Rig(folder, "Lisbon")
    found = rig.ask("make a plan for Porto")
    assert b"to Lisbon" in found.response.body
    assert (found.entry.verdict, rule(found), found.is_stable) == ("hit", "accepted", False)
    assert found.entry.reason.startswith("takes this question: the user message")
    assert (folder / "Lisbon.md").read_text() == QA.format("Porto", "to Lisbon")
    assert rule(rig.ask("make a plan for Porto")) == "listed"


def test_an_answer_whose_question_was_asked_too_is_left_alone(folder: Path) -> None:
    rig = Rig(folder, "Lisbon")
    assert rule(rig.ask("make a plan for Lisbon")) == "listed"
    refused = rig.ask("make a plan for Porto")
    assert refused.entry.verdict == "miss"
    assert "(not accepted: its question was asked too)" in refused.entry.reason
    assert (folder / "Lisbon.md").read_text() == QA.format("Lisbon", "to Lisbon")


def test_a_second_new_question_does_not_take_the_answer_of_the_first(folder: Path) -> None:
    rig = Rig(folder, "Lisbon")
    rig.ask("make a plan for Porto")
    assert rig.ask("make a plan for Rome").entry.verdict == "miss"


def test_of_two_that_are_as_near_none_is_changed(folder: Path) -> None:
    rig = Rig(folder, "Lisbon", "Madrid")
    refused = rig.ask("make a plan for Porto")
    assert refused.entry.verdict == "miss"
    assert "is as near" in refused.entry.reason


def test_what_cannot_be_written_is_a_miss_with_the_reason(folder: Path) -> None:
    rig = Rig(folder, "Lisbon")
    (folder / "Lisbon.md").write_text(QA.format("Rome", "to Rome"))
    refused = rig.ask("make a plan for Porto")
    assert refused.entry.verdict == "miss"
    assert "changed meanwhile" in refused.entry.reason
