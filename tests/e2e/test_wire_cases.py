"""Odd bodies that servers really send: recorded, replayed, and replayed without sidecars.

Each case is what a client asks (`NAME.json`) and the bytes that the upstream sends (`NAME.http`).
"""

import http.client
import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from listening import Listening
from process import Rechat
from process import run
from shared import SHARED

from rechat.dialects import dialect_of
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import HttpResponse
from rechat.values import RawAnswer
from rechat.values import jsontext

WIRE = SHARED / "cases" / "wire"
NAMES = sorted(path.stem for path in WIRE.glob("*.http"))
# Passed on, and not saved: no text, half an answer, or an error that may pass.
BROKEN = {"badutf8", "ctrl", "tecl", "trailers"}
PASSING = {"errstr", "tgierrmid", "errfirst", "m-errfirst", "err200"}
# rechat answers them itself.
FOR_BROWSERS = {"preflight"}
UNSAVED = sorted((BROKEN | PASSING) & set(NAMES))
SAVED = [name for name in NAMES if name not in BROKEN | PASSING | FOR_BROWSERS]

pytestmark = pytest.mark.skipif(not NAMES, reason="the cases are not beside this checkout")


def each(names: list[str]) -> pytest.MarkDecorator:
    """A test for each case."""
    return pytest.mark.parametrize("name", names)


@dataclass(frozen=True)
class Reply:
    """What a client got."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class AfterInterim(http.client.HTTPResponse):
    """The answer that counts: Python takes any but `100 Continue` for it, others skip all (1xx)."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            found: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
            if not 100 < found[1] < 200:
                return found
            http.client.parse_headers(self.fp)


class Verbatim(Listening):
    """An upstream that sends the bytes of a case, whatever they are."""

    def serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            name = self._asked(reader)
            if name:
                connection.sendall((WIRE / f"{name}.http").read_bytes())

    def _asked(self, reader: BinaryIO) -> str:
        if not reader.readline():
            return ""
        head = http.client.parse_headers(reader)
        reader.read(int(head.get("content-length") or 0))
        return str(head["x-case"])


def question(name: str) -> dict[str, Any]:
    """What is asked: `method`, `path`, `body` and perhaps `headers`."""
    found: dict[str, Any] = json.loads((WIRE / f"{name}.json").read_bytes())
    return found


def is_streamed(name: str) -> bool:
    """Whether the case asks for a stream."""
    asked = question(name)
    is_by_default = asked["path"].startswith("/api/")
    return bool((asked["body"] or {}).get("stream", is_by_default))


