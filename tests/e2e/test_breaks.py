"""However an upstream breaks: the client sees what it sent, and half an answer is never saved."""

import contextlib
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from listening import Listening
from process import Rechat
from upstream import ALL_BREAKS
from upstream import Behaviour
from upstream import Break
from upstream import Gate
from upstream import Stream
from upstream import Upstream
from upstream import answer

# These end only with their connection: the client has to go first.
ENDLESS = ("stall", "mute")


def body(*, stream: bool) -> dict[str, Any]:
    return {"model": "gpt-5", "messages": [{"role": "user", "content": "Hi"}], "stream": stream}


# What processes that share the folder tell each other with; none of it is an answer.
SHARED = {"lock", "claims"}  # and the settings that a new folder gets


def saved(folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in SHARED]
    return [path for path in files if not path.name.startswith(".")]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    "behaviour",
    [pytest.param(broken, id=name) for name, broken in ALL_BREAKS if name not in ENDLESS],
)
def test_half_an_answer_is_never_saved(
    upstream: Upstream, folder: Path, behaviour: Behaviour, stream: bool
) -> None:
    upstream.reply(behaviour)
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with contextlib.suppress(httpx.TransportError):
            httpx.post(f"{rechat.url}/chat/completions", json=body(stream=stream), timeout=20)
        rechat.wait_for(lambda line: "saved" in line, "no word of what became of it")
        assert saved(folder) == []
        upstream.reply(answer)
        again = httpx.post(f"{rechat.url}/chat/completions", json=body(stream=stream), timeout=20)
        assert again.headers["x-rechat"] == "recorded"
    assert saved(folder)


@pytest.mark.parametrize("how", ENDLESS)
def test_a_client_that_goes_leaves_nothing_behind(
    upstream: Upstream, folder: Path, how: Any
) -> None:
    upstream.reply(Break(how))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{rechat.url}/chat/completions", json=body(stream=True), timeout=0.3)
        rechat.wait_for_line("not saved: ")
    assert saved(folder) == []


def test_the_client_sees_what_was_sent_before_the_break(upstream: Upstream, folder: Path) -> None:
    upstream.reply(Break("close", after=2))
    received = b""
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with (
            pytest.raises(httpx.RemoteProtocolError),
            httpx.stream("POST", f"{rechat.url}/chat/completions", json=body(stream=True)) as reply,
        ):
            for piece in reply.iter_bytes():
                received += piece
        rechat.wait_for_line("not saved: ")
    assert received.count(b"data: ") == 2


def test_a_client_that_leaves_in_the_middle_saves_nothing(upstream: Upstream, folder: Path) -> None:
    gate = Gate()
    upstream.reply(Stream(gate=gate))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with httpx.stream(
            "POST", f"{rechat.url}/chat/completions", json=body(stream=True)
        ) as reply:
            gate.open()
            next(reply.iter_bytes())
        rechat.wait_for_line("the client left")
    assert saved(folder) == []


def test_a_client_that_leaves_at_the_last_event_has_its_answer_saved(
    upstream: Upstream, folder: Path
) -> None:
    upstream.reply(Break("stall", after=1000))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        with httpx.stream(
            "POST", f"{rechat.url}/chat/completions", json=body(stream=True)
        ) as reply:
            assert any(line == "data: [DONE]" for line in reply.iter_lines())
        rechat.wait_for_line("recorded")
        again = httpx.post(f"{rechat.url}/chat/completions", json=body(stream=True))
    assert again.headers["x-rechat"] == "hit"
    assert saved(folder)


def test_an_upstream_that_is_not_there_is_a_502_with_the_reason(folder: Path) -> None:
    with Upstream() as gone:
        url = gone.url
    with Rechat("record", url, "--to", folder, folder=folder.parent) as rechat:
        reply = httpx.post(f"{rechat.url}/chat/completions", json=body(stream=False), timeout=20)
        assert reply.status_code == 502
        rechat.wait_for_line("failed")
    assert saved(folder) == []


FAULTS = Path(__file__).parent / "transcripts"


