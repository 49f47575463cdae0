"""What a rechat that runs has missed."""

import os
from pathlib import Path

import httpx
import pytest
from process import Rechat

from rechat.lsp.running import Missed
from rechat.lsp.running import Running
from rechat.values import RechatError


def ask(rechat: Rechat, text: str) -> int:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    return httpx.post(f"{rechat.url}/chat/completions", json=body).status_code


def test_misses_are_told_with_the_answer_that_is_near(mine: Path) -> None:
    with Rechat("replay", folder=mine.parent.parent) as rechat:
        running = Running(rechat.root)
        assert running.latest() == 0
        assert running.missed() == []
        assert (ask(rechat, "Hello"), ask(rechat, "Hello you")) == (200, 400)
        assert running.latest() == 2
        assert running.missed() == [Missed(2, "Hello you", "transcripts/mine.md:7", mine, 7)]
        place = running.accept(2, "transcripts/mine.md:7")
        assert place == "transcripts/mine.md:7"
        assert ask(rechat, "Hello you") == 200
        assert running.missed() == []  # the file was saved since
        with pytest.raises(RechatError, match="answers this already"):
            running.accept(2, "transcripts/mine.md:7")


def test_a_miss_that_is_older_than_its_file_is_left_out(mine: Path) -> None:
    with Rechat("replay", folder=mine.parent.parent) as rechat:
        ask(rechat, "Hello you")
        running = Running(rechat.root)
        assert len(running.missed()) == 1
        os.utime(mine, (2e9, 2e9))
        assert running.missed() == []


def test_without_a_server_nothing_was_missed() -> None:
    running = Running("http://localhost:1")
    assert (running.latest(), running.missed()) == (0, [])
    with pytest.raises(RechatError, match="no rechat answers"):
        running.accept(1, "a.md:1")
