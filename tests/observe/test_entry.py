"""What happened, as console and page show it."""

import pytest
from conversations import answer
from conversations import ask

from rechat.observe.entry import JournalEntry
from rechat.observe.entry import said
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request


def test_an_entry_tells_model_words_and_tokens() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4}
    entry = JournalEntry(
        "hit", "POST /", ask("one", "two", " three \n four", model="m"), answer("x", usage=usage)
    )
    assert (entry.model, entry.first_words, entry.tokens) == ("m", "three four", "3 → 4")


def test_an_entry_without_a_request_tells_nothing_of_it() -> None:
    entry = JournalEntry("forwarded", "GET /v1/models")
    assert (entry.model, entry.first_words, entry.tokens) == ("", "", "")


def test_every_kind_of_answer_has_words() -> None:
    assert [message.body for message in said(answer("x"))] == ["x"]
    assert said(ErrorAnswer(429, {"a": 1}))[0].body == '429 {"a": 1}'
    assert said(Fault("reset"))[0].body == "connection reset"
    assert said(Fault("timeout"))[0].body == "time-out: no answer"
    assert said(Fault("cut", 4, "Once upon"))[0].body == "Once\n\ncut after 4 characters"
    assert said(RawAnswer({"a": 1}))[0].role == "response"
    assert said(None) == ()


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (ErrorAnswer(500), "500"),
        (ErrorAnswer(503, "overloaded"), "503 overloaded"),
        (ErrorAnswer(429, {"ok": None, "why": "é"}), '429 {"ok": null, "why": "é"}'),
        (RawAnswer({"a": [True]}), '{"a": [true]}'),
        (RawAnswer("text"), "text"),
    ],
)
def test_json_is_told_as_json(answered: AnyAnswer, words: str) -> None:
    assert said(answered)[0].body == words


def test_the_first_words_are_what_a_person_or_a_tool_sent_last() -> None:
    messages = (Message("user", "Hi"), Message("tool", "9\ndegrees"), Message("assistant", "So"))
    assert JournalEntry("hit", "", Request({}, messages)).first_words == "9 degrees"
    assert JournalEntry("hit", "", Request({}, messages[2:])).first_words == ""


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": 1}, {"prompt_tokens": "1"}, 3])
def test_tokens_are_told_only_if_the_answer_tells_both(usage: object) -> None:
    assert JournalEntry("hit", "", None, answer("x", usage=usage)).tokens == ""
