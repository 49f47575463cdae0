"""Responses over web sockets, with real clients of them: recorded, replayed, and refused."""

import json
import math
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from socket_upstream import Event
from socket_upstream import SocketUpstream
from socket_upstream import echo
from socket_upstream import last_text
from socket_upstream import socket_upstream
from upstream import Gate
from upstream import Stream
from upstream import Upstream
from websockets.exceptions import ConnectionClosed
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.sync.connection import Connection

ENDS = ("response.completed", "response.failed", "error")
MINE = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n\n### user\n\n> More\n\n### assistant\n\n> Yes.\n"


@pytest.fixture
def sockets() -> Iterator[SocketUpstream]:
    with socket_upstream() as upstream:
        yield upstream


def open_socket(rechat: Rechat, path: str = "/responses", **more: Any) -> Connection:
    url = rechat.url.replace("http://", "ws://") + path
    socket: Connection = connect(url, additional_headers={"Authorization": "Bearer none"}, **more)
    return socket


def send(socket: Connection, text: str, **more: Any) -> None:
    said = {"type": "response.create", "model": "gpt-5"}
    socket.send(json.dumps(said | {"input": [{"role": "user", "content": text}]} | more))


def messages(socket: Connection) -> list[str]:
    """The messages up to the end of an answer."""
    found: list[str] = []
    while not found or json.loads(found[-1])["type"] not in ENDS:
        found.append(str(socket.recv(timeout=20)))
    return found


def ask(socket: Connection, text: str, **more: Any) -> list[str]:
    send(socket, text, **more)
    return messages(socket)


def last(said: list[str]) -> Event:
    found: Event = json.loads(said[-1])
    return found


def name_of(said: list[str]) -> str:
    return str(last(said)["response"]["id"])


def text_of(said: list[str]) -> str:
    return str(last(said)["response"]["output"][0]["content"][0]["text"])


def recording(upstream: SocketUpstream, folder: Path) -> Rechat:
    return Rechat("record", upstream.url, "--to", folder, folder=folder.parent)


def replay(folder: Path, *more: str) -> Rechat:
    return Rechat("replay", folder, *more, folder=folder.parent)


def test_a_conversation_replays_message_by_message_without_an_upstream(
    sockets: SocketUpstream, folder: Path
) -> None:
    with recording(sockets, folder) as rechat, open_socket(rechat) as socket:
        first = ask(socket, "Hello")
        second = ask(socket, "More", previous_response_id=name_of(first))
        rechat.wait_for_line("More")
    assert [text_of(first), text_of(second)] == ["Echo: Hello", "Echo: More"]
    (saved,) = folder.glob("*.md")
    assert saved.read_text().count("### user") == 2
    with replay(folder) as rechat, open_socket(rechat) as socket:
        assert ask(socket, "Hello") == first
        assert ask(socket, "More", previous_response_id=name_of(first)) == second


def test_the_transcripts_are_those_of_a_post(
    sockets: SocketUpstream, upstream: Upstream, folder: Path, tmp_path: Path
) -> None:
    question = {"model": "gpt-5", "input": [{"role": "user", "content": "Hello"}]}
    with recording(sockets, folder) as rechat, open_socket(rechat) as socket:
        over_a_socket = ask(socket, "Hello")
    with replay(folder) as rechat:
        streamed = httpx.post(f"{rechat.url}/responses", json=question | {"stream": True})
    data = [line[6:] for line in streamed.text.splitlines() if line.startswith("data: ")]
    assert data == over_a_socket
    other = tmp_path / "other"
    with (
        replay(folder) as again,
        Rechat("record", again.url, "--to", other, folder=tmp_path) as rechat,
    ):
        httpx.post(f"{rechat.url}/responses", json=question | {"stream": True}).raise_for_status()
    (first,), (second,) = folder.glob("*.md"), other.glob("*.md")
    told = [path.read_text().partition("<details>")[0] for path in (first, second)]
    assert told[0] == told[1]
    with replay(other) as rechat, open_socket(rechat) as socket:
        assert ask(socket, "Hello") == over_a_socket


