"""Answers of Ollama's two APIs, as far as they are the same."""

import json

import pytest

from rechat.dialects.ollama import answers as ollama_answers
from rechat.values.conversation import Answer, BinaryAnswer, ErrorAnswer, Fault, RawAnswer, Request
from rechat.values.http import HttpResponse
from rechat.values.jsontext import JsonObject

ASKED = Request({"model": "m"}, ())
STREAMED = Request({"model": "m"}, (), stream=True)


def say_in_message(answer: Answer) -> JsonObject:
    return {"message": {"role": "assistant", "content": answer.choices[0].message.body}}


def say_on_top(answer: Answer) -> JsonObject:
    return {"response": answer.choices[0].message.body}


@pytest.mark.parametrize("say", [say_in_message, say_on_top])
@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
@pytest.mark.parametrize("text", ["one two three four", 'say "response": one two three'])
def test_a_cut_tells_the_beginning_of_the_text(
    text: str, request_: Request, say: ollama_answers.Say
) -> None:
    cut = Fault("cut", len(text) - 6, text)
    written = ollama_answers.write(cut, request_, say).body.decode()
    assert "two" in written
    assert text[-5:] not in written
    assert '"done":true' not in written


@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
def test_bodies_that_nobody_took_apart_are_served_as_they_are(request_: Request) -> None:
    written = ollama_answers.write(RawAnswer({"done": True}), request_, say_on_top)
    assert json.loads(written.body) == {"done": True}
    text = RawAnswer("ok", 201, (("content-type", "text/plain"),))
    assert ollama_answers.write(text, request_, say_on_top).body == b"ok"
    assert ollama_answers.write(BinaryAnswer(b"\0"), request_, say_on_top).body == b"\0"


def test_an_error_that_a_person_wrote_is_ollama_s() -> None:
    written = ollama_answers.write(ErrorAnswer(429, "slow down"), ASKED, say_on_top)
    assert (written.status, json.loads(written.body)) == (429, {"error": "slow down"})


def test_an_error_that_was_recorded_stays() -> None:
    page = ErrorAnswer(502, "<h1>Bad</h1>", (("content-type", "text/html"),))
    written = ollama_answers.write(page, ASKED, say_on_top)
    assert written == HttpResponse.whole(502, page.headers, b"<h1>Bad</h1>")
