"""A question that is asked again of an upstream of the table."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from stored import asked
from stored import store_of
from upstream import Upstream

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.observe.entry import JournalEntry
from rechat.values import Policy
from rechat.values import RechatError
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.web.acting.resending import resend

RECORDED = Answer((Choice(Message("assistant", "Something\nelse")),), {})
HIT = JournalEntry("hit", "POST /v1/chat/completions", asked("What?"), RECORDED)


def ask(upstream: Upstream, folder: Path, policy: Policy = "record", **body: str) -> Any:
    store = store_of(folder)
    endpoint = Endpoint(Session(store.index, policy), store)
    known = [{"name": "here", "url": f"{upstream.url}/v1", "rename": "", "key_env": ""}]
    given = json.dumps(body).encode()
    return asyncio.run(resend(endpoint, HIT, known, given, {"m": (1.0, 2.0)}))


def test_the_new_answer_stands_beside_the_recorded_one(upstream: Upstream, folder: Path) -> None:
    told = ask(upstream, folder, to="here")
    assert told["kind"] == "other words"
    assert told["answer"][0]["raw"] == told["text"]
    assert [line["kind"] for line in told["difference"]["lines"]][:2] == ["recorded", "recorded"]
    assert told["tokens"][1] > 0
    assert told["cost"] > 0
    assert list(folder.glob("*.md")) == []


def test_only_the_upstreams_of_the_table_are_asked(upstream: Upstream, folder: Path) -> None:
    for to in ("there", upstream.url, f"{upstream.url}/v1"):
        with pytest.raises(RechatError, match="only those of the table"):
            ask(upstream, folder, to=to)
    assert upstream.requests == []


def test_who_is_offline_asks_nobody(upstream: Upstream, folder: Path) -> None:
    with pytest.raises(RechatError, match="no upstream is ever asked"):
        ask(upstream, folder, "replay", to="here")
    assert upstream.requests == []