def test_a_hand_written_file_answers_and_a_miss_is_an_error_with_its_reason(folder: Path) -> None:
    (folder / "mine.md").write_text(MINE)
    with replay(folder) as rechat, open_socket(rechat) as socket:
        first = ask(socket, "Hello")
        assert text_of(first) == "Hi!"
        assert text_of(ask(socket, "More", previous_response_id=name_of(first))) == "Yes."
        missed = last(ask(socket, "Goodbye"))
        assert missed["status"] == 400
        assert missed["error"]["code"] == "rechat_no_match"
        assert "mine.md:5" in missed["error"]["message"]
        assert text_of(ask(socket, "Hello")) == "Hi!"
        assert socket.ping().wait(20)


def test_what_only_prepares_is_never_recorded_and_what_follows_goes_on_from_it(
    sockets: SocketUpstream, folder: Path
) -> None:
    def session(socket: Connection) -> list[str]:
        socket.send(
            json.dumps(
                {"type": "response.create", "model": "gpt-5", "generate": False}
                | {"input": [], "instructions": "Be kind."}
            )
        )
        name = name_of(messages(socket))
        return ask(socket, "Hello", previous_response_id=name, instructions="Be kind.")

    with recording(sockets, folder) as rechat, open_socket(rechat) as socket:
        recorded = session(socket)
    assert [event.get("generate") for event in sockets.asked] == [False, None]
    (saved,) = folder.glob("*.md")
    assert "generate" not in saved.read_text()
    assert saved.read_text().count("### assistant") == 1
    with replay(folder) as rechat, open_socket(rechat) as socket:
        assert session(socket) == recorded
        assert ask(socket, "Hello", instructions="Be kind.") == recorded


def test_after_a_hit_the_upstream_gets_the_whole_conversation(
    sockets: SocketUpstream, folder: Path
) -> None:
    (folder / "mine.md").write_text(MINE)
    with recording(sockets, folder) as rechat, open_socket(rechat) as socket:
        name = name_of(ask(socket, "Hello"))
        new = ask(socket, "Something else", previous_response_id=name)
        assert text_of(new) == "Echo: Something else"
        ask(socket, "And again", previous_response_id=name_of(new))
    whole, further = sockets.asked
    assert "previous_response_id" not in whole
    assert [item["role"] for item in whole["input"]] == ["user", "assistant", "user"]
    assert (further["previous_response_id"], len(further["input"])) == (name_of(new), 1)


def test_lanes_are_answered_side_by_side_and_keep_their_names(
    sockets: SocketUpstream, folder: Path
) -> None:
    def both(socket: Connection) -> dict[str, str]:
        send(socket, "Hello", stream_id="a")
        send(socket, "Goodbye", stream_id="b")
        found: dict[str, str] = {}
        while len(found) < 2:
            event = json.loads(socket.recv(timeout=20))
            if event["type"] in ENDS:
                found[event["stream_id"]] = event["response"]["output"][0]["content"][0]["text"]
        return found

    with recording(sockets, folder) as rechat, open_socket(rechat) as socket:
        recorded = both(socket)
    assert recorded == {"a": "Echo: Hello", "b": "Echo: Goodbye"}
    assert not any(
        "stream_id" in path.read_text() for path in folder.rglob("*.*") if path.is_file()
    )
    with replay(folder) as rechat, open_socket(rechat) as socket:
        assert both(socket) == recorded
        assert text_of(ask(socket, "Hello")) == "Echo: Hello"


def test_what_an_upstream_says_beside_its_answer_reaches_the_client(folder: Path) -> None:
    def chatty(event: Event, number: int) -> Iterator[Event | str]:
        yield "hello"
        yield {"type": "codex.rate_limits", "left": 1}
        yield from echo(event, number)

    with socket_upstream(chatty) as upstream, recording(upstream, folder) as rechat:
        with open_socket(rechat) as socket:
            send(socket, "Hello")
            assert socket.recv(timeout=20) == "hello"
            recorded = messages(socket)
    with replay(folder) as rechat, open_socket(rechat) as socket:
        assert ask(socket, "Hello") == recorded


