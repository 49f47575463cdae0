"""Bodies, batches and arrays of messages; batches come back as they were."""

import json

from exported import CALLED
from exported import record

from rechat.convert import HttpExchange
from rechat.convert import Source
from rechat.convert import read
from rechat.convert.exports import requests


def test_a_batch_comes_back_by_import() -> None:
    records = [record(), record(*CALLED, name="b.md")]
    files = [requests.batch_output(records), requests.batch(records)]
    found = list(read(Source("f", text.encode()) for text in files))
    assert len(found) == 2
    for one, written in zip(found, records, strict=True):
        assert isinstance(one, HttpExchange)
        assert json.loads(one.request.body)["model"] == "gpt-5"
        assert json.loads(one.response.body)["id"] == "chatcmpl-1"
        assert len(json.loads(one.request.body)["messages"]) == len(written.request.messages)


def test_bodies_stand_on_a_line_each() -> None:
    first, second = requests.raw([record(), record(temperature=1)]).splitlines()
    assert json.loads(first)["messages"][0]["role"] == "user"
    assert json.loads(second)["temperature"] == 1


def test_messages_end_with_the_answer() -> None:
    told = json.loads(requests.messages([record(*CALLED)]))
    assert [one["role"] for one in told] == ["system", "user", "assistant", "tool", "assistant"]
