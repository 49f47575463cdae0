"""Embeddings: vectors as they came, in the encoding that is asked for, or made of the text."""

import base64
import json
import math
import struct
from typing import Any

import pytest
from openai.types import CreateEmbeddingResponse

from rechat.dialects.openai_embeddings.dialect import SENT_AS
from rechat.dialects.openai_embeddings.dialect import Embeddings
from rechat.values import jsontext
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.jsontext import Json

DIALECT = Embeddings()
JSON = (("content-type", "application/json"),)
FLOATS = [0.5, -0.25]
PACKED = base64.b64encode(struct.pack("<2f", *FLOATS)).decode()
MADE_UP = Answer((Choice(Message("embedding", None, (), {"from": "hash"})),))


def asked(given: Json, **more: Json) -> Request:
    body = json.dumps({"model": "m", "input": given, **more}).encode()
    return DIALECT.read_request(HttpRequest("POST", "/v1/embeddings", "", JSON, body))


def recorded(vector: Json, **more: Json) -> dict[str, Json]:
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": vector, **more}],
        "model": "m",
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }


def answer(body: Json) -> Any:
    return DIALECT.read_answer(HttpResponse.whole(200, JSON, json.dumps(body).encode())).answer


def served(given: Any, request: Request) -> Any:
    return json.loads(DIALECT.write_answer(given, request).body)


def test_each_input_is_a_message() -> None:
    assert asked("a").messages == (Message("input", "a"),)
    assert asked(["a", "b"]).messages == (Message("input", "a"), Message("input", "b"))
    assert asked([1, 2]).messages == (Message("input", None, (), {"content": [1, 2]}),)
    assert len(asked([[1, 2], [3]]).messages) == 2


def test_the_encoding_only_shapes_the_answer() -> None:
    request = asked("a", encoding_format="base64", dimensions=2)
    assert request.settings == {"model": "m", "dimensions": 2}
    assert request.shape == "base64"
    assert asked("a", encoding_format="float").shape == "plain"


def test_a_request_without_input_is_an_error() -> None:
    with pytest.raises(BodyError, match="no `input`"):
        DIALECT.read_request(HttpRequest("POST", "/v1/embeddings", body=b"{}"))


@pytest.mark.parametrize("vector", [FLOATS, PACKED, [1, 1.50, -2e-7]])
def test_a_vector_comes_back_as_it_was(vector: Json) -> None:
    body = recorded(vector, extra=True)
    found = answer(body)
    assert isinstance(found, Answer)
    request = asked("a", encoding_format="base64" if isinstance(vector, str) else "float")
    assert jsontext.same(served(found, request), body)


def test_a_vector_is_converted_for_who_asks_for_the_other_encoding() -> None:
    assert served(answer(recorded(PACKED)), asked("a"))["data"][0]["embedding"] == FLOATS
    base64_asked = asked("a", encoding_format="base64")
    assert served(answer(recorded(FLOATS)), base64_asked)["data"][0]["embedding"] == PACKED


@pytest.mark.parametrize("vector", [[0.1, 0.2], [1, 0], PACKED])
def test_a_server_that_does_not_mind_the_encoding_sends_the_same_again(vector: Json) -> None:
    body = recorded(vector)
    response = HttpResponse.whole(200, JSON, json.dumps(body).encode())
    encodings: list[dict[str, Any]] = [{}, {"encoding_format": "base64"}]
    other, own = encodings if isinstance(vector, str) else encodings[::-1]
    found = DIALECT.read_answer(response, asked=asked("a", **other)).answer
    assert isinstance(found, Answer)
    assert found.fields[SENT_AS] == ("base64" if isinstance(vector, str) else "float")
    for encoding in encodings:
        assert served(found, asked("a", **encoding)) == body
    as_asked = DIALECT.read_answer(response, asked=asked("a", **own)).answer
    assert as_asked == answer(body)
    assert DIALECT.read_answer(HttpResponse.whole(200, JSON, b"{}"), asked=asked("a")).answer


@pytest.mark.parametrize("body", [{"data": []}, {"data": [{"object": "x"}]}, {"a": 1}])
def test_what_is_no_list_of_vectors_is_kept_whole(body: Json) -> None:
    assert answer(body) == RawAnswer(body)
    assert served(RawAnswer(body), asked("a")) == body


def test_made_up_vectors_follow_from_the_text_alone() -> None:
    one, two = (served(MADE_UP, asked(["a", "b"], dimensions=20))["data"] for _ in range(2))
    vectors = [item["embedding"] for item in one]
    assert one == two
    assert vectors[0] != vectors[1]
    assert [len(vector) for vector in vectors] == [20, 20]
    assert all(math.isclose(math.hypot(*vector), 1) for vector in vectors)
    assert served(MADE_UP, asked("b", dimensions=20))["data"][0]["embedding"] == vectors[1]
    assert len(served(MADE_UP, asked("a"))["data"][0]["embedding"]) == 1536


def test_the_sdk_reads_what_is_made_up() -> None:
    made = served(MADE_UP, asked("a"))
    read = CreateEmbeddingResponse.model_validate(made, strict=True)
    assert read.data[0].embedding == made["data"][0]["embedding"]


def test_a_vector_may_be_written_by_hand() -> None:
    by_hand = Answer((Choice(Message("embedding", None, (), {"content": FLOATS})),))
    assert served(by_hand, asked("a"))["data"][0]["embedding"] == FLOATS


def test_errors_and_broken_connections() -> None:
    error = ErrorAnswer(404, {"error": {}})
    response = DIALECT.write_answer(error, asked("a"))
    assert DIALECT.read_answer(response).answer == error
    with pytest.raises(BodyError, match="not whole"):
        DIALECT.read_answer(DIALECT.write_answer(Fault("cut"), asked("a")))


def test_a_request_is_written_again() -> None:
    request = asked(["a", "b"], encoding_format="base64")
    again = HttpRequest("POST", "/v1/embeddings", body=DIALECT.write_request(request))
    assert DIALECT.read_request(again) == request
    assert Media("file", "x") not in request.messages[0].parts


def test_a_recorded_answer_gets_nothing_that_it_did_not_have() -> None:
    whole = {"data": [{"object": "embedding", "index": 0, "embedding": [0.25]}]}
    answer = DIALECT.read_answer(HttpResponse.whole(200, (), jsontext.dump(whole).encode())).answer
    assert json.loads(DIALECT.write_answer(answer, Request({}, ())).body) == whole


def test_only_what_was_written_by_hand_gets_an_id() -> None:
    def written(answer: Answer) -> Any:
        return json.loads(DIALECT.write_answer(answer, asked("Hello")).body)

    assert written(MADE_UP)["id"].startswith("embd-")
    assert written(MADE_UP) == written(MADE_UP)
    [read] = DIALECT.readings(recorded(FLOATS))
    assert "id" not in written(read)
    [bare] = DIALECT.readings({"data": recorded(FLOATS)["data"]})
    assert written(bare) == {"data": recorded(FLOATS)["data"]}