def test_an_update_that_changes_nothing_is_looked_past_on_either_side(
    sockets: SocketUpstream, folder: Path
) -> None:
    def asked(*efforts: str) -> Event:
        updates = [{"type": "configuration_update", "reasoning": {"effort": it}} for it in efforts]
        user = {"role": "user", "content": "Hello"}
        return {"reasoning": {"effort": "low"}, "input": [*updates, user]}

    with recording(sockets, folder) as rechat, open_socket(rechat) as socket:
        again = ask(socket, "", **asked("low"))
        once = ask(socket, "", **asked("high"))
    with replay(folder) as rechat, open_socket(rechat) as socket:
        assert ask(socket, "", **asked()) == again
        assert ask(socket, "", **asked("low")) == again
        assert ask(socket, "", **asked("high", "high")) == once
        assert last(ask(socket, "", **asked("high", "low")))["status"] == 400


def test_half_an_answer_is_not_saved(folder: Path) -> None:
    def half(event: Event, number: int) -> Iterator[Event | None]:
        yield from list(echo(event, number))[:3]
        yield None

    with socket_upstream(half) as upstream, recording(upstream, folder) as rechat:
        with open_socket(rechat) as socket, pytest.raises(ConnectionClosed):
            ask(socket, "Hello")
        rechat.wait_for_line("the web socket was closed")
    assert not list(folder.glob("*.md"))


@pytest.mark.parametrize(("status", "is_saved"), [(400, True), (429, False), (500, False)])
def test_an_error_that_lasts_is_recorded_as_the_post_would_have_it(
    folder: Path, status: int, is_saved: bool
) -> None:
    def fail(event: Event, number: int) -> Iterator[Event]:
        error = {"type": "invalid_request_error", "code": "c", "message": "No.", "param": None}
        yield {"type": "error", "status": status, "error": error}

    with socket_upstream(fail) as upstream, recording(upstream, folder) as rechat:
        with open_socket(rechat) as socket:
            recorded = ask(socket, "Hello")
        rechat.wait_for_line("Hello")
    assert len(list(folder.glob("*.md"))) == is_saved
    if is_saved:
        with replay(folder) as rechat, open_socket(rechat) as socket:
            assert last(ask(socket, "Hello"))["error"] == last(recorded)["error"]
            question = {"model": "gpt-5", "input": [{"role": "user", "content": "Hello"}]}
            assert httpx.post(f"{rechat.url}/responses", json=question).status_code == status


def test_an_id_that_the_upstream_no_longer_knows_is_no_answer_to_save(
    sockets: SocketUpstream, folder: Path
) -> None:
    with recording(sockets, folder) as rechat, open_socket(rechat) as socket:
        told = last(ask(socket, "More", previous_response_id="resp_gone"))
        assert told["error"]["code"] == "previous_response_not_found"
    assert not list(folder.glob("*.md"))


@pytest.mark.parametrize("kind", ["response.steer", "response.inject", "response.cancel"])
def test_an_answer_that_another_message_may_have_changed_is_not_saved(
    folder: Path, kind: str
) -> None:
    begun: list[Event] = []

    def changed(event: Event, number: int) -> Iterator[Event]:
        if event["type"] == "response.create":
            begun.append(event)
            yield next(echo(event, number))
        else:
            yield from list(echo(begun[0], 1))[1:]

    with socket_upstream(changed) as upstream, recording(upstream, folder) as rechat:
        with open_socket(rechat) as socket:
            send(socket, "Hello")
            assert json.loads(socket.recv(timeout=20))["type"] == "response.created"
            socket.send(json.dumps({"type": kind, "input": "Hm"}))
            assert text_of(messages(socket)) == "Echo: Hello"
    assert not list(folder.glob("*.md"))


