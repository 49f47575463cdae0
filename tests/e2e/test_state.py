"""Conversations that the server keeps, by the real SDK: recorded once, replayed in a fresh process."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openai import BadRequestError
from openai import OpenAI
from process import Rechat
from upstream import Bytes
from upstream import Json
from upstream import Received
from upstream import Upstream

from rechat.dialects.openai_responses.dialect import Responses
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.http import HttpRequest


class Server:
    """A server of responses that counts: each answer says its number."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._polls = iter(["queued", "in_progress"])

    def __call__(self, received: Received) -> Json | Bytes:
        """The answer to a request."""
        match received.method, received.path:
            case "POST", "/v1/conversations":
                return Json({"id": "conv_1", "object": "conversation", "created_at": 1})
            case "GET", path:
                state = next(self._polls, "completed")
                return Json(self._response(received, path.rpartition("/")[2], state))
        number = next(self._numbers)
        is_later = b'"background":true' in received.body
        name = f"resp_{number}"
        return Json(self._response(received, name, "queued" if is_later else "completed"))

    def _response(self, received: Received, name: str, state: str) -> Any:
        dialect = Responses()
        said = Message("assistant", f"This is {name}." if state == "completed" else None)
        asked = HttpRequest("POST", "/v1/responses", body=received.body or b'{"model": "m"}')
        answer = Answer((Choice(said),), {"status": state})
        written = dialect.write_answer(answer, dialect.read_request(asked))
        return {**json.loads(written.body), "id": name}


def chain(client: OpenAI) -> list[str]:
    first = client.responses.create(model="m", instructions="Be brief.", input="Hi")
    second = client.responses.create(model="m", input="More", previous_response_id=first.id)
    third = client.responses.create(model="m", input="More", previous_response_id=second.id)
    return [first.output_text, second.output_text, third.output_text]


def conversation(client: OpenAI) -> list[str]:
    kept = client.conversations.create()
    return [
        client.responses.create(model="m", input=words, conversation=kept.id).output_text
        for words in ("Hi", "More", "More")
    ]


def background(client: OpenAI) -> list[str]:
    later = client.responses.create(model="m", input="Take your time", background=True)
    states = [client.responses.retrieve(later.id) for _ in range(3)]
    return [str(later.status), *(str(found.status) for found in states), states[-1].output_text]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (chain, ["This is resp_1.", "This is resp_2.", "This is resp_3."]),
        (conversation, ["This is resp_1.", "This is resp_2.", "This is resp_3."]),
        (background, ["queued", "queued", "in_progress", "completed", "This is resp_1."]),
    ],
    ids=["a chain", "a conversation", "in the background"],
)
def test_it_replays_as_it_was_recorded(
    run: Callable[[OpenAI], list[str]], said: list[str], tmp_path: Path
) -> None:
    with Upstream() as upstream, Rechat("record", upstream.url, folder=tmp_path) as rechat:
        upstream.reply(Server())
        assert run(rechat.client()) == said
    files = [
        path.read_text()
        for path in (tmp_path / "transcripts").glob("*.md")
        if "api: openai.responses" in path.read_text()
    ]
    assert len(files) == 1, "one conversation is one file"
    with Rechat("replay", folder=tmp_path) as rechat:
        assert run(rechat.client()) == said
        assert run(rechat.client())[-1] == said[-1]


def test_the_same_words_after_something_else_are_a_miss(tmp_path: Path) -> None:
    with Upstream() as upstream, Rechat("record", upstream.url, folder=tmp_path) as rechat:
        upstream.reply(Server())
        chain(rechat.client())
    with Rechat("replay", folder=tmp_path) as rechat, pytest.raises(BadRequestError):
        rechat.client().responses.create(model="m", input="More", previous_response_id="resp_9")
