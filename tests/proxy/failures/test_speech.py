"""Servers that speak another language than their URL says."""

import pytest

from rechat.proxy.failures.speech import ONLY_TLS
from rechat.proxy.failures.speech import asks_for_tls
from rechat.proxy.failures.speech import may_ask_for_tls
from rechat.proxy.failures.speech import problem_of_start


@pytest.mark.parametrize("data", [b"", b"H", b"HTTP", b"HTTP/1.1 200", b"\r\nHTTP/1.0", b"\n\r"])
def test_what_may_become_an_answer_is_waited_for(data: bytes) -> None:
    assert problem_of_start(data) == ""


@pytest.mark.parametrize("data", [b"\x15\x03\x01\x00\x02\x02F", b"\x15\x03\x03", b"\x16\x03\x01"])
def test_the_start_of_tls_is_known(data: bytes) -> None:
    assert problem_of_start(data) == ONLY_TLS


@pytest.mark.parametrize("data", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x00", b"HTP", b"220 smtp"])
def test_what_is_no_http_is_shown(data: bytes) -> None:
    assert f"begins with {data!r}" in problem_of_start(data)


def test_no_more_than_the_start_is_shown() -> None:
    assert len(problem_of_start(b"x" * 10_000)) < 200


PAGES = [
    b"<title>400 The plain HTTP request was sent to HTTPS port</title>",
    b"Client sent an HTTP request to an HTTPS server.\n",
    b"<p>You're speaking plain HTTP to an SSL-enabled server port.<br />",
]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_servers_that_speak_tls_are_known(page: bytes) -> None:
    assert asks_for_tls(page)


def test_other_errors_are_the_apis_own() -> None:
    assert not asks_for_tls(b"<title>400 Bad Request</title>")
    assert may_ask_for_tls(400, "text/html", 200)
    assert may_ask_for_tls(400, "", None)
    assert not may_ask_for_tls(400, "application/json", 200)
    assert not may_ask_for_tls(404, "text/html", 200)
    assert not may_ask_for_tls(400, "text/html", 1 << 20)
