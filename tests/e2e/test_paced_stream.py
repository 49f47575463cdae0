"""Answers that leave piece by piece, whoever answers."""

import socket
from pathlib import Path

import httpx
import pytest
from process import Rechat
from raw_requests import STREAMED
from raw_requests import request
from upstream import Upstream


@pytest.mark.parametrize("header", ["accept: */*", "te: trailers"], ids=["by us", "by mitmproxy"])
def test_a_paced_stream_arrives_piece_by_piece(tmp_path: Path, header: str) -> None:
    folder = tmp_path / "transcripts"
    folder.mkdir()
    (folder / "a.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> one two three\n")
    with Rechat("replay", "--pace", "10:0.1", folder=tmp_path) as rechat:
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
