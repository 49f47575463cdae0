"""Which of several upstreams is asked, and what is told of it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from process import Rechat
from routing import ask
from routing import http2_client
from routing import load
from routing import routed
from routing import upstreams
from upstream import Gate
from upstream import Stream
from upstream import Upstream
from upstream import answer
from upstream import failure


@pytest.fixture
def three() -> Iterator[list[Upstream]]:
    with upstreams(3) as found:
        yield found


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_load_is_shared_by_weight(three: list[Upstream], folder: Path, http2: bool) -> None:
    weights = (3, 2, 1)
    specs = [f"{each.url}*{weight}" for each, weight in zip(three, weights, strict=True)]
    with routed(folder, *specs) as rechat:
        assert asyncio.run(load(rechat, calls=120, http2=http2)) == {"": 120}
    for each, weight in zip(three, weights, strict=True):
        assert len(each.requests) == pytest.approx(20 * weight, rel=0.1)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("is_down", [False, True], ids=["all are well", "the first one fails"])
def test_a_hundred_equal_requests_at_once_are_one(
    three: list[Upstream], folder: Path, stream: bool, is_down: bool
) -> None:
    if is_down:
        three[0].reply(failure(500))

    async def ask_them(client: httpx2.AsyncClient, root: str, words: str) -> set[bytes]:
        body = {"model": "m", "stream": stream, "messages": [{"role": "user", "content": words}]}
        async with client:
            asked = [client.post(f"{root}/v1/chat/completions", json=body) for _ in range(100)]
            replies = await asyncio.gather(*asked)
        assert {reply.status_code for reply in replies} == {200}
        return {reply.content for reply in replies}

    with routed(folder, *three) as rechat:
        plain = asyncio.run(ask_them(httpx2.AsyncClient(timeout=20), rechat.root, "one"))
        root = rechat.root.replace("http:", "https:")
        multiplexed = asyncio.run(ask_them(http2_client(), root, "two"))
    assert (len(plain), len(multiplexed)) == (1, 1)
    assert [len(one.requests) for one in three] == ([1, 1, 1] if is_down else [1, 1, 0])
    texts = [path.read_text("utf-8") for path in folder.glob("*.md")]
    assert [text.count("### assistant") for text in texts] == [1, 1]


def test_a_reply_names_its_upstream_and_the_attempts(three: list[Upstream], folder: Path) -> None:
    a, b, _ = three
    a.reply(failure(503))
    with routed(folder, a, b) as rechat:
        reply = ask(rechat)
        assert "status 503" in rechat.wait_for_line("failover")
        assert f"{b.url.removesuffix('/v1')} (attempt 2)" in rechat.wait_for_line("recorded")
        row = row_of(rechat, "recorded")
        token = {"x-rechat-token": "secret"}
        health = httpx.get(f"{rechat.root}/_rechat/health", headers=token).json()
    name = b.url.removesuffix("/v1")
    assert reply.headers["x-rechat-upstream"] == name
    assert reply.headers["x-rechat-attempts"] == "2"
    assert (row["upstream"], row["attempts"]) == (name, 2)
    [file] = folder.glob("*.md")
    assert f" · {name}</summary>" in file.read_text("utf-8")
    first, second = health["upstreams"]
    assert [first[key] for key in ("in_flight", "asked", "failed")] == [0, 1, 1]
    assert first["reason"].endswith("status 503")
    assert first["left_alone_s"] > 0
    assert [second[key] for key in ("in_flight", "asked", "failed")] == [0, 1, 0]
    assert second["left_alone_s"] == 0
    assert second["first_byte_ms"] > 0


def row_of(rechat: Rechat, verdict: str) -> dict[str, Any]:
    told = httpx.get(f"{rechat.root}/_rechat/exchanges", headers={"x-rechat-token": "secret"})
    found: list[dict[str, Any]] = told.json()["exchanges"]
    return next(row for row in found if row["verdict"] == verdict)


def test_a_header_pins_an_upstream(three: list[Upstream], folder: Path) -> None:
    with routed(folder, three[0], f"{three[1].url},name=fast", three[2]) as rechat:
        for number in range(4):
            reply = ask(rechat, f"question {number}", **{"x-rechat-upstream": "fast"})
            assert reply.headers["x-rechat-upstream"] == "fast"
        unknown = ask(rechat, "more", **{"x-rechat-upstream": "slow"})
        three[1].reply(failure(500))
        failed = ask(rechat, "again", **{"x-rechat-upstream": "fast"})
    assert unknown.status_code == 404
    assert "no upstream 'slow'" in unknown.json()["error"]["message"]
    assert failed.status_code == 500
    assert [len(each.requests) for each in three] == [0, 5, 0]
    assert "x-rechat-upstream" not in three[1].requests[0].headers


def test_an_unknown_model_is_told_which_are_known(three: list[Upstream], folder: Path) -> None:
    with routed(folder, f"{three[0].url}:gpt-*", f"{three[1].url}:llama3") as rechat:
        reply = ask(rechat)
        line = rechat.wait_for_line("no upstream is for the model")
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (404, "model_not_found")
    assert "'m'" in error["message"]
    assert "gpt-*, llama3" in error["message"]
    assert "failed" in line
    assert not any(each.requests for each in three)


def test_no_credential_of_one_host_reaches_another(three: list[Upstream], folder: Path) -> None:
    """While each of them fails in turn, so that every request meets all of them."""
    a, b, c = three
    specs = (f"{a.url},key_env=KEY_OF_A", f"{b.url},key_env=KEY_OF_B,rename=theirs", c.url)
    with routed(folder, *specs) as rechat:
        for number, failing in enumerate([a, b, c, a, b, c]):
            for each in three:
                each.reply(failure(500) if each is failing else answer)
            headers = {"authorization": "Bearer key-of-client", "cookie": "key-of-client"}
            assert ask(rechat, f"question {number}", **headers).status_code == 200
    for each, key in ((a, "key-of-a"), (b, "key-of-b"), (c, "key-of-client")):
        assert each.requests
        for request in each.requests:
            assert request.headers["authorization"] == f"Bearer {key}"
            assert ("cookie" in request.headers) is (each is c)
    assert {request.json["model"] for request in b.requests} == {"theirs"}
    assert {request.json["model"] for request in a.requests} == {"m"}
    kept = "\n".join(path.read_text("utf-8") for path in folder.glob("*.md"))
    assert "key-of" not in kept + rechat.output
    assert "theirs" not in kept.replace("model: theirs", ""), "only the answer says so"


def test_an_upstream_that_refuses_because_it_got_no_key_is_told_with_what_to_do(
    three: list[Upstream], folder: Path
) -> None:
    a, b, _ = three
    a.reply(failure(500))
    b.reply(failure(401))
    with routed(folder, a, f"{b.url},name=second") as rechat:
        assert ask(rechat, authorization="Bearer key-of-client").status_code == 401
        line = rechat.wait_for_line("got no key")
    assert "second got no key" in line
    assert "client_key=true" in line
    assert "key_env=NAME" in line


def test_the_table_may_stand_in_the_settings(three: list[Upstream], folder: Path) -> None:
    settings = f"""
