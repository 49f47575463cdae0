"""The models that the transcripts name."""

from typing import Any

import pytest
from anthropic.types import ModelInfo
from ollama import ListResponse
from ollama import ShowResponse
from openai.types import Model

from rechat.answering.model_list import asks_for_models
from rechat.answering.model_list import joined_lists
from rechat.answering.model_list import models_answer
from rechat.format import reader
from rechat.index.index import Index
from rechat.values.conversation import CHAT
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest
from rechat.values.jsontext import Json


def index(*names: str) -> Index:
    made = Index()
    for name in names:
        made.put(
            name,
            reader.parse(f"---\nmodel: {name}\n---\n\n### user\n\n> Hi\n\n### assistant\n\n> Ho\n"),
        )
    return made


def get(path: str, method: str = "GET", api: str = "raw") -> Request:
    return Request({"method": method, "path": path}, (Message("request"),), api=api)


def test_the_list_has_each_model_once_in_order() -> None:
    found: Any = models_answer(get("/v1/models"), index("b", "a"))
    assert [model["id"] for model in found.value["data"]] == ["a", "b"]
    assert (found.value["first_id"], found.value["has_more"]) == ("a", False)
    assert Index().models == []


def test_both_sdks_read_a_model() -> None:
    found = models_answer(get("/v1/models/a/b"), index("a/b"))
    assert isinstance(found, RawAnswer)
    assert Model.model_validate(found.value).id == "a/b"
    assert ModelInfo.model_validate(found.value).display_name == "a/b"


def test_clients_of_gemini_and_ollama_read_the_list() -> None:
    gemini: Any = models_answer(get("/v1/models"), index("b", "a"))
    assert [model["name"] for model in gemini.value["models"]] == ["models/a", "models/b"]
    one: Any = models_answer(get("/v1beta/models/a"), index("a"))
    assert one.value["displayName"] == "a"
    ollama: Any = models_answer(get("/api/tags"), index("b", "a"))
    assert [model.model for model in ListResponse.model_validate(ollama.value).models] == ["a", "b"]


def test_where_nothing_is_named_there_is_one_to_choose_and_any_other_too() -> None:
    listed: Any = models_answer(get("/v1/models"), Index())
    assert [model["id"] for model in listed.value["data"]] == ["rechat"]
    one: Any = models_answer(get("/v1/models/gpt-5"), Index())
    assert one.value["id"] == "gpt-5"


def test_an_unknown_model_is_not_found() -> None:
    found = models_answer(get("/v1/models/x"), index("a"))
    assert isinstance(found, ErrorAnswer)
    assert found.status == 404


def test_nothing_else_is_made_up() -> None:
    for request in (get("/v1/files"), get("/v1/models", "DELETE"), get("/v1/models", api=CHAT)):
        assert models_answer(request, index("a")) is None


def show(body: Json) -> Request:
    message = Message("request", None, (), {"content": body})
    return Request({"method": "POST", "path": "/api/show"}, (message,), api="raw")


@pytest.mark.parametrize("body", [{"model": "llama3.2"}, {"name": "llama3.2:latest"}])
def test_a_client_of_ollama_reads_what_is_known_of_a_model(body: Json) -> None:
    found = models_answer(show(body), index("llama3.2"))
    assert isinstance(found, RawAnswer)
    assert ShowResponse.model_validate(found.value).capabilities == ["completion", "tools"]
    assert isinstance(models_answer(show(body), Index()), RawAnswer)


@pytest.mark.parametrize("body", [{"model": "llama3.3"}, {}, [], "llama3.2"])
def test_of_a_model_that_no_transcript_names_ollama_says_that_it_is_not_there(body: Json) -> None:
    found: Any = models_answer(show(body), index("llama3.2"))
    assert found.status == 404
    assert found.body["error"].startswith("model '")


def test_what_else_is_posted_is_no_question_about_models() -> None:
    assert models_answer(get("/api/pull", "POST"), index("a")) is None


def every(_: str) -> bool:
    return True


def test_lists_of_one_shape_are_joined_and_the_first_of_a_name_counts() -> None:
    first: Any = {"object": "list", "data": [{"id": "a", "owned_by": "one"}], "last_id": "a"}
    second: Any = {"object": "list", "data": [{"id": "b"}, {"id": "a"}, "odd", {}]}
    assert joined_lists([(first, every), (second, every)]) == {
        "object": "list",
        "data": [{"id": "a", "owned_by": "one"}, {"id": "b"}],
        "first_id": "a",
        "last_id": "b",
    }


def test_a_list_in_another_shape_gives_its_names() -> None:
    gemini: Any = {"models": [{"name": "models/g"}]}
    joined: Any = joined_lists([({"data": [{"id": "a"}]}, every), (gemini, every)])
    assert [one["id"] for one in joined["data"]] == ["a", "g"]
    joined = joined_lists([(gemini, every), ({"data": [{"id": "a"}]}, every)])
    assert [one["name"] for one in joined["models"]] == ["models/g", "models/a"]


def test_only_models_that_count_are_listed_and_names_are_added() -> None:
    page: Any = {"data": [{"id": "a"}, {"id": "b"}]}
    joined: Any = joined_lists([(page, "a".__eq__)], ["c"])
    assert [one["id"] for one in joined["data"]] == ["a", "c"]


@pytest.mark.parametrize("page", [None, [], {}, {"data": {}}, "text", {"error": {}}])
def test_what_is_no_list_is_passed_over(page: Any) -> None:
    assert joined_lists([(page, every)], ["a"]) is None


@pytest.mark.parametrize(
    ("method", "path", "asks"),
    [
        ("GET", "/v1/models", True),
        ("GET", "/models", True),
        ("GET", "/api/tags", True),
        ("GET", "/v1/models/gpt-5", False),
        ("POST", "/v1/models", False),
        ("GET", "/v1/files", False),
    ],
)
def test_a_request_for_the_list_is_known(method: str, path: str, asks: bool) -> None:
    assert asks_for_models(HttpRequest(method, path)) is asks
