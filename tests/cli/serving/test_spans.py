"""Spans that are sent to a collector."""

import json
import socket
import threading
from dataclasses import replace
from typing import Any

import pytest
from collector import Collector
from listening import Listening

from rechat.cli.serving import spans as spans_module
from rechat.cli.serving.spans import Spans
from rechat.observe import JournalEntry
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import Message
from rechat.values import Request
from rechat.values import UsageError

REQUEST = Request({"model": "gpt-5", "temperature": 0.5}, (Message("user", "Hello"),), stream=True)
ANSWER = Answer(
    (Choice(Message("assistant", "Hi!")),), {"usage": {"prompt_tokens": 3, "completion_tokens": 1}}
)
HIT = JournalEntry(
    "hit", "chat", REQUEST, ANSWER, "a.md:5", "listed", times=((20.0, 5), (30.0, 5)), status=200
)
MISS = JournalEntry("miss", "chat", REQUEST, reason="nothing is near", status=400)


def attributes(span: Any) -> dict[str, Any]:
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def test_each_request_is_a_span_with_its_times_and_what_became_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20abc, x-team=a")
    warnings: list[str] = []
    with Collector() as collector:
        with Spans(collector.url, warnings.append) as spans:
            spans.add(HIT, 40.0)
            spans.add(MISS, 1.0)
            spans.add(JournalEntry("failed", "chat"), 1.0)  # what was asked is not known
    hit, miss = collector.spans
    assert int(hit["endTimeUnixNano"]) - int(hit["startTimeUnixNano"]) == 40_000_000
    assert hit["traceId"] == miss["traceId"]
    assert hit["spanId"] != miss["spanId"]
    told = attributes(hit)
    assert told["gen_ai.request.model"] == "gpt-5"
    assert told["gen_ai.response.time_to_first_chunk"] == 0.02
    assert told["gen_ai.usage.output_tokens"] == "1"
    assert (told["rechat.verdict"], told["rechat.place"]) == ("hit", "a.md:5")
    assert json.loads(told["gen_ai.output.messages"])[0]["parts"][0]["content"] == "Hi!"
    assert "status" not in hit
    assert miss["status"] == {"code": 2}
    assert attributes(miss)["error.type"] == "400"
    head = collector.heads[0].lower()
    assert head.startswith(b"post /v1/traces ")
    assert b"authorization: bearer abc\r\n" in head
    assert b"x-team: a\r\n" in head
    assert warnings == []


@pytest.mark.parametrize("status", [b"503 Busy", b"404 Not Found"])
def test_a_collector_that_refuses_is_told_once_with_how_many_were_lost(status: bytes) -> None:
    warnings: list[str] = []
    told = threading.Event()

    def warn(text: str) -> None:
        warnings.append(text)
        told.set()

    with Collector(status) as collector:
        with Spans(f"{collector.url}/own/path", warn) as spans:
            spans.add(HIT, 1.0)
            assert told.wait(20)
            spans.add(HIT, 1.0)
    assert collector.heads[0].startswith(b"POST /own/path ")
    code = status.decode().partition(" ")[0]
    assert warnings == [
        f"spans do not reach {collector.url}/own/path: status {code}",
        f"2 spans did not reach {collector.url}/own/path",
    ]


def test_what_finds_no_room_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans_module, "_ROOM", 10)
    warnings: list[str] = []
    with Collector() as collector:
        spans = Spans(collector.url, warnings.append)
        for _ in range(3):
            spans.add(replace(HIT, size=8), 1.0)
        with spans:
            pass
    assert len(collector.spans) == 2
    assert warnings == [f"1 span did not reach {collector.url}/v1/traces"]


class Mute(Listening):
    """Speaks another protocol."""

    def serve(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(1 << 16)
            connection.sendall(b"220 ready\r\n")


def test_a_server_that_is_no_collector_is_told() -> None:
    warnings: list[str] = []
    with Mute() as mute, Spans(mute.url, warnings.append) as spans:
        spans.add(HIT, 1.0)
    assert len(warnings) == 2


def test_a_collector_that_is_not_there_stops_nothing() -> None:
    warnings: list[str] = []
    with Spans("http://localhost:9", warnings.append) as spans:
        spans.add(HIT, 1.0)
    assert len(warnings) == 2


@pytest.mark.parametrize("url", ["localhost:4318", "ftp://a", "http://", "http://a:b", ""])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(UsageError, match="expected an address such as"):
        Spans(url, print)
