"""Real provider bodies: byte for byte through a real recording and a fresh replay."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from shared import SHARED
from upstream import Bytes
from upstream import Received
from upstream import Stream
from upstream import Upstream

from rechat.dialects.anthropic import stream as messages_stream
from rechat.dialects.gemini import stream as gemini_stream
from rechat.dialects.openai_chat import stream as chat_stream
from rechat.dialects.openai_responses import stream_read as responses_stream
from rechat.dialects.registry import dialect_of
from rechat.dialects.shared import sse
from rechat.values import jsontext
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.http import HttpResponse

CORPUS = SHARED / "corpus"
BODIES = sorted(path.name for path in CORPUS.glob("*.*") if path.suffix in (".json", ".sse"))

pytestmark = pytest.mark.skipif(
    not BODIES, reason="the corpus of provider bodies is not beside this checkout"
)


def api_of(name: str) -> str:
    return name.split("-")[-3]


def path_of(name: str, *, stream: bool) -> str:
    """Where a body of this name is asked for."""
    method = "streamGenerateContent?alt=sse" if stream else "generateContent"
    return {
        "chat": "/v1/chat/completions",
        "responses": "/v1/responses",
        "messages": "/v1/messages",
        "gemini": f"/v1beta/models/any:{method}",
    }[api_of(name)]


def asked(name: str, *, stream: bool) -> dict[str, Any]:
    """A request of its own for each body."""
    shape: dict[str, Any] = {"stream": True} if stream else {}
    given = {"role": "user", "content": name}
    match api_of(name):
        case "chat":
            usage = {"stream_options": {"include_usage": True}} if stream else {}
            return {"model": "any", "messages": [given], **shape, **usage}
        case "responses":
            return {"model": "any", "input": [given], **shape}
        case "messages":
            return {"model": "any", "max_tokens": 9, "messages": [given], **shape}
    return {"contents": [{"role": "user", "parts": [{"text": name}]}]}


def is_streamed(name: str) -> bool:
    return name.endswith(".sse")


def ask(client: httpx.Client, name: str, *, stream: bool) -> httpx.Response:
    return client.post(path_of(name, stream=stream), json=asked(name, stream=stream))


def original(name: str) -> HttpResponse:
    return response(name, (CORPUS / name).read_bytes(), stream=is_streamed(name))


def response(name: str, body: bytes, *, stream: bool) -> HttpResponse:
    kind = "text/event-stream" if stream else "application/json"
    return HttpResponse.whole(200, (("content-type", kind),), body)


def provide(received: Received) -> Bytes | Stream:
    (name,) = [name for name in BODIES if name.encode() in received.body]
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
        with httpx.Client(base_url=rechat.root, timeout=20) as client:
            for name in BODIES:
                reply = ask(client, name, stream=is_streamed(name))
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
        httpx.Client(base_url=rechat.root, timeout=20) as client,
    ):
        yield client


def whole(name: str, body: HttpResponse) -> jsontext.Json:
    """What a body says, streamed or not."""
    if not body.is_stream:
        return jsontext.parse(body.body)
    events = [event.data for event in sse.read(body.body.decode()) if event.data != "[DONE]"]
    assemble: dict[str, Callable[[Iterable[jsontext.JsonObject]], jsontext.JsonObject]] = {
        "chat": chat_stream.assemble,
        "responses": responses_stream.assemble,
        "messages": messages_stream.assemble,
        "gemini": gemini_stream.assemble,
    }
    return assemble[api_of(name)](map(jsontext.parse_object, events))


def answer_of(name: str, body: HttpResponse) -> AnyAnswer:
    dialect = dialect_of("POST", path_of(name, stream=False))
    assert dialect
    return dialect.read_answer(body).answer


@pytest.mark.parametrize("name", BODIES)
def test_with_its_sidecar_a_body_comes_back_byte_for_byte(exact: httpx.Client, name: str) -> None:
    reply = ask(exact, name, stream=is_streamed(name))
    assert reply.headers["x-rechat"] == "hit"
    assert reply.content == (CORPUS / name).read_bytes()


@pytest.mark.parametrize("name", BODIES)
def test_from_markdown_alone_a_body_is_equal_in_json(markdown: httpx.Client, name: str) -> None:
    reply = ask(markdown, name, stream=is_streamed(name))
    assert reply.headers["x-rechat"] == "hit"
    served = response(name, reply.content, stream=is_streamed(name))
    assert jsontext.same(whole(name, served), whole(name, original(name)))


@pytest.mark.parametrize("name", BODIES)
def test_the_other_shape_says_the_same_text(markdown: httpx.Client, name: str) -> None:
    stream = not is_streamed(name)
    reply = ask(markdown, name, stream=stream)
    served = response(name, reply.content, stream=stream)
    said, expected = (answer_of(name, body) for body in (served, original(name)))
    assert isinstance(expected, Answer)
    if error := expected.fields.get("error"):  # a stream that failed fails
        assert (reply.status_code, reply.json()["error"]) == (400, error)
        return
    assert isinstance(said, Answer)
    assert [choice.message.text for choice in said.choices] == [
        choice.message.text for choice in expected.choices
    ]


@pytest.mark.parametrize("name", BODIES)
def test_the_text_of_an_answer_can_be_read(recorded: Path, name: str) -> None:
    """No answer is a dump of JSON: each is taken apart, and its words stand in the file."""
    answer = answer_of(name, original(name))
    assert isinstance(answer, Answer)
    (path,) = [
        path
        for path in (recorded / "transcripts").glob("*.md")
        if name in path.read_text("utf-8").split("\n\n### assistant")[0]
    ]
    source = path.read_text("utf-8")
    assert "### response" not in source
    for choice in answer.choices:
        for line in choice.message.text.split("\n"):
            assert line in source or jsontext.quote(line)[1:-1] in source