@pytest.mark.parametrize("kind", ["response.steer", "response.inject"])
def test_a_replay_tells_that_an_answer_cannot_be_changed_and_goes_on(
    folder: Path, kind: str
) -> None:
    (folder / "mine.md").write_text(MINE)
    with replay(folder) as rechat, open_socket(rechat) as socket:
        socket.send(json.dumps({"type": kind, "input": "Hm"}))
        assert json.loads(socket.recv(timeout=20))["type"] == f"{kind}.failed"
        assert text_of(ask(socket, "Hello")) == "Hi!"


def test_a_message_that_cannot_be_read_is_told_and_the_socket_goes_on(folder: Path) -> None:
    (folder / "mine.md").write_text(MINE)
    with replay(folder) as rechat, open_socket(rechat) as socket:
        for message in ("no json", "[]", '{"type": "response.cancel"}', '{"a": 1}'):
            socket.send(message)
            assert last(messages(socket))["status"] == 400
        assert text_of(ask(socket, "Hello")) == "Hi!"


def test_through_the_proxy_a_socket_to_an_upstream_is_recorded_and_replayed(
    sockets: SocketUpstream, folder: Path
) -> None:
    url = sockets.url.replace("http://", "ws://") + "/responses"
    with recording(sockets, folder) as rechat, connect(url, proxy=rechat.root) as socket:
        recorded = ask(socket, "Hello")
    with replay(folder, "--also", "127.0.0.1") as rechat, connect(url, proxy=rechat.root) as socket:
        assert ask(socket, "Hello") == recorded
    assert len(sockets.asked) == 1


def test_through_the_proxy_and_tls_a_public_api_is_answered_without_the_network(
    folder: Path,
) -> None:
    (folder / "mine.md").write_text(MINE)
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    url = "wss://api.openai.com/v1/responses"
    with replay(folder) as rechat, connect(url, proxy=rechat.root, ssl=anybody) as socket:
        assert text_of(ask(socket, "Hello")) == "Hi!"


def test_an_upstream_without_web_sockets_has_clients_ask_by_post(
    upstream: Upstream, folder: Path
) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with pytest.raises(InvalidStatus) as refused:
            open_socket(rechat)
    assert refused.value.response.status_code == 426


def test_other_web_sockets_are_refused_with_the_reason(
    sockets: SocketUpstream, folder: Path
) -> None:
    with recording(sockets, folder) as rechat:
        for base, proxy in ((rechat.url, None), (sockets.url, rechat.root)):
            for path in ("/realtime?model=gpt-realtime", "/chat/completions", "/live"):
                with pytest.raises(InvalidStatus) as refused:
                    connect(base.replace("http://", "ws://") + path, proxy=proxy)
                assert refused.value.response.status_code == 426
                assert b"for the Responses API only" in refused.value.response.body
    assert not sockets.paths


def test_a_model_that_decides_on_the_upstream_is_asked_by_post(
    sockets: SocketUpstream, folder: Path
) -> None:
    upstreams = [f"{sockets.url}:gpt-5", f"{sockets.url}:other"]
    with Rechat("record", *upstreams, "--to", folder, folder=folder.parent) as rechat:
        with pytest.raises(InvalidStatus) as refused:
            open_socket(rechat)
    assert b"chosen by the model" in refused.value.response.body


def test_a_page_of_another_site_gets_no_socket(folder: Path) -> None:
    with replay(folder) as rechat, pytest.raises(InvalidStatus) as refused:
        open_socket(rechat, origin="https://evil.example")
    assert refused.value.response.status_code == 403


def test_a_question_that_a_person_answers_is_answered_on_the_socket(folder: Path) -> None:
    with Rechat("replay", folder, "--on-miss", "hold", folder=folder.parent) as rechat:
        with open_socket(rechat) as socket:
            send(socket, "Who are you?")
            rechat.wait_for_line("waits for the answer")
            (asked,) = folder.glob("*.md")
            asked.write_text(asked.read_text() + "\n> A file.\n")
            assert text_of(messages(socket)) == "A file."