[[upstream]]
url = "{three[0].url}"
name = "first"
model = ["m", "n-*"]

[[upstream]]
url = "{three[1].url}"
prefix = "second"
key_env = "KEY_OF_B"
"""
    (folder.parent / "rechat.toml").write_text(settings)
    with routed(folder) as rechat:
        assert ask(rechat).headers["x-rechat-upstream"] == "first"
        assert ask(rechat, path="/second/v1", words="two").status_code == 200
    [request] = three[1].requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer key-of-b"


def test_the_turns_of_a_conversation_go_to_one_upstream(
    three: list[Upstream], folder: Path
) -> None:
    with routed(folder, *three) as rechat:
        for talk in range(3):
            messages = [{"role": "user", "content": f"talk {talk}"}]
            asked = set()
            for _ in range(4):
                body = {"model": "m", "messages": messages}
                reply = httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=20)
                asked.add(reply.headers["x-rechat-upstream"])
                messages += [
                    reply.json()["choices"][0]["message"],
                    {"role": "user", "content": "more"},
                ]
            assert len(asked) == 1
    assert [len(each.requests) for each in three] == [4, 4, 4]


def test_many_equal_requests_are_one_request_to_one_upstream(
    three: list[Upstream], folder: Path
) -> None:
    three[0].reply(failure(500))
    with routed(folder, *three) as rechat:

        async def all_at_once() -> list[httpx.Response]:
            body = {"model": "m", "messages": [{"role": "user", "content": "same"}]}
            limits = httpx.Limits(max_connections=100)
            async with httpx.AsyncClient(limits=limits, timeout=20) as client:
                url = f"{rechat.url}/chat/completions"
                return await asyncio.gather(*(client.post(url, json=body) for _ in range(100)))

        replies = asyncio.run(all_at_once())
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert sum(len(each.requests) for each in three[1:]) == 1
    assert len([*folder.glob("*.md")]) == 1


def test_an_upstream_has_no_more_in_flight_than_its_limit_and_clients_take_turns(
    three: list[Upstream], folder: Path
) -> None:
    gates = [Gate() for _ in three]
    for each, gate in zip(three, gates, strict=True):
        each.reply(Stream(gate=gate))
    one, two, _ = three
    specs = (f"{one.url},name=one,limit=2,client_key=true", f"{two.url},name=two,limit=1")
    with routed(folder, *specs) as rechat, ThreadPoolExecutor(10) as pool:
        greedy = [pool.submit(ask, rechat, f"g{n}", authorization="a") for n in range(6)]
        one.wait_for_requests(2)
        two.wait_for_requests(1)
        waiting(rechat, 3)
        modest = pool.submit(ask, rechat, "modest", authorization="b")
        waiting(rechat, 4)
        with httpx.Client(timeout=20) as leaving, suppress(httpx.ReadTimeout):
            body = {"model": "m", "messages": [{"role": "user", "content": "gone"}]}
            leaving.post(f"{rechat.url}/chat/completions", json=body, timeout=0.2)
        waiting(rechat, 4)
        assert [len(each.requests) for each in three] == [2, 1, 0]
        two.reply(failure(500))
        gates[1].open(inf)
        two.wait_for_requests(2)  # and that one waits for the other now
        gates[0].open(inf)
        asked = [done.result().status_code for done in (*greedy, modest)]
        now = waiting(rechat, 0)
    said = [each.json["messages"][0]["content"] for each in (*two.requests, *one.requests)]
    assert asked == [200] * 7
    assert "modest" in said[:6], "it came last, and was among the first that had a turn"
    assert "gone" not in said
    assert [each["in_flight"] for each in now] == [0, 0]
    assert [each["limit"] for each in now] == [2, 1]


def waiting(rechat: Rechat, count: int) -> list[dict[str, Any]]:
    """The table of upstreams once so many requests wait for the first one."""
    for _ in range(100):
        told = httpx.get(f"{rechat.root}/_rechat/health", headers={"x-rechat-token": "secret"})
        found: list[dict[str, Any]] = told.json()["upstreams"]
        if found[0]["waiting"] == count:
            return found
    raise AssertionError(found)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_behind_another_proxy_the_next_upstream_is_asked_too(
    three: list[Upstream], folder: Path, stream: bool
) -> None:
    a, b, _ = three
    a.reply(failure(500))
    (folder.parent / "outer").mkdir()
    words = ("record", "--only-upstreams", "--on-miss", "live")
    with (
        Rechat(*words, folder=folder.parent / "outer") as outer,
        routed(
            folder, f"{a.url},name=a", f"{b.url},name=b", mode=f"upstream:{outer.root}@0"
        ) as rechat,
    ):
        line = rechat.wait_for_line("also upstream")
        url = f"http://127.0.0.1:{line.rpartition(':')[2]}/v1/chat/completions"
        body = {"model": "m", "stream": stream, "messages": [{"role": "user", "content": "Hi"}]}
        reply = httpx.post(url, json=body, timeout=20)
        told = [reply.headers[name] for name in ("x-rechat-upstream", "x-rechat-attempts")]
        again = httpx.post(url, json=body, timeout=20)
    assert (reply.status_code, told) == (200, ["b", "2"])
    assert (again.headers["x-rechat"], again.content) == ("hit", reply.content)
    assert [len(one.requests) for one in (a, b)] == [1, 1]
