"""What clients get while one of several upstreams fails."""

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from http2_upstream import Http2Front
from internet import Authority
from routing import AT_ONCE
from routing import CALLS
from routing import ask
from routing import load
from routing import routed
from routing import upstreams
from upstream import Behaviour
from upstream import Break
from upstream import Json
from upstream import Received
from upstream import Stream
from upstream import Upstream
from upstream import answer
from upstream import failure


@pytest.fixture
def three() -> Iterator[list[Upstream]]:
    with upstreams(3) as found:
        yield found


def slow(received: Received, delay: float = 0.05) -> Behaviour:
    whole = answer(received)
    if isinstance(whole, Stream):
        return Stream(whole.events, delay=delay)
    return Stream(delay=delay, framing="length") if isinstance(whole, Json) else whole


BUSY = Json({"error": {"message": "busy"}}, 429, (("retry-after", "600"),))
FAULTS: dict[str, Any] = {
    "reset": Break("reset", 0),
    "no answer": Break("no-answer"),
    "hanging": Break("mute"),
    "hanging after the head": Break("stall", 0),
    "slow": slow,
    "429": BUSY,
    "500": failure(500),
    "529": failure(529),
}


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_call_fails_while_one_of_three_upstreams_does(
    three: list[Upstream], folder: Path, fault: str, http2: bool
) -> None:
    three[1].reply(FAULTS[fault])
    with routed(folder, *three, first_byte="1") as rechat:
        met = asyncio.run(load(rechat, http2=http2))
    assert met == {"": CALLS}
    assert all(len(one.requests) >= CALLS / 6 for one in (three[0], three[2]))
    if fault == "429":
        assert len(three[1].requests) <= AT_ONCE, "it was left alone for as long as it had said"


@pytest.mark.parametrize("fault", ["reset", "hanging", "hanging after the head", "500"])
def test_no_call_fails_while_one_of_three_at_one_address_does(
    upstream: Upstream, folder: Path, tmp_path: Path, fault: str
) -> None:
    """Clients of HTTP/2 ask an upstream that speaks it too on one connection, whatever for."""

    def reply(received: Received) -> Behaviour:
        told = FAULTS[fault] if received.path.startswith("/b/") else answer(received)
        assert not callable(told)
        return told

    upstream.reply(reply)
    authority = Authority(tmp_path)
    with Http2Front(upstream, authority.certify("localhost")) as front:
        specs = [front.url.replace("/v1", f"/{name}/v1") for name in "abc"]
        with routed(folder, *specs, first_byte="1", ca=str(authority.file)) as rechat:
            met = asyncio.run(load(rechat, http2=True))
    assert met == {"": CALLS}
    asked = Counter(received.path[:3] for received in upstream.requests)
    assert min(asked["/a/"], asked["/c/"]) >= CALLS / 6
    assert asked["/b/"]


@pytest.mark.parametrize(("streams", "calls"), [(2, 24), (10, 64)])
def test_no_call_fails_before_an_upstream_that_takes_few_streams_at_once(
    *, upstream: Upstream, folder: Path, tmp_path: Path, streams: int, calls: int
) -> None:
    """Those that have to wait are not given up: the time of the upstream begins when it is asked."""
    upstream.reply(slow)
    authority = Authority(tmp_path)
    with Http2Front(upstream, authority.certify("localhost"), streams) as front:
        with routed(folder, front.url, first_byte="1", ca=str(authority.file)) as rechat:
            met = asyncio.run(load(rechat, calls=calls, at_once=calls, http2=True))
    assert met == {"": calls}
    assert len(upstream.requests) == calls


