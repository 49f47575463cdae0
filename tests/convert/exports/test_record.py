"""Where each API is asked."""

import pytest

from rechat.convert.exports.record import url_of
from rechat.values import Request


@pytest.mark.parametrize(
    ("api", "url"),
    [
        ("openai.responses", "https://api.openai.com/v1/responses?a=1"),
        ("anthropic.messages", "https://api.anthropic.com/v1/messages?a=1"),
        (
            "google.gemini",
            "https://generativelanguage.googleapis.com/v1beta/models/m%2Fx:generateContent",
        ),
    ],
)
def test_the_address_is_that_of_the_public_api(api: str, url: str) -> None:
    assert url_of(Request({"model": "m/x"}, (), api=api, query="a=1")) == url
