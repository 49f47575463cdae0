"""The rows of the list."""

import json
from dataclasses import replace
from typing import Any

import captures
from conversations import ask
from conversations import read
from entries import TARGET
from entries import hit
from entries import logged
from entries import miss

from rechat.observe.entry import JournalEntry
from rechat.values.conversation import Message
from rechat.web.rows import Rows
from rechat.web.rows import row

FILES = captures.requests("*/*.req.http")


def test_a_row_says_what_happened() -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 500}
    entry = replace(hit(Message("assistant", "Ho"), usage=usage), times=((50.0, 10), (90.0, 5)))
    shown = row(logged(entry), {"gpt-5": (1.25, 10.0)})
    assert shown.pop("thread")
    assert shown == {
        "number": 7,
        "at": "2026-09-21T14:13:20.500+00:00",
        "verdict": "hit",
        "mark": "✓",
        "word": "hit",
        "tone": "hit",
        "said": "Ho",
        "turn": 0,
        "target": TARGET,
        "model": "gpt-5",
        "api": "openai.chat",
        "words": "Hi",
        "ms": 12.3,
        "tokens": [1000, 500],
        "cost": 0.00625,
        "first": 50.0,
        "place": "a.md:9",
        "rule": "listed",
    }


def test_rows_that_share_an_entry_have_each_their_own_number() -> None:
    first, other = logged(hit(Message("assistant", "Ho"))), logged(miss())
    again = first._replace(number=8, milliseconds=1.0)
    told = json.loads(Rows().whole([first, other, again]))
    assert told == [row(first), row(other), row(again)]
    assert row(again)["number"] == 8


def test_in_short_each_entry_is_told_once() -> None:
    first, other = logged(hit(Message("assistant", "Ho"))), logged(miss())
    again = first._replace(number=8, milliseconds=1.0)
    told = json.loads(Rows().brief([first, other, again]))
    at = 1_790_000_000_500
    assert told["numbers"] == [7, 7, 8]
    assert told["at"] == [at, at, at]
    assert told["us"] == [12_340, 12_340, 1000]
    assert told["of"] == [0, 1, 0]
    numbers = {"number", "at", "ms"}
    whole = [
        {key: value for key, value in row(one).items() if key not in numbers}
        for one in (first, other)
    ]
    assert told["entries"] == whole


def test_of_nothing_there_is_nothing_to_tell() -> None:
    nothing: list[Any] = []
    told = json.loads(Rows().brief([]))
    assert told == dict.fromkeys(("entries", "numbers", "at", "us", "of"), nothing)


def test_prices_and_many_entries_are_told_as_they_are() -> None:
    shown = Rows({"gpt-5": (1.25, 10.0)})
    usage = {"prompt_tokens": 1000, "completion_tokens": 500}
    entries = [
        replace(hit(Message("assistant", "Ho"), usage=usage), reason=str(at)) for at in range(4200)
    ]
    told = json.loads(shown.whole(logged(entry) for entry in entries))
    assert [one["reason"] for one in told] == [str(at) for at in range(4200)]
    assert told[0]["cost"] == 0.00625


def test_a_long_question_is_cut() -> None:
    words = row(logged(JournalEntry("hit", TARGET, ask("x " * 500))))["words"]
    assert isinstance(words, str)
    assert len(words) == 160


def chat(*messages: dict[str, Any]) -> Any:
    request = read({"model": "m", "messages": list(messages)})
    return row(logged(JournalEntry("hit", TARGET, request)))


CALL = {
    "role": "assistant",
    "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
    ],
}


def test_requests_of_one_conversation_have_one_thread_and_count_their_turns() -> None:
    first = chat({"role": "user", "content": "Hi"})
    result = {"role": "tool", "tool_call_id": "c1", "content": "found"}
    second = chat({"role": "user", "content": "Hi"}, CALL, result)
    other = chat({"role": "user", "content": "Bye"})
    assert (first["turn"], second["turn"]) == (0, 1)
    assert first["thread"] == second["thread"] != other["thread"]


def test_the_results_that_a_request_brings_are_named_and_failures_told() -> None:
    for text, is_failed in (("found", False), ("Error: no such file", True)):
        result = {"role": "tool", "tool_call_id": "c1", "content": text}
        shown = chat({"role": "user", "content": "Hi"}, CALL, result)
        assert shown["tools"] == [{"name": "search", "failed": is_failed}]
