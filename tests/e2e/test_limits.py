"""What a client sends is limited: more is refused with an error, and nobody else waits for it."""

import gzip
import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from upstream import Json
from upstream import Upstream

from rechat.proxy.limits import BODY
from rechat.proxy.limits import UNPACKED

HELLO = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}
ANSWER = Json(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-5",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hi!"},
                "finish_reason": "stop",
            }
        ],
    }
)
POST = b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"


@pytest.fixture
def rechat(upstream: Upstream, folder: Path) -> Iterator[Rechat]:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as running:
        yield running


def refused(rechat: Rechat, *pieces: bytes) -> tuple[int, str]:
    """The status and the message that a client gets for what it sends."""
    with socket.create_connection(("127.0.0.1", rechat.port), 60) as client:
        for piece in pieces:
            client.sendall(piece)
        answer = HTTPResponse(client)
        answer.begin()
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-rechat"] == "failed"
        error = json.loads(answer.read())["error"]
        assert error["type"] == "rechat_bad_request"
        return answer.status, error["message"]


WORST = {
    "4,000 fields": (POST, *(b"x-%d: y\r\n" % i for i in range(4_000)), b"\r\n"),
    "4,000 fields at once": (POST + b"a: b\r\n" * 4_000 + b"\r\n",),
    "4,000 fields for others": (
        b"GET http://127.0.0.1:1/ HTTP/1.1\r\n" + b"a: b\r\n" * 4_000 + b"\r\n",
    ),
    "a field of 1 MB": (POST, b"x: " + b"y" * (1 << 20)),
    "a request line of 1 MB": (b"GET /" + b"y" * (1 << 20),),
}


@pytest.mark.parametrize("worst", WORST)
def test_a_head_that_is_too_large_is_refused(
    rechat: Rechat, upstream: Upstream, worst: str
) -> None:
    status, message = refused(rechat, *WORST[worst])
    assert (status, "the head of a request may have" in message) == (431, True)
    assert upstream.requests == []


def test_a_body_that_says_it_is_too_large_is_refused_at_once(
    rechat: Rechat, upstream: Upstream
) -> None:
    length = b"content-length: %d\r\n\r\n" % (BODY + 1)
    assert refused(rechat, POST + length, b"x" * 100_000) == (
        413,
        "rechat: the body of a request may have 268,435,456 bytes",
    )
    assert upstream.requests == []


@pytest.mark.parametrize("field", [b"", b"te: trailers\r\n"], ids=["by us", "by mitmproxy"])
def test_a_body_without_end_is_refused(rechat: Rechat, upstream: Upstream, field: bytes) -> None:
    chunk = b"800000\r\n" + bytes(8 << 20) + b"\r\n"
    head = POST + field + b"transfer-encoding: chunked\r\n\r\n"
    status, _ = refused(rechat, head, *[chunk] * (BODY // (8 << 20)), chunk)
    assert status == 413
    assert upstream.requests == []


def test_a_bomb_is_refused_and_others_are_answered(
    rechat: Rechat, upstream: Upstream, folder: Path
) -> None:
    upstream.reply(ANSWER)
    bomb = gzip.compress(bytes(UNPACKED + 1), 9)
    fields = b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(bomb)
    assert refused(rechat, POST + fields + bomb)[0] == 413
    broken = b"content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}"
    assert refused(rechat, POST + broken)[0] == 400
    assert upstream.requests == []
    headers = {"content-encoding": "gzip", "content-type": "application/json"}
    small = gzip.compress(json.dumps(HELLO).encode())
    for verdict in ("recorded", "hit"):
        answer: Any = httpx.post(
            f"{rechat.url}/chat/completions", content=small, headers=headers, timeout=20
        )
        assert answer.headers["x-rechat"] == verdict
    [saved] = folder.glob("*.md")
    assert "Hello" in saved.read_text()
