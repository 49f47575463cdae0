"""Requests that are told by their body alone."""

import json
from typing import Any

import pytest

from rechat.dialects import request_of_body
from rechat.values import BodyError

ASKED = {"role": "user", "content": "Hi"}


@pytest.mark.parametrize(
    ("body", "api"),
    [
        ([ASKED], "openai.chat"),
        ({"model": "m", "messages": [ASKED]}, "openai.chat"),
        ({"model": "m", "messages": [ASKED], "system": "s", "max_tokens": 1}, "anthropic.messages"),
        ({"model": "m", "input": "Hi"}, "openai.responses"),
        ({"model": "text-embedding-3-small", "input": "Hi"}, "openai.embeddings"),
        ({"model": "m", "prompt": "Hi"}, "openai.completions"),
        ({"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}, "google.gemini"),
    ],
)
def test_a_body_is_of_the_api_that_has_such_a_body(body: Any, api: str) -> None:
    assert request_of_body(json.dumps(body).encode()).api == api
    assert request_of_body(b"\xef\xbb\xbf" + json.dumps(body).encode()).api == api


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"3"])
def test_what_is_no_body_is_told(body: bytes) -> None:
    with pytest.raises(BodyError):
        request_of_body(body)
