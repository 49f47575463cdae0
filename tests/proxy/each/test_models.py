"""`GET /v1/models` of several upstreams: one list of all that may be asked for."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from process import Rechat
from routing import routed
from routing import upstreams
from upstream import Json
from upstream import Received
from upstream import Upstream
from upstream import failure


def listing(*names: str) -> Callable[[Received], Json]:
    """A list in the words of OpenAI."""
    models = [{"id": name, "object": "model", "owned_by": "them"} for name in names]
    return lambda _: Json({"object": "list", "data": models})


@pytest.fixture
def two() -> Iterator[list[Upstream]]:
    with upstreams(2) as found:
        found[0].reply(listing("gpt-5", "gpt-5-mini"))
        found[1].reply(listing("llama3", "gpt-5", "other"))
        yield found


def names(rechat: Rechat, path: str = "/v1/models") -> list[str]:
    """The models that a client finds."""
    reply = httpx.get(f"{rechat.root}{path}", headers={"authorization": "Bearer k"}, timeout=20)
    assert reply.status_code == 200, reply.text
    return [one["id"] for one in reply.json()["data"]]


def test_the_models_of_all_are_listed_recorded_and_replayed(
    two: list[Upstream], folder: Path
) -> None:
    with routed(folder, *two) as rechat:
        assert names(rechat) == ["gpt-5", "gpt-5-mini", "llama3", "other"]
        rechat.wait_for(re.compile("recorded .*/v1/models").search, "the list")
    assert [len(each.requests) for each in two] == [1, 1]
    assert two[0].requests[0].headers["authorization"] == "Bearer k"
    assert "authorization" not in two[1].requests[0].headers, "a key of one host reaches no other"
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        assert names(rechat) == ["gpt-5", "gpt-5-mini", "llama3", "other"]


def test_nothing_is_recorded_live(two: list[Upstream], folder: Path) -> None:
    with routed(folder, *two, on_miss="live") as rechat:
        assert names(rechat) == ["gpt-5", "gpt-5-mini", "llama3", "other"]
    assert not [*folder.glob("*.md")]


def test_each_lists_what_it_would_be_asked_for(two: list[Upstream], folder: Path) -> None:
    two[1].reply(listing("gpt-5", "llama3", "llama4", "theirs"))
    specs = (f"{two[0].url}:gpt-*", f"{two[1].url}:llama*", f"{two[1].url}:fast,rename=theirs")
    with routed(folder, *specs) as rechat:
        assert names(rechat) == ["gpt-5", "gpt-5-mini", "llama3", "llama4", "fast"]


def test_one_that_fails_is_left_out_and_the_list_is_not_recorded(
    two: list[Upstream], folder: Path
) -> None:
    two[0].reply(failure(500))
    with routed(folder, f"{two[0].url},name=a", f"{two[1].url},name=b") as rechat:
        assert names(rechat) == ["llama3", "gpt-5", "other"]
        rechat.wait_for(re.compile("without the models of a").search, "who is left out")
    assert not [*folder.glob("*.md")]


def test_if_all_fail_the_client_gets_what_the_last_one_says(
    two: list[Upstream], folder: Path
) -> None:
    for each in two:
        each.reply(failure(500))
    with routed(folder, *two) as rechat:
        reply = httpx.get(f"{rechat.root}/v1/models", timeout=20)
    assert reply.status_code == 500
    assert json.loads(reply.text)["error"]


def test_a_client_that_names_an_upstream_gets_the_list_of_that_one(
    two: list[Upstream], folder: Path
) -> None:
    with routed(folder, f"{two[0].url},name=a", f"{two[1].url},name=b") as rechat:
        reply = httpx.get(
            f"{rechat.root}/v1/models", headers={"x-rechat-upstream": "b"}, timeout=20
        )
    assert [one["id"] for one in reply.json()["data"]] == ["llama3", "gpt-5", "other"]
    assert not two[0].requests
