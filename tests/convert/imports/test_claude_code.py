"""Sessions of Claude Code."""

from foreign import claude_lines
from foreign import lines

from rechat.convert import Conversation
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Given
from rechat.values import Reply


def test_blocks_of_one_message_are_joined_with_results_that_hang_beside_them() -> None:
    main, left, agent = read([Source("s.jsonl", lines(claude_lines()))])
    assert isinstance(main, Conversation)
    user, calls, first, second, last = main.section.entries
    assert isinstance(user, Given)
    assert isinstance(calls, Reply)
    assert isinstance(calls.answer, Answer)
    said = calls.answer.choices[0].message
    assert (said.body, [call.id for call in said.parts_of(Call)]) == ("I look.", ["t1", "t2"])
    assert calls.answer.tokens == (7, 2)
    assert [entry.message.text for entry in (first, second) if isinstance(entry, Given)] == [
        "files of t1",
        "files of t2",
    ]
    assert isinstance(last, Reply)
    assert main.section.settings == {"model": "claude-5"}
    assert left == Left("s.jsonl", "1 lines of branches that were given up")
    assert isinstance(agent, Conversation)
    assert agent.place == "s.jsonl#k"
