"""Requests that mitmproxy reads or refuses, over a socket: each is answered, and in our words."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from process import Rechat
from raw_requests import BODY

LINE = "POST /v1/chat/completions HTTP/1.1"
CHUNKED = "transfer-encoding: chunked"
CHUNK = b"%x\r\n%b\r\n" % (len(BODY), BODY)
KEY = "sk-" + "proj-" + "a1B2" * 30


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    folder: Path = tmp_path_factory.mktemp("requests")
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "a.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    with Rechat("replay", folder=folder) as running:
        yield running


@pytest.fixture(scope="module")
def answer(rechat: Rechat) -> bytes:
    return httpx.post(f"{rechat.url}/chat/completions", content=BODY).content


def request(*fields: str, line: str = LINE, body: bytes = BODY) -> bytes:
    return "\r\n".join([line, *fields, "", ""]).encode() + body


def reply(rechat: Rechat, data: bytes) -> tuple[str, bytes]:
    """The head and the body of the first answer on a connection of its own."""
    with socket.create_connection(("localhost", rechat.port), 20) as connection:
        connection.sendall(data)
        with connection.makefile("rb") as stream:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = stream.readline()
                assert line, head
                head += line
            length = re.search(rb"content-length: (\d+)", head.lower())
            assert length
            return head.decode(), stream.read(int(length[1]))


SIZED = f"content-length: {len(BODY)}"


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n" + request("host: localhost", SIZED),
        b"\r\n\r\n" + request("host: localhost", "te: trailers", SIZED),
        request("host: localhost", CHUNKED, body=CHUNK + b"0\r\nx-sum: 1\r\n\r\n"),
        request("host: localhost", CHUNKED, body=CHUNK + b"0\r\nX Odd: 1\r\n\r\n"),
    ],
    ids=["empty line", "empty lines", "trailer", "odd trailer"],
)
def test_what_stands_around_a_request_is_left_out(
    rechat: Rechat, answer: bytes, data: bytes
) -> None:
    assert reply(rechat, data)[1] == answer


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (request("host: localhost", "content-length: 9, 8"), "invalid content-length"),
        (request("host: localhost", CHUNKED, SIZED), "both transfer-encoding and content-length"),
        (request("host: localhost", f"content-length: {'1' * 20}"), "has 20 digits: no body"),
        (request("host: localhost", f"content-length: {'1' * 5000}"), "has 5000 digits: no"),
        (request("host: localhost", CHUNKED, body=b"f" * 17 + b"\r\n"), "does not come in"),
        (request("host: localhost", CHUNKED, body=b"zz\r\n"), "does not come in chunks"),
        (request("host: localhost", "nocolon", SIZED), "Invalid header line"),
        (request("host: localhost", "X Odd: 1", SIZED), "invalid header name"),
        (request(SIZED), "no host header"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2 needs TLS here"),
        (request("host: localhost", SIZED, line="POST /v1"), "Bad HTTP request line"),
    ],
    ids=[
        "lengths",
        "length, chunks",
        "20 digits",
        "5000 digits",
        "a huge chunk",
        "no chunk",
        "no colon",
        "blank",
        "no host",
        "HTTP/2",
        "no version",
    ],
)
def test_what_cannot_be_read_is_told_in_json(rechat: Rechat, data: bytes, reason: str) -> None:
    head, body = reply(rechat, data)
    assert head.startswith("HTTP/1.1 400 ")
    assert "x-rechat: failed" in head.lower()
    told = httpx.Response(400, content=body).json()["error"]["message"]
    assert told.startswith("rechat: ")
    assert reason in told
    assert "validate_inbound_headers" not in told
    rechat.wait_for(lambda line: "✗ failed" in line and reason in line, "no line of the journal")


def test_no_secret_of_a_head_that_cannot_be_read_is_told(rechat: Rechat) -> None:
    _, body = reply(rechat, request("host: localhost", f"authorization Bearer {KEY}", SIZED))
    assert KEY.encode() not in body
    assert KEY not in rechat.output


@pytest.mark.parametrize("digits", [9, 18])
@pytest.mark.parametrize("more", ["accept: */*", "content-encoding: gzip"], ids=["plain", "gzip"])
def test_a_body_that_says_that_it_is_too_large_is_refused_before_it_is_there(
    rechat: Rechat, digits: int, more: str
) -> None:
    head, body = reply(rechat, request("host: localhost", f"content-length: {'9' * digits}", more))
    assert head.startswith("HTTP/1.1 413 ")
    assert b"268,435,456" in body
