"""The ids of calls as numbers."""

import pytest

from rechat.matching.numbering import Numbering
from rechat.matching.numbering import numbered
from rechat.values.conversation import Call
from rechat.values.conversation import Message


@pytest.mark.parametrize(
    ("first", "second", "results", "numbers"),
    [
        ("x", "y", ["y", "x"], ["2", "1"]),
        ("call_1", "call_2", ["call_1", "call_2"], ["1", "2"]),
        ("", "", ["", ""], ["1", "2"]),
        ("", "", ["mine", "yours"], ["1", "2"]),
    ],
)
def test_results_belong_to_their_calls_whatever_these_are_called(
    first: str, second: str, results: list[str], numbers: list[str]
) -> None:
    said = Message("assistant", None, (Call("a", first, "{}"), Call("b", second, "{}")))
    found = [Message("tool", "x", (), {"tool_call_id": name}) for name in results]
    spelled = Numbering()
    spelled((said,))
    assert [spelled((message,))[0].fields["tool_call_id"] for message in found] == numbers
    assert [message.fields["tool_call_id"] for message in numbered((said, *found))[1:]] == sorted(
        numbers
    )
