"""Misses of requests that are told: explained, answered, accepted."""

import json
from pathlib import Path

import pytest

from rechat.mcp.exchanges import Exchanges
from rechat.mcp.misses import Misses
from rechat.store import Store
from rechat.testing import Journal
from rechat.values import RechatError

PLAN = "### user\n\n> make a plan for Lisbon\n\n### assistant\n\n> 1. Go.\n"


def _no_journal() -> Journal:
    raise RechatError("none runs")


@pytest.fixture
def misses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Misses:
    monkeypatch.chdir(tmp_path)
    folder = Path("transcripts")
    folder.mkdir()
    (folder / "plan.md").write_text(PLAN)

    def load() -> Store:
        store = Store([folder])
        store.load()
        return store

    return Misses(Exchanges(_no_journal), load)


def body(text: str) -> str:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]})


def test_a_miss_is_told_with_the_nearest_answer_and_all_differences(misses: Misses) -> None:
    told = misses.explained(request=body("make a plan for Porto"))
    assert (told["verdict"], told["nearest"]) == ("miss", "transcripts/plan.md:5")
    [difference] = told["differences"]
    assert difference["diff"] == "- make a plan for Lisbon\n+ make a plan for Porto"


def test_what_is_answered_is_told_with_its_place(misses: Misses) -> None:
    told = misses.explained(request="make a plan for Lisbon")
    assert told == {"verdict": "hit", "place": "transcripts/plan.md:5", "rule": "listed"}


def test_files_that_cannot_be_read_are_told_beside_a_miss(misses: Misses) -> None:
    Path("transcripts/plan.md").write_text("### usr\n")
    told = misses.explained(request="make a plan for Lisbon")
    assert told["verdict"] == "miss"
    assert "nearest" not in told
    assert told["unreadable"][0].startswith("transcripts/plan.md:1: ")


def test_an_answer_is_written_and_answers(misses: Misses) -> None:
    asked = body("make a plan for Porto")
    place = misses.answer("1. Fly.", request=asked)["place"]
    assert misses.explained(request=asked)["place"] == place
    with pytest.raises(RechatError, match="answer this already"):
        misses.answer("1. Fly.", request=asked)


def test_a_secret_in_a_question_is_not_written(misses: Misses) -> None:
    place = misses.answer("ok", request="use sk-" + "a1" * 20)["place"]
    assert "a1a1" not in Path(place.rpartition(":")[0]).read_text()


def test_a_changed_question_is_accepted(misses: Misses) -> None:
    accepted = misses.accept(request="make a plan for Porto")
    assert accepted["place"] == "transcripts/plan.md:5"
    assert len(accepted["differences"]) == 1
    assert Path("transcripts/plan.md").read_text() == PLAN.replace("Lisbon", "Porto")


def test_one_of_number_and_request_is_meant(misses: Misses) -> None:
    for given in ({}, {"number": 1, "request": "a"}):
        with pytest.raises(RechatError, match="one of them"):
            misses.explained(**given)  # type: ignore[arg-type]
    with pytest.raises(RechatError, match="none runs"):
        misses.explained(number=1)
    with pytest.raises(RechatError, match="not JSON"):
        misses.explained(request="{")