def ask(port: int, name: str, *, other: bool = False) -> Reply:
    """What a client gets that asks as the case does, or for the other shape."""
    asked = question(name)
    body = asked["body"]
    if other:
        body = body | {"stream": not is_streamed(name)}
    headers = asked.get("headers", {}) | {"x-case": name}
    if body is not None:
        headers |= {"content-type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    connection.response_class = AfterInterim
    try:
        content = None if body is None else json.dumps(body).encode()
        connection.request(asked["method"], asked["path"], content, headers)
        reply = connection.getresponse()
        return Reply(reply.status, reply.headers, reply.read())
    except (OSError, http.client.HTTPException) as error:
        return Reply(0, http.client.HTTPMessage(), str(error).encode())
    finally:
        connection.close()


def said(name: str, reply: Reply) -> AnyAnswer:
    """What a reply means to the API that was asked."""
    asked = question(name)
    dialect = dialect_of(asked["method"], asked["path"])
    assert dialect
    response = HttpResponse.whole(reply.status, tuple(reply.headers.items()), reply.body)
    return dialect.read_answer(response).answer


def messages_of(answer: AnyAnswer) -> object:
    """What an answer says, whatever its shape."""
    match answer:
        case Answer(choices):
            return [
                (choice.message, choice.fields.get("finish_reason") or "stop") for choice in choices
            ]
        case RawAnswer({"choices": list(choices)}):
            return choices
        case _:
            return answer


def ask_raw(port: int, path: Path) -> Reply:
    """What a client gets for a body that is sent as it stands in a file."""
    body = path.read_bytes().partition(b"\r\n\r\n")[2]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    headers = {"content-type": "application/json", "x-case": "argobj"}
    connection.request("POST", "/v1/chat/completions", body, headers)
    reply = connection.getresponse()
    said = Reply(reply.status, reply.headers, reply.read())
    connection.close()
    return said


@dataclass(frozen=True)
class Recording:
    """The folder of a recording; what clients got without it, and from it."""

    folder: Path
    direct: dict[str, Reply]
    recorded: dict[str, Reply]
    odd_requests: dict[str, Reply]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("wire")
    with Verbatim() as upstream:
        direct = {name: ask(upstream.port, name) for name in NAMES}
        url = f"http://127.0.0.1:{upstream.port}"
        with Rechat("record", "-q", url, folder=folder, NO_PROXY="*") as rechat:
            recorded = {name: ask(rechat.port, name) for name in NAMES}
            odd = {path.stem: ask_raw(rechat.port, path) for path in sorted(WIRE.glob("*.raw"))}
    return Recording(folder, direct, recorded, odd)


@pytest.fixture(scope="module")
def replay(recording: Recording) -> Iterator[int]:
    with Rechat("replay", "-q", folder=recording.folder) as rechat:
        yield rechat.port


@pytest.fixture(scope="module")
def markdown(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A replay of the Markdown alone."""
    folder = tmp_path_factory.mktemp("markdown")
    no_sidecars = shutil.ignore_patterns(".wire")
    shutil.copytree(recording.folder / "transcripts", folder / "transcripts", ignore=no_sidecars)
    with Rechat("replay", "-q", folder=folder) as rechat:
        yield rechat.port


@each(NAMES)
def test_a_recording_passes_on_what_arrives(recording: Recording, name: str) -> None:
    direct, recorded = recording.direct[name], recording.recorded[name]
    assert (recorded.status, recorded.body) == (direct.status, direct.body)
    assert recorded.headers["content-type"] == direct.headers["content-type"]


@each(SAVED)
def test_it_is_saved(recording: Recording, name: str) -> None:
    assert recording.recorded[name].headers["x-rechat"] == "recorded"


@each(UNSAVED)
def test_what_is_broken_or_may_pass_is_not_saved(replay: int, name: str) -> None:
    assert ask(replay, name).headers["x-rechat"] == "miss"


@each(SAVED)
def test_a_replay_says_the_same_bytes(recording: Recording, replay: int, name: str) -> None:
    first, again = recording.direct[name], ask(replay, name)
    assert (again.status, again.body) == (first.status, first.body)
    for header in ("content-type", "location"):
        assert again.headers[header] == first.headers[header]


@each(SAVED)
def test_without_its_sidecar_it_means_the_same(
    recording: Recording, markdown: int, name: str
) -> None:
    first, again = recording.direct[name], ask(markdown, name)
    assert again.status == first.status
    if not first.body:
        assert again.body == first.body
        return
    assert said(name, again) == said(name, first)
    if not is_streamed(name):
        value = jsontext.parse(first.body.partition(b"data: [DONE]")[0])
        assert jsontext.same(jsontext.parse(again.body), value)


@each([name for name in SAVED if (WIRE / f"{name}.http").read_bytes().count(b"MARKER")])
def test_the_other_shape_says_as_much(recording: Recording, markdown: int, name: str) -> None:
    first, other = recording.direct[name], ask(markdown, name, other=True)
    assert other.status == first.status
    assert b"MARKER" in other.body
    if name != "argobj":  # streamed, the arguments are a text
        assert messages_of(said(name, other)) == messages_of(said(name, first))


@pytest.mark.parametrize("path", sorted(WIRE.glob("*.raw")), ids=lambda path: path.stem)
def test_an_odd_request_is_saved_and_matched(
    recording: Recording, replay: int, markdown: int, path: Path
) -> None:
    recorded = recording.odd_requests[path.stem]
    assert recorded.headers["x-rechat"] == "recorded"
    assert ask_raw(replay, path).body == recorded.body
    again = ask_raw(markdown, path)
    assert again.headers["x-rechat"] == "hit"
    assert jsontext.same(jsontext.parse(again.body), jsontext.parse(recorded.body))


def test_lint_finds_nothing(recording: Recording) -> None:
    result = run("lint", folder=recording.folder)
    assert result.returncode == 0, result.stdout + result.stderr
