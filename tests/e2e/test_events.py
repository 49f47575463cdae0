"""The journal as server-sent events, over real sockets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat

TOKEN = {"x-rechat-token": "secret"}


@pytest.fixture
def rechat(mine: Path) -> Iterator[Rechat]:
    options: Any = {"folder": mine.parent.parent, "RECHAT_TOKEN": "secret"}
    with Rechat("replay", "transcripts", "--on-miss", "hold", **options) as running:
        yield running


def ask(rechat: Rechat, text: str = "Hello", timeout: float = 20.0) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=timeout)


def rows(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The rows of a stream, one by one."""
    event = ""
    for line in lines:
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        if line.startswith("data: ") and event == "rows":
            yield from json.loads(line.removeprefix("data: "))


def test_rows_come_as_they_happen(rechat: Rechat) -> None:
    ask(rechat)
    url = f"{rechat.root}/_rechat/events"
    with httpx.Client(headers=TOKEN, timeout=20) as client, client.stream("GET", url) as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        found = rows(stream.iter_lines())
        assert next(found)["number"] == 1
        for number in (2, 3):
            ask(rechat)
            assert next(found)["number"] == number


def test_the_proxy_ends_cleanly_under_open_streams_and_waiting_clients(rechat: Rechat) -> None:
    url = f"{rechat.root}/_rechat/events"
    with httpx.Client(headers=TOKEN, timeout=20) as client, client.stream("GET", url) as stream:
        found = rows(stream.iter_lines())
        with pytest.raises(httpx.ReadTimeout):
            ask(rechat, "Who waits?", timeout=0.3)
        assert next(found)["verdict"] == "held"
        # Leaving the fixture checks how it ends.
        rechat.stop()
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError, StopIteration)):
            while True:
                next(found)
