"""docs/sample.md is a transcript: every question in it is answered, whole and streamed."""

import json
from pathlib import Path

import pytest

from rechat.dialects import chat_stream, sse
from rechat.dialects.chat import Chat
from rechat.exchanges import Exchange
from rechat.http import HttpRequest
from rechat.lint import lint
from rechat.model import Answer, Request
from rechat.session import Serve, Session
from rechat.store import Store

SAMPLE = Path(__file__).parents[1] / "docs" / "sample.md"
NAMES = {"My name is {{name}}.[..]": "My name is Ada. Who are you?"}


def store() -> Store:
    found = Store([SAMPLE])
    found.load()
    return found


EXCHANGES = list(store().index.exchanges())


def asked(exchange: Exchange, *, stream: bool) -> Request:
    """The request that an exchange answers, through the wire and back."""
    messages = tuple(step.message for step in exchange.steps)
    request = Request(exchange.section.settings, messages, stream)
    body = Chat().write_request(request).decode()
    for pattern, text in NAMES.items():
        body = body.replace(pattern, text)
    return Chat().read_request(HttpRequest("POST", "/", body=body.encode()))


def test_it_lints_clean() -> None:
    loaded = store()
    assert loaded.problems == {}
    assert lint(loaded.index, {SAMPLE.as_posix(): SAMPLE.read_text("utf-8")}) == []


def test_every_section_answers() -> None:
    [path] = store().index.paths
    titles = {section.title for section in store().index.sections(path)}
    assert titles == {exchange.section.title for exchange in EXCHANGES}
    assert len(titles) == SAMPLE.read_text("utf-8").count("\n## ")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    "exchange", EXCHANGES, ids=lambda exchange: f"{exchange.section.title}:{exchange.line}"
)
def test_every_question_is_answered(exchange: Exchange, stream: bool) -> None:
    session = Session(store().index, "replay")
    request = asked(exchange, stream=stream)
    for reply in exchange.answered:
        decision = session.decide(request)
        assert isinstance(decision, Serve)
        assert decision.reply == reply
        written = Chat().write_answer(decision.answer, request)
        if isinstance(reply.answer, Answer):
            texts = [choice.message.body for choice in reply.answer.choices]
            expected = [text and text.replace("{{name}}", "Ada") for text in texts]
            assert _texts(written.body.decode()) == expected


def _texts(body: str) -> list[str | None]:
    if body.startswith("{"):
        whole = json.loads(body)
    else:
        events = [event.data for event in sse.read(body) if event.data != "[DONE]"]
        whole = chat_stream.assemble(map(json.loads, events))
    return [choice["message"]["content"] for choice in whole["choices"]]