def test_a_client_that_leaves_a_question_takes_nothing_down(folder: Path) -> None:
    with Rechat("replay", folder, "--on-miss", "hold", folder=folder.parent) as rechat:
        with open_socket(rechat) as socket:
            send(socket, "Who are you?")
            rechat.wait_for_line("waits for the answer")
        assert httpx.get(f"{rechat.root}/health").status_code == 200


@pytest.mark.parametrize("kind", ["reset", "cut after 1"])
def test_a_broken_connection_is_one_on_a_socket_too(folder: Path, kind: str) -> None:
    source = f"### user\n\n> Hello\n\n### error {kind}\n"
    (folder / "mine.md").write_text(source + ("\n> Hi!\n" if kind != "reset" else ""))
    with replay(folder) as rechat, open_socket(rechat) as socket, pytest.raises(ConnectionClosed):
        ask(socket, "Hello")


@pytest.mark.filterwarnings("ignore:connect.. must be used:DeprecationWarning")  # by the SDK
def test_the_client_of_openai_talks_over_a_socket(sockets: SocketUpstream, folder: Path) -> None:
    def session(rechat: Rechat) -> list[str]:
        client = rechat.client()
        if not hasattr(client.responses, "connect"):
            pytest.skip("this openai knows no web sockets")
        said = []
        with client.responses.connect() as connection:
            connection.send({"type": "response.create", "model": "gpt-5", "input": "Hello"})
            for event in connection:
                said.append(event.to_json())
                if event.type == "response.completed":
                    return said
        return said

    with recording(sockets, folder) as rechat:
        recorded = session(rechat)
    with replay(folder) as rechat:
        assert session(rechat) == recorded
    assert len(sockets.asked) == 1


def test_an_answer_at_its_pace_leaves_message_by_message(folder: Path) -> None:
    (folder / "mine.md").write_text(
        "### user\n\n> Hello\n\n### assistant\n\n> one two three four\n"
    )
    with replay(folder, "--pace", "100") as rechat, open_socket(rechat) as socket:
        assert text_of(ask(socket, "Hello")) == "one two three four"


def test_equal_questions_at_once_are_one_to_the_upstream(folder: Path) -> None:
    both_are_sent = threading.Event()

    def odd(event: Event, number: int) -> Iterator[Event]:
        both_are_sent.wait(20)
        yield from echo(event | {"input": f"{last_text(event['input'])} {number}"}, number)

    with socket_upstream(odd) as upstream, recording(upstream, folder) as rechat:
        with open_socket(rechat) as one, open_socket(rechat) as other:
            send(one, "Hello")
            send(other, "Hello")
            both_are_sent.set()
            assert messages(one) == messages(other)
    assert len(upstream.asked) == 1


def test_a_recording_takes_a_request_from_another_socket_to_the_same_answer(
    sockets: SocketUpstream, folder: Path
) -> None:
    with recording(sockets, folder) as rechat:
        with open_socket(rechat) as socket:
            first = ask(socket, "Hello")
        with open_socket(rechat) as socket:
            assert ask(socket, "Hello") == first
    assert len(sockets.asked) == 1
    assert sockets.headers[0]["Authorization"] == "Bearer none"


def test_an_upstream_that_refuses_is_told_though_its_client_reads_no_more_than_the_head(
    upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    body = [b'{"error": {"message": "broken"}}']
    upstream.reply(Stream(body, gate, content_type="application/json", status=500))
    handshake = (
        "GET /v1/responses HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n"
        "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with socket.create_connection(("localhost", rechat.port), 20) as client:
            client.sendall(handshake.encode())
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 500 ")
        line = rechat.wait_for_line("GET /v1/responses")
        gate.open(math.inf)
    assert "500" in line
    assert "the client left" not in rechat.output
