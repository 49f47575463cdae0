"""Formats are told apart by what files say."""

import json

import pytest
from foreign import ASKED
from foreign import KEY
from foreign import SAID
from foreign import cassette
from foreign import claude_lines
from foreign import codex_lines
from foreign import har
from foreign import lines

from rechat.convert import Conversation
from rechat.convert import HttpExchange
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read

EXAMPLE = {"messages": [*ASKED["messages"], {"role": "assistant", "content": "Paris"}]}
BATCH = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": ASKED}
OUTPUT = {"custom_id": "1", "response": {"status_code": 200, "body": SAID}, "error": None}
INSPECT = {
    "eval": {},
    "samples": [
        {
            "id": 1,
            "events": [
                {"event": "model", "model": "openai/gpt-5", "call": {"request": ASKED, "response": SAID}}
            ],
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [cassette(SAID), har(), lines([BATCH, OUTPUT]), json.dumps(INSPECT, indent=1).encode()],
    ids=["cassette", "har", "batch", "inspect"],
)
def test_exchanges_are_found_as_they_were_and_without_credentials(content: bytes) -> None:
    [found] = read([Source("any name", content)])
    assert isinstance(found, HttpExchange)
    assert found.request.path == "/v1/chat/completions"
    assert json.loads(found.request.body) == ASKED
    assert (found.response.status, json.loads(found.response.body)) == (200, SAID)
    assert KEY not in repr(found)
    assert "session=1" not in repr(found)


@pytest.mark.parametrize(
    ("content", "count"),
    [(lines([EXAMPLE, EXAMPLE]), 2), (lines(claude_lines()), 2), (lines(codex_lines()), 2)],
    ids=["fine-tuning", "claude code", "codex"],
)
def test_conversations_are_found(content: bytes, count: int) -> None:
    found = list(read([Source("any name", content)]))
    assert sum(isinstance(one, Conversation) for one in found) == count


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"[1, 2]", b"{}", b"\xff\xfe", b"{" * 9000, b"version: [", b"\0" * 50],
)
def test_what_is_no_format_is_left_with_a_reason(content: bytes) -> None:
    [found] = read([Source("odd.json", content)])
    assert isinstance(found, Left)
    assert found.place == "odd.json"


def test_the_halves_of_a_batch_are_joined_whichever_comes_first() -> None:
    other = BATCH | {"custom_id": "2"}
    found = list(read([Source("out", lines([OUTPUT])), Source("in", lines([BATCH, other]))]))
    assert [type(one) for one in found] == [HttpExchange, Left]
    assert found[1] == Left("in:2", "2 has no output: import the output file with it")
