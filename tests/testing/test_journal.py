"""The journal of a running rechat, and where there is none."""

import socket
from pathlib import Path

import httpx
import pytest
from listening import Listening
from process import Rechat

from rechat.testing.journal import Journal


@pytest.mark.parametrize("url", ["", "http://localhost:9", "file:///etc/passwd"])
def test_there_is_none_where_nothing_answers(url: str) -> None:
    assert not Journal(url, "token").is_there()
    assert not Journal(url, "").is_there()


def test_it_finds_what_was_asked_and_says_why_it_does_not_change_something(mine: Path) -> None:
    with Rechat("replay", "transcripts", folder=mine.parent.parent, RECHAT_TOKEN="t") as rechat:
        journal = Journal(rechat.root, "t")
        assert journal.is_there()
        body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
        path = f"{rechat.root}/_rechat/s/some.test-1/v1/chat/completions"
        assert httpx.post(path, json=body).json()["choices"][0]["message"]["content"] == "Hi!"
        (row,) = journal.exchanges("session:some.test-1")
        assert (row["verdict"], row["session"]) == ("hit", "some.test-1")
        assert journal.in_full([row])[0]["settings"] == {"model": "m"}
        assert journal.exchanges("session:other") == []
        with pytest.raises(ValueError, match="there is no POST /_rechat/sessions/one/open"):
            journal.post("sessions/one/open", {})


def test_one_that_somebody_else_has_started_hands_its_token_out(mine: Path) -> None:
    with Rechat("replay", "transcripts", folder=mine.parent.parent) as rechat:
        assert Journal.at(rechat.root).is_there()
        assert not Journal.at(rechat.root, "another").is_there()
    assert not Journal.at(rechat.root).is_there()


class _Other(Listening):
    """A web server that knows nothing of all this."""

    def serve(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nHello")


class _Mute(Listening):
    """Something that speaks another protocol."""

    def serve(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(1 << 16)
            connection.sendall(b"220 ready\r\n")


@pytest.mark.parametrize("kind", [_Other, _Mute])
def test_another_server_is_none(kind: type[Listening]) -> None:
    with kind() as other:
        assert not Journal.at(other.url).is_there()
        assert not Journal(other.url, "token").is_there()
