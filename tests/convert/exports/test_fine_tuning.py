"""Fine-tuning data comes back by import."""

from dataclasses import replace

from exported import CALLED
from exported import record

from rechat.convert import Conversation
from rechat.convert import Source
from rechat.convert import read
from rechat.convert.exports import fine_tuning
from rechat.values import Given
from rechat.values import Message
from rechat.values import Reply


def test_what_was_given_and_what_was_answered_comes_back() -> None:
    shots = (Message("user", "1"), Message("assistant", "one"), *CALLED[1:])
    written = replace(record(*shots, tools=[]), given=frozenset({0}))
    other = replace(record(), is_last=False)
    [found] = read([Source("f", fine_tuning.write([other, written]).encode())])
    assert isinstance(found, Conversation)
    kinds = [type(entry) for entry in found.section.entries]
    assert kinds == [Given, Given, Given, Reply, Given, Reply]
    assert found.section.settings == {"tools": []}
