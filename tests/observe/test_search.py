"""What a person types, and what it finds."""

import pytest
from conversations import ask

from rechat.observe.entry import JournalEntry
from rechat.observe.search import NAMES
from rechat.observe.search import Term
from rechat.observe.search import matches
from rechat.observe.search import parse
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message

ENTRY = JournalEntry(
    "miss",
    "POST /v1/chat/completions",
    ask("Where is Oslo?", "In Norway.", "And Rome?", system="Be brief.", model="gpt-5"),
    Answer((Choice(Message("assistant", "In Italy: see http://x.test/a")),)),
    place="transcripts/cities.md:7",
    rule="listed",
    reason="nearest cities.md:7",
)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "oslo",
        "OSLO rome",
        '"be brief"',
        "model:gpt",
        "verdict:miss role:system api:openai.chat",
        "path:cities rule:listed target:completions",
        "-verdict:hit -paris",
        "nearest",
        "is:miss",
        "-is:hit",
        "http://x.test/a",
        '"in norway" -"in sweden"',
    ],
)
def test_what_matches(query: str) -> None:
    assert matches(parse(query), ENTRY)


@pytest.mark.parametrize(
    "query",
    ["paris", "oslo paris", '"oslo rome"', "model:claude", "role:tool", "-oslo", "status:429"],
)
def test_what_does_not(query: str) -> None:
    assert not matches(parse(query), ENTRY)


def test_an_error_is_found_by_its_status() -> None:
    assert matches(parse("status:429"), JournalEntry("hit", "POST /", answer=ErrorAnswer(429)))


def test_a_name_that_is_none_is_a_word() -> None:
    assert parse("http://x") == (Term("http://x"),)
    assert parse('model:"gpt 5" -a:b "') == (Term("gpt 5", "model"), Term("a:b", "", is_not=True))
    assert "model" in NAMES
