"""Logs of HTTP."""

import base64
import json

from foreign import har

from rechat.convert import HttpExchange
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read


def test_a_body_in_base64_is_read() -> None:
    log = json.loads(har())
    content = log["log"]["entries"][0]["response"]["content"]
    content |= {"text": base64.b64encode(content["text"].encode()).decode(), "encoding": "base64"}
    [found] = read([Source("a.har", json.dumps(log).encode())])
    assert isinstance(found, HttpExchange)
    assert json.loads(found.response.body)["id"] == "chatcmpl-1"


def test_a_request_without_response_is_left() -> None:
    assert list(read([Source("a.har", har(status=0))])) == [Left("a.har#1", "got no response")]


def test_the_day_of_an_exchange_is_that_of_its_entry() -> None:
    log = json.loads(har())
    log["log"]["entries"][0]["startedDateTime"] = "2026-11-26T10:00:00.000Z"
    [found] = read([Source("a.har", json.dumps(log).encode())])
    assert isinstance(found, HttpExchange)
    assert found.day == "2026-11-26"
