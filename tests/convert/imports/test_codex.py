"""Sessions of Codex."""

from foreign import codex_lines
from foreign import lines

from rechat.convert import Conversation
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read
from rechat.values import Given
from rechat.values import Reply


def test_a_compaction_begins_a_new_conversation_and_nothing_is_told_twice() -> None:
    first, second, left = read([Source("r.jsonl", lines(codex_lines()))])
    assert isinstance(first, Conversation)
    assert [type(entry) for entry in first.section.entries] == [Given, Reply, Given, Reply]
    assert first.section.settings == {"model": "gpt-5-codex"}
    assert isinstance(second, Conversation)
    texts = [entry.message.text for entry in second.section.entries if isinstance(entry, Given)]
    assert texts == ["Summary: two files", "Thanks"]
    assert left == Left("r.jsonl", "1 encrypted thoughts without a summary")
