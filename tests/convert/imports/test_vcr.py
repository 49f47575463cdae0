"""Cassettes, with bodies in each of the ways they are stored."""

import gzip
import json
from typing import Any

import pytest
from foreign import SAID
from foreign import cassette

from rechat.convert import HttpExchange
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert.imports import vcr

TEXT = json.dumps(SAID)


def first(body: Any, **more: Any) -> object:
    document = vcr.parse(cassette(SAID))
    document["interactions"][0]["response"] |= {"body": body, **more}
    return next(iter(vcr.read(Source("c.yaml", b""), document)))


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ({"string": TEXT}, {}),
        ({"string": TEXT.encode()}, {}),
        ({"string": gzip.compress(TEXT.encode())}, {}),
        ({"type": "json", "content": SAID}, {}),
        (TEXT, {}),
        (None, {"parsed_body": SAID}),
    ],
)
def test_a_body_is_read_however_it_is_stored(body: Any, more: dict[str, Any]) -> None:
    found = first(body, **more)
    assert isinstance(found, HttpExchange)
    assert json.loads(found.response.body) == SAID
    assert found.of_a_test


@pytest.mark.parametrize("body", [{"strange": 1}, {"string": 5}, 5, {"base64_string": "a"}])
def test_a_body_of_another_kind_is_left(body: Any) -> None:
    assert isinstance(first(body), Left)


def test_a_request_of_aiohttp_is_the_value_that_the_program_gave() -> None:
    document = vcr.parse(cassette(SAID))
    asked = document["interactions"][0]["request"]
    body = json.loads(asked["body"])
    asked["body"] = body
    [found] = vcr.read(Source("c.yaml", b""), document)
    assert isinstance(found, HttpExchange)
    assert json.loads(found.request.body) == body


def test_a_cassette_never_makes_objects() -> None:
    with pytest.raises(ValueError, match="is not YAML that can be read"):
        vcr.parse(b"interactions: [!!python/object/apply:os.system [ls]]\n")
