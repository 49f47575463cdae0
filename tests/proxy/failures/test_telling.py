"""What a client is told that gets no answer."""

import json

import pytest
from mitmproxy import flow
from mitmproxy.test import tflow

from rechat.proxy.failures.telling import failure_response
from rechat.proxy.failures.telling import reasons_of
from rechat.values.conversation import Request


def test_without_another_upstream_the_reason_is_what_failed() -> None:
    asked = tflow.tflow()
    asked.client_conn.timestamp_end = None
    asked.error = flow.Error("server closed connection")
    assert reasons_of(asked) == ("address:22: server closed connection",)


def test_all_reasons_are_told_in_the_words_of_the_api() -> None:
    request = Request({}, (), api="anthropic.messages")
    response = failure_response(request, "a:1 cannot be reached", "b:1 cannot be reached")
    assert response.status_code == 502
    assert response.content
    body = json.loads(response.content)
    assert body["type"] == "error"
    assert body["error"]["message"] == "rechat: a:1 cannot be reached; b:1 cannot be reached"


@pytest.mark.parametrize("request_", [None, Request({}, ())])
def test_who_asked_in_no_api_gets_the_form_of_openai(request_: Request | None) -> None:
    response = failure_response(request_, "a:1 cannot be reached")
    assert response.content
    assert "message" in json.loads(response.content)["error"]
