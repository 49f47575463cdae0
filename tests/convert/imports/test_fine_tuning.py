"""Examples of fine-tuning."""

from foreign import lines

from rechat.convert import Conversation
from rechat.convert import Source
from rechat.convert import read
from rechat.values import Given
from rechat.values import Reply


def test_an_answer_that_is_not_learned_from_is_given() -> None:
    messages = [
        {"role": "system", "content": "Be brief"},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello, dear", "weight": 0},
        {"role": "user", "content": "Again"},
        {"role": "assistant", "content": "Ho", "weight": 1},
    ]
    [found] = read([Source("f.jsonl", lines([{"messages": messages, "tools": []}]))])
    assert isinstance(found, Conversation)
    assert [type(entry) for entry in found.section.entries] == [Given, Given, Given, Given, Reply]
    assert "weight" not in repr(found)
