"""Tools that the server runs: what streams say of them, put together and taken apart."""

from typing import Any

import pytest

from rechat.dialects.openai_chat.chunks import chunks_of
from rechat.dialects.openai_chat.executed import told_of
from rechat.dialects.openai_chat.stream import assemble
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message

SEARCH: dict[str, Any] = {"index": 0, "type": "search", "arguments": "{}"}
FOUND = SEARCH | {"output": "Tides", "search_results": {"results": []}}
CODE: dict[str, Any] = {"index": 1, "type": "python", "arguments": "1", "output": "1"}


def chunk(**delta: Any) -> dict[str, Any]:
    return {"id": "1", "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def told(*tools: Any) -> list[Any]:
    return list(told_of(Message("assistant", "Hi", (), {"executed_tools": list(tools)})))


def test_the_last_word_on_each_tool_counts() -> None:
    chunks = [
        chunk(role="assistant", executed_tools=[SEARCH]),
        chunk(executed_tools=[FOUND]),
        chunk(executed_tools=[CODE]),
        chunk(content="At noon."),
    ]
    (choice,) = assemble(chunks)["choices"]
    assert choice["message"]["executed_tools"] == [FOUND, CODE]


def test_tools_without_a_number_are_told_apart_by_what_they_are_told() -> None:
    search, found, code = (
        {k: v for k, v in t.items() if k != "index"} for t in (SEARCH, FOUND, CODE)
    )
    chunks = [chunk(executed_tools=[tool]) for tool in (search, found, code)]
    (choice,) = assemble([*chunks, chunk(executed_tools=[found, code])])["choices"]
    assert choice["message"]["executed_tools"] == [found, code]


def test_a_tool_is_told_when_it_begins_and_with_what_it_gave() -> None:
    given = {key: value for key, value in FOUND.items() if key != "arguments"}
    assert told(FOUND) == [{"executed_tools": [SEARCH]}, {"executed_tools": [given]}]
    assert told(SEARCH) == [{"executed_tools": [SEARCH]}]


@pytest.mark.parametrize("tools", [["x"], [{"type": "search"}], [CODE], [FOUND, FOUND]])
def test_tools_that_cannot_be_told_apart_are_not(tools: list[Any]) -> None:
    assert told(*tools) == []
    assert list(told_of(Message("assistant", "Hi", (), {"executed_tools": None}))) == []


@pytest.mark.parametrize("tools", [[FOUND, CODE], [CODE], ["x"], [{"type": "x"}], None])
def test_streamed_and_put_together_they_are_the_same(tools: Any) -> None:
    message = Message("assistant", "At noon.", (), {"executed_tools": tools})
    chunks = list(chunks_of(Answer((Choice(message),)), {"id": "1"}, include_usage=False))
    deltas = [item["choices"][0]["delta"] for item in chunks]
    first = next(at for at, delta in enumerate(deltas) if delta.get("content"))
    assert not [delta for delta in deltas[first:] if "executed_tools" in delta]
    (choice,) = assemble(chunks)["choices"]
    assert choice["message"].get("executed_tools") == tools
