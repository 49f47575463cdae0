"""Answers of Ollama's two APIs, as far as they are the same."""

import json

import pytest

from rechat.dialects.ollama.answers import Ollama
from rechat.dialects.ollama.chat import OllamaChat
from rechat.dialects.ollama.generate import OllamaGenerate
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.http import HttpResponse

CHAT, GENERATE = OllamaChat(), OllamaGenerate()
ASKED = Request({"model": "m"}, ())
STREAMED = Request({"model": "m"}, (), stream=True)


@pytest.mark.parametrize("dialect", [CHAT, GENERATE], ids=["chat", "generate"])
@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
@pytest.mark.parametrize("text", ["one two three four", 'say "response": one two three'])
def test_a_cut_tells_the_beginning_of_the_text(
    text: str, request_: Request, dialect: Ollama
) -> None:
    cut = Fault("cut", len(text) - 6, text)
    written = dialect.write_answer(cut, request_).body.decode()
    assert "two" in written
    assert text[-5:] not in written
    assert '"done":true' not in written


@pytest.mark.parametrize("request_", [ASKED, STREAMED], ids=["whole", "stream"])
def test_bodies_that_nobody_took_apart_are_served_as_they_are(request_: Request) -> None:
    written = GENERATE.write_answer(RawAnswer({"done": True}), request_)
    assert json.loads(written.body) == {"done": True}
    text = RawAnswer("ok", 201, (("content-type", "text/plain"),))
    assert GENERATE.write_answer(text, request_).body == b"ok"
    assert GENERATE.write_answer(BinaryAnswer(b"\0"), request_).body == b"\0"


def test_an_error_that_a_person_wrote_is_ollama_s() -> None:
    written = GENERATE.write_answer(ErrorAnswer(429, "slow down"), ASKED)
    assert (written.status, json.loads(written.body)) == (429, {"error": "slow down"})


def test_an_error_that_was_recorded_stays() -> None:
    page = ErrorAnswer(502, "<h1>Bad</h1>", (("content-type", "text/html"),))
    written = GENERATE.write_answer(page, ASKED)
    assert written == HttpResponse.whole(502, page.headers, b"<h1>Bad</h1>")