def ask(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-5", "messages": [{"role": "user", "content": text}], **more}


def test_a_written_timeout_never_answers(folder: Path) -> None:
    with Rechat("replay", FAULTS, folder=folder) as rechat, pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{rechat.url}/chat/completions", json=ask("Say nothing."), timeout=0.3)


def test_a_written_reset_closes_the_connection(folder: Path) -> None:
    with Rechat("replay", FAULTS, folder=folder) as rechat, pytest.raises(httpx.TransportError):
        httpx.post(f"{rechat.url}/chat/completions", json=ask("Hang up."), timeout=20)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_written_cut_ends_in_the_middle_of_the_text(folder: Path, stream: bool) -> None:
    received = b""
    asked = ask("Count to ten.", stream=stream)
    with (
        Rechat("replay", FAULTS, folder=folder) as rechat,
        pytest.raises(httpx.RemoteProtocolError),
        httpx.stream("POST", f"{rechat.url}/chat/completions", json=asked) as reply,
    ):
        for piece in reply.iter_bytes():
            received += piece
    assert b"two" in received
    assert b"three" not in received
    assert b"[DONE]" not in received


@pytest.mark.parametrize(
    ("path", "reads"),
    [
        ("/v1/chat/completions", lambda body: body["error"]["message"]),
        ("/v1/messages", lambda body: body["error"]["message"]),
        ("/api/chat", lambda body: body["error"]),
        ("/elsewhere", lambda body: body["error"]["message"]),
    ],
)
def test_an_upstream_that_cannot_be_reached_is_named_in_the_words_of_the_api(
    folder: Path, path: str, reads: Any
) -> None:
    with socket.socket() as bound:  # and it does not listen
        bound.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{bound.getsockname()[1]}"
        with Rechat("record", f"http://{nobody}", "--to", folder, folder=folder.parent) as rechat:
            reply = httpx.post(f"{rechat.root}{path}", json=body(stream=True), timeout=20)
            rechat.wait_for_line(f"{nobody} cannot be reached: Connection refused")
    assert (reply.status_code, reply.headers["x-rechat"]) == (502, "failed")
    assert f"rechat: {nobody} cannot be reached: Connection refused" in reads(reply.json())


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n",
        b"\r\nHTTP/1.1 200 OK\r\nAn Odd Name: 1\r\n",
    ],
    ids=["interim answers", "the length twice", "a blank in a name"],
)
def test_a_head_that_clients_read_is_read(folder: Path, head: bytes) -> None:
    with (
        RawUpstream(head + b"content-length: 2\r\n\r\n{}") as upstream,
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
    ):
        reply = httpx.get(f"{rechat.root}/anything", timeout=20)
    assert (reply.status_code, reply.content) == (200, b"{}")


def test_a_head_without_an_end_is_refused_in_json(folder: Path) -> None:
    with (
        RawUpstream(b"HTTP/1.1 200 OK\r\nx: " + b"x" * (2 << 20)) as upstream,
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
    ):
        reply = httpx.get(f"{rechat.root}/anything", timeout=20)
    assert reply.status_code == 502
    assert (
        "the head of the answer has more than 1,048,576 bytes" in reply.json()["error"]["message"]
    )


def test_the_next_upstream_is_asked_if_one_cannot_be_reached(
    upstream: Upstream, folder: Path
) -> None:
    with (
        socket.socket() as bound,  # and it does not listen
        contextlib.ExitStack() as stack,
    ):
        bound.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{bound.getsockname()[1]}/v1"
        words = ("record", nobody, upstream.url, "--to", folder)
        rechat = stack.enter_context(Rechat(*words, folder=folder.parent))
        for word in ("one", "two"):
            question = {"model": "m", "messages": [{"role": "user", "content": word}]}
            reply = httpx.post(f"{rechat.url}/chat/completions", json=question, timeout=20)
            assert (reply.status_code, reply.headers["x-rechat"]) == (200, "recorded")
            assert reply.headers["x-rechat-upstream"] == upstream.url.removesuffix("/v1")
        rechat.wait_for_line(f"{upstream.url.removesuffix('/v1')} is asked")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_rechat_as_its_own_upstream_says_so(folder: Path, host: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    words = ("record", f"http://{host}:{port}/v1", "--port", str(port), "--to", folder)
    with Rechat(*words, folder=folder.parent) as rechat:
        reply = httpx.post(f"{rechat.url}/chat/completions", json=body(stream=True), timeout=20)
    assert reply.status_code == 502
    said = reply.json()["error"]["message"]
    assert said.startswith(f"rechat: {host}:{port} is rechat itself: name another upstream")


class RawUpstream(Listening):
    """A server that sends the same bytes to whoever asks."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    def serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(1 << 16)
            connection.sendall(self._data)
            connection.recv(1)
