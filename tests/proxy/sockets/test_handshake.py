"""Which web sockets are taken, and how they are answered."""

import pytest
from mitmproxy import http
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from rechat.proxy.sockets.handshake import accept
from rechat.proxy.sockets.handshake import problem_of
from rechat.proxy.sockets.handshake import tell_to_post

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def asked(path: str = "/v1/responses", version: str = "13") -> http.HTTPFlow:
    fields = {"upgrade": "websocket", "sec-websocket-key": KEY, "sec-websocket-version": version}
    headers = http.Headers([(name.encode(), value.encode()) for name, value in fields.items()])
    return tflow.tflow(req=tutils.treq(method=b"GET", path=path.encode(), headers=headers))


def test_the_answer_is_that_of_the_standard() -> None:
    flow = asked()
    accept(flow)
    assert flow.response
    assert flow.response.status_code == 101
    assert flow.response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert "content-length" not in flow.response.headers


@pytest.mark.parametrize("path", ["/v1/responses", "/v1/responses?x=1", "/openai/v1/responses"])
def test_responses_are_taken(path: str) -> None:
    assert problem_of(asked(path)) == ""


@pytest.mark.parametrize("path", ["/v1/realtime", "/v1/responses/resp_1", "/v1/chat/completions"])
def test_nothing_else_is(path: str) -> None:
    assert "Responses API only" in problem_of(asked(path))


def test_a_handshake_of_another_version_is_none() -> None:
    assert "version 13" in problem_of(asked(version="8"))


@pytest.mark.parametrize(("status", "told"), [(404, 426), (405, 426), (401, 401), (429, 429)])
def test_only_a_server_without_sockets_has_clients_ask_by_post(status: int, told: int) -> None:
    response = http.Response.make(status, b"why")
    tell_to_post(response)
    assert (response.status_code, response.content) == (told, b"why")
