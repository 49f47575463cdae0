"""Ollama's embeddings, and its older endpoint of one prompt."""

import json
from typing import Any

import pytest

from rechat.dialects.ollama.embed import OllamaEmbed
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

DIALECT = OllamaEmbed()
JSON = (("content-type", "application/json"),)
MADE_UP = Answer((Choice(Message("embedding", None, (), {"from": "hash"})),))


def asked(body: Any, path: str = "/api/embed") -> Request:
    return DIALECT.read_request(HttpRequest("POST", path, "", JSON, json.dumps(body).encode()))


def answer(body: Any) -> Any:
    return DIALECT.read_answer(HttpResponse.whole(200, JSON, json.dumps(body).encode())).answer


def served(given: Any, request: Request) -> Any:
    return json.loads(DIALECT.write_answer(given, request).body)


def test_a_text_and_a_list_of_one_ask_the_same() -> None:
    one, many = (
        asked({"model": "e", "input": "a", "options": {}}),
        asked({"model": "e", "input": ["a"]}),
    )
    assert one == many
    old = asked({"model": "e", "prompt": "a"}, "/api/embeddings")
    assert (old.settings, old.messages, old.shape) == (one.settings, one.messages, "single")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"model": "e", "input": ["a", "b"], "dimensions": 2}, "/api/embed"),
        ({"model": "e", "prompt": "a"}, "/api/embeddings"),
    ],
)
def test_a_request_comes_back_as_it_was(body: Any, path: str) -> None:
    assert json.loads(DIALECT.write_request(asked(body, path))) == body


@pytest.mark.parametrize("path", ["/api/embed", "/api/embeddings"])
def test_a_request_without_input_is_an_error(path: str) -> None:
    with pytest.raises(BodyError, match="has no"):
        asked({"model": "e"}, path)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (
            {
                "model": "e",
                "embeddings": [[0.5, 1.50], [1, 2]],
                "total_duration": 9,
                "load_duration": 1,
                "prompt_eval_count": 2,
            },
            "/api/embed",
        ),
        ({"embedding": [0.5]}, "/api/embeddings"),
    ],
)
def test_vectors_come_back_as_they_were(body: Any, path: str) -> None:
    found = answer(body)
    assert isinstance(found, Answer)
    assert served(found, asked({"model": "e", "input": "a"}, path)) == body


def test_a_vector_that_is_made_up_has_what_clients_rely_on() -> None:
    told = served(MADE_UP, asked({"model": "e", "input": ["a", "b"], "dimensions": 2}))
    assert [len(vector) for vector in told.pop("embeddings")] == [2, 2]
    assert told == {
        "model": "e",
        "total_duration": 30_000_000,
        "load_duration": 10_000_000,
        "prompt_eval_count": 2,
    }


def test_what_holds_no_vectors_is_kept_as_it_is() -> None:
    assert answer({"embeddings": [1]}) == RawAnswer({"embeddings": [1]})
    assert answer({"embeddings": 1}) == RawAnswer({"embeddings": 1})


def test_an_error_is_ollamas() -> None:
    assert served(ErrorAnswer(404, "No such model."), asked({"input": "a"})) == {
        "error": "No such model."
    }
