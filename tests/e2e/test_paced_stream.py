"""Answers that leave piece by piece, whoever answers."""

import json
import socket
from pathlib import Path

import httpx
import pytest
from process import Rechat
from upstream import Upstream

BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}).encode()
STREAMED = BODY[:-1] + b', "stream": true}'


def request(body: bytes = BODY, *headers: str) -> bytes:
    lines = [
        "POST /v1/chat/completions HTTP/1.1",
        "host: localhost",
        f"content-length: {len(body)}",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


@pytest.mark.parametrize("header", ["accept: */*", "te: trailers"], ids=["by us", "by mitmproxy"])
def test_a_paced_stream_arrives_piece_by_piece(tmp_path: Path, header: str) -> None:
    folder = tmp_path / "transcripts"
    folder.mkdir()
    (folder / "a.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> one two three\n")
    with Rechat("replay", "--pace", "200:0.01", folder=tmp_path) as rechat:
        with socket.create_connection(("localhost", rechat.port), 20) as connection:
            connection.sendall(request(STREAMED, header))
            with connection.makefile("rb", buffering=0) as stream:
                pieces = [stream.read(65535)]
                while not pieces[-1].endswith(b"data: [DONE]\n\n"):
                    pieces.append(stream.read(65535))
    assert len(pieces) > 2
    said = b"".join(pieces).partition(b"\r\n\r\n")[2]
    assert b"three" in said


def test_a_recorded_stream_is_replayed_at_its_pace(tmp_path: Path, upstream: Upstream) -> None:
    with Rechat("record", upstream.url, folder=tmp_path) as rechat:
        recorded = httpx.post(f"{rechat.url}/chat/completions", content=STREAMED).content
    with Rechat("replay", "--pace", "recorded", folder=tmp_path) as rechat:
        for _ in range(2):
            found = httpx.post(f"{rechat.url}/chat/completions", content=STREAMED)
            assert (found.content, found.headers["x-rechat"]) == (recorded, "hit")
