"""Real provider bodies: byte for byte through a real recording and a fresh replay."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import SHARED
from process import Rechat
from upstream import Bytes, Received, Stream, Upstream

from rechat import jsontext
from rechat.dialects import chat_stream, sse

CORPUS = SHARED / "corpus"
BODIES = sorted(path.name for path in CORPUS.glob("*-chat-*"))

pytestmark = pytest.mark.skipif(
    not BODIES, reason="the corpus of provider bodies is not beside this checkout"
)


def asked(name: str) -> dict[str, Any]:
    """A request of its own for each body, in the shape the body has."""
    streamed = {"stream": True, "stream_options": {"include_usage": True}}
    shape = streamed if name.endswith(".sse") else {}
    return {"model": "any", "messages": [{"role": "user", "content": name}], **shape}


def provide(received: Received) -> Bytes | Stream:
    name = received.json["messages"][0]["content"]
    body = (CORPUS / name).read_bytes()
    if name.endswith(".json"):
        return Bytes(body, "application/json")
    return Stream([body[at : at + 500] for at in range(0, len(body), 500)])


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which every body was recorded."""
    folder = tmp_path_factory.mktemp("corpus")
    with Upstream() as upstream, Rechat("record", "-q", upstream.url, folder=folder) as rechat:
        upstream.reply(provide)
        with httpx.Client(base_url=rechat.url, timeout=20) as client:
            for name in BODIES:
                reply = client.post("/chat/completions", json=asked(name))
                assert (reply.headers["x-rechat"], reply.content) == (
                    "recorded",
                    (CORPUS / name).read_bytes(),
                )
    return folder


@pytest.fixture(scope="module")
def exact(recorded: Path) -> Iterator[httpx.Client]:
    """A client of a fresh replay with the sidecars."""
    yield from replaying(recorded, recorded / "transcripts")


@pytest.fixture(scope="module")
def markdown(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a fresh replay from Markdown alone."""
    folder = tmp_path_factory.mktemp("markdown") / "transcripts"
    shutil.copytree(recorded / "transcripts", folder, ignore=shutil.ignore_patterns(".wire"))
    yield from replaying(folder.parent, folder)


def replaying(folder: Path, transcripts: Path) -> Iterator[httpx.Client]:
    with (
        Rechat("replay", "-q", transcripts, folder=folder) as rechat,
        httpx.Client(base_url=rechat.url, timeout=20) as client,
    ):
        yield client


def whole(body: bytes) -> jsontext.Json:
    """What a body says, streamed or not."""
    if not body.startswith((b"data:", b":")):
        return jsontext.parse(body)
    events = [event.data for event in sse.read(body.decode()) if event.data != "[DONE]"]
    return chat_stream.assemble(map(jsontext.parse_object, events))


@pytest.mark.parametrize("name", BODIES)
def test_with_its_sidecar_a_body_comes_back_byte_for_byte(exact: httpx.Client, name: str) -> None:
    reply = exact.post("/chat/completions", json=asked(name))
    assert reply.headers["x-rechat"] == "hit"
    assert reply.content == (CORPUS / name).read_bytes()


@pytest.mark.parametrize("name", BODIES)
def test_from_markdown_alone_a_body_is_equal_in_json(markdown: httpx.Client, name: str) -> None:
    reply = markdown.post("/chat/completions", json=asked(name))
    assert reply.headers["x-rechat"] == "hit"
    assert jsontext.same(whole(reply.content), whole((CORPUS / name).read_bytes()))


@pytest.mark.parametrize("name", BODIES)
def test_the_other_shape_says_the_same_text(markdown: httpx.Client, name: str) -> None:
    other = asked(name) | {"stream": not name.endswith(".sse")}
    said, expected = (
        whole(body)["choices"][0]["message"].get("content")  # type: ignore[call-overload, index]
        for body in (
            markdown.post("/chat/completions", json=other).content,
            (CORPUS / name).read_bytes(),
        )
    )
    assert (said or None) == (expected or None)
