"""Logs of HTTP."""

import base64
import json
from typing import Any

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


def entry() -> Any:
    return json.loads(har())["log"]["entries"][0]


def found_in(one: Any, **files: bytes) -> Any:
    log = json.dumps({"log": {"entries": [one]}}).encode()
    [found] = read([Source("a.har", log, files.get)])
    return found


def test_bodies_in_files_beside_it_are_read() -> None:
    one = entry()
    asked, said = one["request"]["postData"], one["response"]["content"]
    files = {"asked": asked["text"].encode(), "said": said.pop("text").encode()}
    asked |= {"text": "", "_file": "asked"}
    said |= {"_file": "said"}
    found = found_in(one, **files)
    assert isinstance(found, HttpExchange)
    assert (found.request.body, found.response.body) == (files["asked"], files["said"])
    left = "has a body that cannot be read: it is in asked, which is not there"
    assert found_in(one) == Left("a.har#1", left)


def test_an_exchange_without_one_of_its_bodies_is_left() -> None:
    one = entry()
    one["response"]["content"] = {"size": 9, "mimeType": "application/json"}
    assert "does not hold its answer" in found_in(one).reason
    one = entry()
    del one["request"]["postData"]
    one["request"]["bodySize"] = 9
    assert "does not hold the body of its request" in found_in(one).reason
    one["request"] |= {
        "bodySize": 0,
        "headers": [{"name": "Content-Type", "value": "multipart/form-data; boundary=x"}],
    }
    assert "does not hold the body of its request" in found_in(one).reason
