"""A question that waits until a person has answered it."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import BadRequestError
from process import Rechat
from process import run

TOKEN = {"x-rechat-token": "secret"}


@contextmanager
def holding(folder: Path, *options: str) -> Iterator[Rechat]:
    with Rechat(
        "replay", "transcripts", "--on-miss", "hold", *options, folder=folder, RECHAT_TOKEN="secret"
    ) as rechat:
        yield rechat


@pytest.fixture
def rechat(mine: Path) -> Iterator[Rechat]:
    with holding(mine.parent.parent) as running:
        yield running


@contextmanager
def asking(rechat: Rechat, text: str, **options: Any) -> Iterator[Future[str]]:
    """A client that waits for the answer in a thread of its own."""
    client = rechat.client(**options)

    def ask() -> str:
        answer = client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": text}]
        )
        return answer.choices[0].message.content or ""

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(ask)


def place_of(rechat: Rechat) -> Path:
    """The file in which the answer is to be written."""
    return Path(
        rechat.wait_for(re.compile(r"\S+\.md(?=:\d+  waits for the answer)").search, "not held")
    )


def test_saving_the_file_answers_who_waits(rechat: Rechat, mine: Path) -> None:
    with asking(rechat, "What is six times seven?") as answer:
        path = mine.parent.parent / place_of(rechat)
        assert path.name.startswith("what-is-six-times-seven-")
        source = path.read_text()
        assert source.endswith("### assistant\n")
        assert not answer.done()
        path.write_text(f"{source}\n> Forty-two.\n")
        assert answer.result(20) == "Forty-two."
    assert rechat.wait_for(re.compile(rf"hit .*{path.name}:\d+").search, "no hit")


def test_what_is_known_is_answered_at_once(rechat: Rechat) -> None:
    with asking(rechat, "Hello") as answer:
        assert answer.result(20) == "Hi!"


def test_two_who_ask_the_same_wait_for_one_answer(rechat: Rechat, mine: Path) -> None:
    with asking(rechat, "Why?") as first:
        path = mine.parent.parent / place_of(rechat)
        seen = len(rechat.lines)
        with asking(rechat, "Why?") as second:
            rechat.wait_for(lambda line: "waits for the answer" in line, "not held", seen)
            assert path.read_text().count("### user") == 1
            path.write_text(path.read_text() + "\n> Because.\n")
            assert [first.result(20), second.result(20)] == ["Because."] * 2


def test_a_script_answers_through_the_api(rechat: Rechat) -> None:
    with asking(rechat, "And now?") as answer:
        place_of(rechat)
        [row] = httpx.get(f"{rechat.root}/_rechat/held", headers=TOKEN).json()["exchanges"]
        assert row["words"] == "And now?"
        url = f"{rechat.root}/_rechat/exchanges/{row['number']}/answer"
        done = httpx.post(url, headers=TOKEN, json={"text": "Then."})
        assert answer.result(20) == "Then."
        assert done.json()["place"] in rechat.wait_for_line("hit ")
    assert httpx.get(f"{rechat.root}/_rechat/held", headers=TOKEN).json()["exchanges"] == []


def test_a_client_that_leaves_is_waited_for_no_more(rechat: Rechat) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Bye"}]}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=0.5)
    rechat.wait_for_line("the client left")
    assert httpx.get(f"{rechat.root}/_rechat/held", headers=TOKEN).json()["exchanges"] == []


def test_what_nobody_can_write_by_hand_is_refused(rechat: Rechat) -> None:
    with pytest.raises(BadRequestError):
        rechat.client().embeddings.create(model="e", input="Hi")


@pytest.mark.parametrize("headers", [{}, {"te": "trailers"}], ids=["fast", "through mitmproxy"])
def test_a_stream_waits_too(rechat: Rechat, mine: Path, headers: dict[str, str]) -> None:
    client = rechat.client(default_headers=headers)
    texts: list[str] = []

    def ask() -> None:
        with client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Stream!"}], stream=True
        ) as events:
            texts.extend(event.choices[0].delta.content or "" for event in events)

    thread = threading.Thread(target=ask)
    thread.start()
    path = mine.parent.parent / place_of(rechat)
    path.write_text(path.read_text() + "\n> Drop by drop.\n")
    thread.join(20)
    assert "".join(texts) == "Drop by drop."


def test_replay_takes_no_other_policy(mine: Path) -> None:
    done = run("replay", "--on-miss", "live", folder=mine.parent.parent)
    assert done.returncode == 2
    assert "--on-miss live" in done.stderr
