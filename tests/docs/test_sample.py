"""docs/sample.md is a transcript: every question in it is answered, whole and streamed.

The questions are those that the file is read as; some are also asked as a client writes them, so
that a question which is misread shows.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from rechat.answering.policy import Serve
from rechat.answering.policy import Session
from rechat.dialects.openai_chat import stream as chat_stream
from rechat.dialects.openai_chat.dialect import Chat
from rechat.dialects.shared import sse
from rechat.matching.exchanges import Exchange
from rechat.store.folder import Store
from rechat.store.lint import lint
from rechat.values.conversation import Answer
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest

SAMPLE = Path(__file__).parents[2] / "docs" / "sample.md"
NAMES = {"My name is {{name}}.[..]": "My name is Ada. Who are you?"}


def store() -> Store:
    found = Store([SAMPLE])
    found.load()
    return found


EXCHANGES = list(store().index.exchanges())


def asked(exchange: Exchange, *, stream: bool) -> Request:
    """The request that an exchange answers, through the wire and back."""
    messages = tuple(step.message for step in exchange.steps)
    settings = exchange.section.settings | ({"n": exchange.choices} if exchange.choices else {})
    request = Request(settings, messages, stream)
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
        if isinstance(reply.answer, ErrorAnswer):
            assert written.status == reply.answer.status
        if isinstance(reply.answer, Answer):
            texts = [choice.message.body for choice in reply.answer.choices]
            expected = [text and text.replace("{{name}}", "Ada") for text in texts]
            assert _texts(written.body.decode()) == expected


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


RED = base64.b64encode((SAMPLE.parent / "assets" / "red.png").read_bytes()).decode()
PICTURE = {"url": f"data:image/png;base64,{RED}", "detail": "low"}
CALL = {"name": "opening_hours", "arguments": '{"day":"today","shop":"bakery"}'}
AS_CLIENTS_ASK: list[tuple[dict[str, Any], list[str | None]]] = [
    ({"messages": [user("What is the capital of Italy?")]}, ["Rome."]),
    (
        {
            "model": "gpt-5",
            "temperature": 0.2,
            "messages": [
                {
                    "role": "system",
                    "content": "You are a librarian. Name one book and its author, nothing else.",
                },
                user("Something about the sea?"),
            ],
        },
        ["The Sea-Wolf, by Jack London."],
    ),
    (
        {"messages": [user("Make these lines shout:\n\n</blockquote>\n### user\n---\n```")]},
        ["</BLOCKQUOTE>\n### USER\n---\n```"],
    ),
    (
        {"messages": [user("one\r\ntwo\r\n")]},
        ["Those were two lines with Windows line ends."],
    ),
    (
        {
            "messages": [
                user("Can I still buy bread today?"),
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "call_1", "type": "function", "function": CALL}],
                },
                {
                    "role": "tool",
                    "tool_call_id": "call_1",
                    "content": "07:00 to 18:30; it is 17:50 now",
                },
            ]
        },
        ["Yes, for another 40 minutes."],
    ),
    (
        {
            "messages": [
                user(
                    [
                        {"type": "text", "text": "What colour is this?"},
                        {"type": "image_url", "image_url": PICTURE},
                    ]
                )
            ]
        },
        ["Red."],
    ),
    ({"n": 2, "messages": [user("Name a colour.")]}, ["Green.", "Violet."]),
    ({"messages": [user("My name is Grace. Hello!")]}, ["Hello, Grace!"]),
]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("asks", "expected"), AS_CLIENTS_ASK, ids=[said[0] for _, said in AS_CLIENTS_ASK]
)
def test_questions_as_clients_ask_them(
    asks: dict[str, Any], expected: list[str | None], stream: bool
) -> None:
    body = json.dumps(asks | {"stream": stream}).encode()
    request = Chat().read_request(HttpRequest("POST", "/v1/chat/completions", body=body))
    decision = Session(store().index, "replay").decide(request)
    assert isinstance(decision, Serve), decision
    assert _texts(Chat().write_answer(decision.answer, request).body.decode()) == expected


def _texts(body: str) -> list[str | None]:
    if body.startswith("{"):
        whole = json.loads(body)
    else:
        events = [event.data for event in sse.read(body) if event.data != "[DONE]"]
        whole = chat_stream.assemble(map(json.loads, events))
    return [choice["message"]["content"] for choice in whole["choices"]]
