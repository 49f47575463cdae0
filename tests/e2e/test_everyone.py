"""`--each`: one request for every upstream of its route."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from process import run
from routing import KEYS
from routing import ask
from routing import upstreams
from upstream import Json
from upstream import Received
from upstream import Upstream
from upstream import answer
from upstream import failure


@pytest.fixture
def three() -> Iterator[list[Upstream]]:
    with upstreams(3) as found:
        for name, each in zip("abc", found, strict=True):
            each.reply(partial(named, name))
        yield found


def named(name: str, received: Received) -> Any:
    """The model's answer, but for its words if it comes whole."""
    told = answer(received)
    if isinstance(told, Json) and told.status == 200:
        body: Any = told.body
        body["choices"][0]["message"]["content"] = f"I am {name}."
    return told


def each_of(folder: Path, three: list[Upstream]) -> Rechat:
    a, b, c = three
    specs = (f"{a.url},name=a", f"{b.url},name=b,key_env=KEY_OF_B,rename=theirs", f"{c.url},name=c")
    words: list[str | Path] = ["record", *specs, "--to", folder, "--each"]
    return Rechat(*words, folder=folder.parent, RECHAT_TOKEN="secret", **KEYS)


def names_in(folder: Path) -> list[str]:
    """The upstreams of the takes of the one section, in their order."""
    [file] = folder.glob("*.md")
    return re.findall(r" · (\w)</summary>", file.read_text("utf-8"))


def test_every_upstream_is_asked_and_the_client_has_the_first_ones_answer(
    three: list[Upstream], folder: Path
) -> None:
    with each_of(folder, three) as rechat:
        reply = ask(rechat, authorization="Bearer key-of-client")
        for name in "abc":
            rechat.wait_for(re.compile(rf"recorded .* {name}  ").search, "a take")
        again = [ask(rechat).json()["choices"][0]["message"]["content"] for _ in range(3)]
    assert reply.headers["x-rechat-upstream"] == "a"
    assert reply.json()["choices"][0]["message"]["content"] == "I am a."
    assert [len(each.requests) for each in three] == [1, 1, 1]
    first, *others = names_in(folder)
    assert (first, sorted(others)) == ("a", ["b", "c"])
    assert sorted(again[:2]) == ["I am b.", "I am c."], "what the client had counts as its first"
    a, b, c = (each.requests[0] for each in three)
    assert a.headers["authorization"] == "Bearer key-of-client"
    assert b.headers["authorization"] == "Bearer key-of-b"
    assert "authorization" not in c.headers, "a key of one host reaches no other"
    assert [each.json["model"] for each in (a, b, c)] == ["m", "theirs", "m"]


def test_if_the_first_one_fails_the_client_has_another_answer_and_each_is_saved_once(
    three: list[Upstream], folder: Path
) -> None:
    three[0].reply(failure(500))
    with each_of(folder, three) as rechat:
        reply = ask(rechat)
        for name in "bc":
            rechat.wait_for(re.compile(rf"recorded .* {name}  ").search, "a take")
    assert reply.status_code == 200
    assert reply.headers["x-rechat"] == "forwarded"
    assert sorted(names_in(folder)) == ["b", "c"]


def test_streams_are_takes_too(three: list[Upstream], folder: Path) -> None:
    with each_of(folder, three) as rechat:
        body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
        reply = httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=20)
        for name in "abc":
            rechat.wait_for(re.compile(rf"recorded .* {name}  ").search, "a take")
    assert "[DONE]" in reply.text
    assert sorted(names_in(folder)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "more", [["--takes", "2"], ["--no-coalesce"], ["--on-miss", "live"]], ids=lambda more: more[0]
)
def test_what_does_not_go_together_is_told(more: list[str], tmp_path: Path) -> None:
    done = run("record", "--each", *more, folder=tmp_path)
    assert done.returncode == 2
    assert "--each" in done.stderr
