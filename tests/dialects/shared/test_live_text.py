"""The words of a stream as it arrives, in every API's events, cut anywhere."""

import json

import pytest

from rechat.dialects.shared.live_text import LiveText

CHAT = {"choices": [{"index": 0, "delta": {"content": "Hi"}}]}
EVENTS = [
    pytest.param(CHAT, id="chat"),
    pytest.param({"choices": [{"index": 0, "text": "Hi"}]}, id="completions"),
    pytest.param({"type": "content_block_delta", "delta": {"text": "Hi"}}, id="messages"),
    pytest.param({"type": "content_block_delta", "delta": {"thinking": "Hi"}}, id="thinking"),
    pytest.param({"type": "response.output_text.delta", "delta": "Hi"}, id="responses"),
    pytest.param({"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}, id="gemini"),
    pytest.param({"message": {"role": "assistant", "content": "Hi"}}, id="ollama.chat"),
    pytest.param({"response": "Hi"}, id="ollama.generate"),
]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("before", [b"data: ", b"event: x\r\ndata: ", b""])
def test_every_api_has_words(event: object, before: bytes) -> None:
    assert LiveText().feed(before + json.dumps(event).encode() + b"\r\n\r\n") == "Hi"


def test_an_event_may_come_in_pieces() -> None:
    sent = b"data: " + json.dumps(CHAT).replace("Hi", "Hé").encode() + b"\n\n"
    deltas = LiveText()
    assert "".join(deltas.feed(sent[at : at + 1]) for at in range(len(sent))) == "Hé"


@pytest.mark.parametrize(
    "sent",
    [
        b"data: [DONE]\n",
        b"\xff\xfe\n",
        b"{\n",
        b"[" * 100_000 + b"\n",
        b'{"choices": [{"delta": {"content": null}}]}\n',
        b'{"candidates": [{"content": {"parts": [1, {"call": 1}]}}]}\n',
        b'{"message": 1}\n',
    ],
)
def test_what_has_no_words_is_passed_over(sent: bytes) -> None:
    deltas = LiveText()
    assert deltas.feed(sent) == ""
    assert deltas.feed(b"data: " + json.dumps(CHAT).encode() + b"\n") == "Hi"


def test_a_line_without_end_is_not_kept() -> None:
    deltas = LiveText()
    for _ in range(3):
        deltas.feed(b"x" * (1 << 20))
    assert deltas.feed(b"\ndata: " + json.dumps(CHAT).encode() + b"\n") == "Hi"
