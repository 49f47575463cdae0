"""Every endpoint that is no conversation, by the real SDK: recorded once, replayed without upstream."""

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import NotFoundError
from openai import OpenAI
from process import Rechat
from provider import PICTURE
from provider import Provider
from provider import dumped
from upstream import Upstream

WAV = ("a.wav", b"RIFF\x00\x01WAVE\r\n--x", "audio/wav")
PNG = ("a.png", PICTURE, "image/png")


def translation(client: OpenAI) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the SDK's word on its own method
        return client.audio.translations.create(model="whisper-1", file=WAV)


def heard(stream: Any) -> list[object]:
    """The pieces of a text as one, and what is said at last: a stream from Markdown alone has other
    pieces.
    """
    *pieces, last = stream
    return ["".join(piece.delta for piece in pieces), dumped(last)]


CALLS: dict[str, Callable[[OpenAI], Any]] = {
    "embeddings": lambda c: c.embeddings.create(model="e", input=["one", "two"]),
    "float embeddings": lambda c: c.embeddings.create(
        model="e", input="float", encoding_format="float", dimensions=2
    ),
    "moderations": lambda c: c.moderations.create(input="fine"),
    "a picture": lambda c: c.images.generate(model="gpt-image-1", prompt="a cat"),
    "an edited picture": lambda c: c.images.edit(image=PNG, prompt="a hat", model="gpt-image-1"),
    "speech": lambda c: c.audio.speech.create(model="tts-1", voice="alloy", input="Hi").content,
    "a transcription": lambda c: c.audio.transcriptions.create(model="whisper-1", file=WAV),
    "a transcription as text": lambda c: c.audio.transcriptions.create(
        model="whisper-1", file=WAV, response_format="vtt"
    ),
    "a streamed transcription": lambda c: heard(
        c.audio.transcriptions.create(model="gpt-4o-transcribe", file=WAV, stream=True)
    ),
    "a translation": translation,
    "a file": lambda c: c.files.create(file=("a.jsonl", b'{"a":1}\n'), purpose="batch"),
    "the files": lambda c: [dumped(file) for file in c.files.list()],
    "one file": lambda c: c.files.retrieve("file-1"),
    "the content of a file": lambda c: c.files.content("file-1").content,
    "a file deleted": lambda c: c.files.delete("file-1"),
    "a batch": lambda c: c.batches.create(
        input_file_id="file-1", endpoint="/v1/embeddings", completion_window="24h"
    ),
    "a batch cancelled": lambda c: c.batches.cancel("batch_1"),
    "the models": lambda c: [dumped(model) for model in c.models.list()],
    "a model": lambda c: c.models.retrieve("gpt-5"),
    "vector stores": lambda c: [dumped(store) for store in c.vector_stores.list(limit=2)],
}


def batches(client: OpenAI) -> list[str]:
    return [client.batches.retrieve("batch_1").status for _ in range(4)]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A folder with all calls recorded, and what the SDK gave then."""
    folder = tmp_path_factory.mktemp("endpoints")
    with Upstream() as upstream, Rechat("record", upstream.url, folder=folder) as rechat:
        upstream.reply(Provider())
        client = rechat.client()
        given: dict[str, object] = {name: dumped(call(client)) for name, call in CALLS.items()}
        given["polls"] = batches(client)
        with pytest.raises(NotFoundError, match="no GET /nope"):
            client.get("/nope", cast_to=object)
    return folder, given


@pytest.fixture(scope="module", params=["with sidecars", "from Markdown alone"])
def replaying(recorded: tuple[Path, dict[str, object]], request: pytest.FixtureRequest) -> Any:
    """The SDK against a fresh process, and what it gave while recording."""
    folder, given = recorded
    if request.param == "from Markdown alone":
        for path in (folder / "transcripts" / ".wire").iterdir():
            path.unlink()
    with Rechat("replay", folder=folder) as rechat:
        yield rechat.client(), given


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_replayed(replaying: tuple[OpenAI, dict[str, object]], name: str) -> None:
    client, given = replaying
    assert dumped(CALLS[name](client)) == given[name]


def test_polls_get_their_answers_in_order(replaying: tuple[OpenAI, dict[str, object]]) -> None:
    client, given = replaying
    assert given["polls"] == ["in_progress", "in_progress", "completed", "completed"]
    assert batches(client) == ["in_progress", "completed", "completed", "completed"]


def test_an_error_is_the_sdks_own(replaying: tuple[OpenAI, dict[str, object]]) -> None:
    with pytest.raises(NotFoundError, match="no GET /nope"):
        replaying[0].get("/nope", cast_to=object)


def test_pictures_and_sounds_are_files_that_show(
    recorded: tuple[Path, dict[str, object]],
) -> None:
    folder = recorded[0] / "transcripts"
    texts = {path: path.read_text() for path in folder.glob("*.md")}
    pictures = [
        text for text in texts.values() if re.search(r"!\[image\]\(assets/\w+\.png\)", text)
    ]
    assert len(pictures) == 2
    assert not any(re.search("[A-Za-z0-9+/]{300}", text) for text in texts.values())
    assert {path.suffix for path in (folder / "assets").iterdir()} >= {".png", ".mp3", ".wav"}


def test_a_web_socket_is_refused_so_that_clients_go_on_by_post(mine: Path) -> None:
    headers = {"upgrade": "websocket", "connection": "upgrade"}
    with Rechat("replay", folder=mine.parent.parent) as rechat:
        reply = httpx.get(f"{rechat.url}/responses", headers=headers, timeout=20)
    assert reply.status_code == 426
