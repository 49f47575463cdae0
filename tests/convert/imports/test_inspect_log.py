"""Logs of Inspect."""

import json

from foreign import SAID

from rechat.convert import HttpExchange
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read


def sample(call: object, model: str) -> Source:
    events = [{"event": "state"}, {"event": "model", "model": model, "call": call}]
    return Source("l.json", json.dumps({"id": 1, "epoch": 1, "events": events}).encode())


def test_the_provider_tells_the_endpoint_and_only_the_body_is_kept() -> None:
    asked = {"messages": [], "max_tokens": 5, "extra_headers": {"x-irid": "1"}}
    call = {"request": asked, "response": SAID}
    [found] = read([sample(call, "anthropic/claude-5")])
    assert isinstance(found, HttpExchange)
    assert found.request.path == "/v1/messages"
    assert json.loads(found.request.body) == {"messages": [], "max_tokens": 5}


def test_a_log_without_calls_of_the_provider_says_what_to_do() -> None:
    [found] = read([sample(None, "openai/gpt-5")])
    assert isinstance(found, Left)
    assert "--log-model-api" in found.reason


def test_messages_and_texts_that_calls_share_are_put_back() -> None:
    question = {"role": "user", "content": "attachment://ab12"}
    said = {"role": "assistant", "content": "attachment://gone"}
    calls = [
        {
            "event": "model",
            "model": "openai/gpt-5",
            "call": {
                "request": {"model": "gpt-5"},
                "response": SAID,
                "call_refs": refs,
                "call_key": "messages",
            },
        }
        for refs in ([[0, 1]], [[0, 2], [0, 1]], [[-3, 9], "x"])
    ]
    document = {
        "id": 1,
        "epoch": 1,
        "events": calls,
        "events_data": {"calls": [question, said]},
        "attachments": {"ab12": "A long text."},
    }
    found = [*read([Source("l.json", json.dumps(document).encode())])]
    bodies = [json.loads(one.request.body) for one in found if isinstance(one, HttpExchange)]
    long = {"role": "user", "content": "A long text."}
    assert [body["messages"] for body in bodies] == [[long], [long, said, long], []]
