"""Gemini's embeddings, one content or many at once."""

import json
from typing import Any

import pytest

from rechat.dialects.gemini.embeddings import GeminiEmbeddings
from rechat.values.conversation import Answer
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

DIALECT = GeminiEmbeddings()
JSON = (("content-type", "application/json"),)
ONE = "/v1beta/models/gemini-embedding-001:embedContent"
MANY = "/v1beta/models/gemini-embedding-001:batchEmbedContents"


def content(text: str, **more: Any) -> dict[str, Any]:
    return {"content": {"parts": [{"text": text}]}, **more}


def asked(body: Any, path: str = MANY) -> Request:
    return DIALECT.read_request(HttpRequest("POST", path, "key=k", JSON, json.dumps(body).encode()))


def answer(body: Any) -> Any:
    return DIALECT.read_answer(HttpResponse.whole(200, JSON, json.dumps(body).encode())).answer


def served(given: Any, request: Request) -> Any:
    return json.loads(DIALECT.write_answer(given, request).body)


def test_each_content_is_a_message_and_what_is_beside_it_a_setting() -> None:
    more = {"model": "models/gemini-embedding-001", "taskType": "X", "outputDimensionality": 2}
    request = asked({"requests": [content("a", **more), content("b", **more)]})
    assert request.messages == (Message("input", "a"), Message("input", "b"))
    own = {"model": "gemini-embedding-001", "taskType": "X", "outputDimensionality": 2}
    assert (request.settings, request.query) == (own, "")
    assert request.common == own | {"dimensions": 2}


def test_one_content_asks_the_same_in_another_shape() -> None:
    many, one = (
        asked({"requests": [content("a", taskType="X")]}),
        asked(content("a", taskType="X"), ONE),
    )
    assert (one.settings, one.messages) == (many.settings, many.messages)
    assert (one.shape, many.shape) == ("single", "plain")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"requests": [content("a", taskType="X"), content("b", taskType="Y")]}, MANY),
        ({"requests": [content("a"), content("b")]}, MANY),
        ({"requests": [{"content": {"parts": [{"text": "a"}, {"text": "b"}]}}]}, MANY),
        (content("a", outputDimensionality=3), ONE),
    ],
)
def test_a_request_comes_back_as_it_was(body: Any, path: str) -> None:
    request = asked(body, path)
    again = DIALECT.read_request(
        HttpRequest("POST", path, "", JSON, DIALECT.write_request(request))
    )
    assert again == request


@pytest.mark.parametrize(
    ("body", "path"), [({}, MANY), ({"requests": []}, MANY), ({"requests": [{}]}, MANY), ({}, ONE)]
)
def test_a_request_without_contents_is_an_error(body: Any, path: str) -> None:
    with pytest.raises(BodyError, match="has no"):
        asked(body, path)


@pytest.mark.parametrize(
    "body",
    [
        {"embeddings": [{"values": [0.5, 1.50]}, {"values": [1, 2], "statistics": {"n": 1}}]},
        {"embedding": {"values": [0.5]}, "usageMetadata": {"promptTokenCount": 1}},
    ],
)
def test_vectors_come_back_as_they_were(body: Any) -> None:
    found = answer(body)
    assert isinstance(found, Answer)
    request = (
        asked(content("a"), ONE) if "embedding" in body else asked({"requests": [content("a")]})
    )
    assert served(found, request) == body


def test_a_vector_is_served_in_the_shape_that_is_asked_for() -> None:
    found = answer({"embedding": {"values": [0.5]}})
    assert served(found, asked({"requests": [content("a")]})) == {"embeddings": [{"values": [0.5]}]}


def test_what_holds_no_vectors_is_kept_as_it_is() -> None:
    assert answer({"embeddings": [{"value": 1}]}) == RawAnswer({"embeddings": [{"value": 1}]})


def test_an_error_is_googles() -> None:
    told = served(ErrorAnswer(429, "Slow."), asked(content("a"), ONE))
    assert told["error"] == {"code": 429, "message": "Slow.", "status": "RESOURCE_EXHAUSTED"}
