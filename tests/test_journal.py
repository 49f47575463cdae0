"""What happened, as console and page show it."""

from conversations import answer, ask

from rechat.journal import Entry, said
from rechat.model import ErrorAnswer, Fault, RawAnswer


def test_an_entry_tells_model_words_and_tokens() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4}
    entry = Entry(
        "hit", "POST /", ask("one", "two", " three \n four", model="m"), answer("x", usage=usage)
    )
    assert (entry.model, entry.first_words, entry.tokens) == ("m", "three four", "3 → 4")


def test_an_entry_without_a_request_tells_nothing_of_it() -> None:
    entry = Entry("forwarded", "GET /v1/models")
    assert (entry.model, entry.first_words, entry.tokens) == ("", "", "")


def test_every_kind_of_answer_has_words() -> None:
    assert [message.body for message in said(answer("x"))] == ["x"]
    assert said(ErrorAnswer(429, {"a": 1}))[0].body == "429 {'a': 1}"
    assert said(Fault("reset"))[0].body == "reset"
    assert said(RawAnswer({"a": 1}))[0].role == "assistant"
    assert said(None) == ()