def test_an_upstream_with_a_limit_has_no_more_in_flight_before_many_clients(
    upstream: Upstream, folder: Path
) -> None:
    begun: list[float] = []

    def reply(received: Received) -> Behaviour:
        begun.append(time.perf_counter())
        return slow(received, 0.01)

    upstream.reply(reply)
    with routed(folder, f"{upstream.url},limit=4") as rechat:
        met = asyncio.run(load(rechat, calls=64, at_once=64))
    assert met == {"": 64}
    ended = sorted(received.sent_at[-1] for received in upstream.requests)
    assert all(ended[at] <= start for at, start in enumerate(sorted(begun)[4:]))


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_no_call_fails_when_one_of_three_upstreams_is_killed(
    three: list[Upstream], folder: Path, http2: bool
) -> None:
    with ExitStack() as stack:
        killed = stack.enter_context(Upstream())
        rechat = stack.enter_context(routed(folder, killed, *three[:2]))

        async def load_and_kill() -> Counter[str]:
            running = asyncio.ensure_future(load(rechat, calls=2 * CALLS, http2=http2))
            await asyncio.to_thread(killed.wait_for_requests, 5)
            killed.reply(Break("no-answer"))  # to those that have its connections
            await asyncio.to_thread(killed.close)
            return await running

        met = asyncio.run(load_and_kill())
    begun = {what for what in met if what.startswith("cut")}
    assert {*met} - begun == {""}, "only a stream of which its client had a part may end too early"


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_a_stream_that_had_begun_ends_as_the_upstream_ended_it_and_is_not_saved(
    three: list[Upstream], folder: Path, http2: bool
) -> None:
    three[1].reply(Break("reset", 2))
    with routed(folder, *three) as rechat:
        met = asyncio.run(load(rechat, streams=[True], http2=http2))
    cut = CALLS - met[""]
    assert 1 <= cut <= AT_ONCE, "those that it had begun when its first failure was seen"
    assert cut == len(three[1].requests)
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.md"))
    assert text.count("### assistant") == met[""]


def test_if_all_fail_the_client_gets_the_last_real_error(folder: Path) -> None:
    with Upstream() as a, Upstream() as b:
        a.reply(Json({"error": {"message": "all are busy"}}, 429, (("retry-after", "7"),)))
        b.reply(Break("no-answer"))
        with routed(folder, a, b) as rechat:
            replies = [ask(rechat, words) for words in ("one", "two")]
    for reply in replies:
        assert (reply.status_code, reply.json()["error"]["message"]) == (429, "all are busy")
        assert reply.headers["retry-after"] == "7"
        assert reply.headers["x-rechat-upstream"] == a.url.removesuffix("/v1")
    assert list(folder.glob("*.md")) == []


def test_if_none_tells_an_error_the_client_hears_the_reasons_of_each(folder: Path) -> None:
    with Upstream() as a, Upstream() as b:
        a.reply(Break("no-answer"))
        b.reply(Break("mute"))
        with routed(folder, a, b, first_byte="0.5") as rechat:
            reply = ask(rechat)
    message = reply.json()["error"]["message"]
    assert reply.status_code == 502
    assert f"{a.url[7:-3]}: server closed connection" in message
    assert f"{b.url[7:-3]}: no first byte within 0.5 s" in message
    assert reply.headers["x-rechat-attempts"] == "2"


def test_an_upstream_that_comes_back_is_asked_on_the_same_connection(
    three: list[Upstream], folder: Path
) -> None:
    with socket.socket() as bound, httpx.Client(timeout=20) as client:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/v1"
        with routed(folder, url) as rechat:
            bodies = [
                {"model": "m", "messages": [{"role": "user", "content": words}]}
                for words in ("one", "two")
            ]
            path = f"{rechat.url}/chat/completions"
            assert client.post(path, json=bodies[0]).status_code == 502
            bound.listen()
            with RawAnswer(bound):
                assert client.post(path, json=bodies[1]).status_code == 200


class RawAnswer:
    """A server on a socket that answers one request."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(20)

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection:
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


def test_an_error_of_the_request_goes_to_no_other_upstream(
    three: list[Upstream], folder: Path
) -> None:
    a, b, _ = three
    a.reply(failure(401))
    with routed(folder, a, b) as rechat:
        assert ask(rechat).status_code == 401
    assert not b.requests
