import pytest

from rechat.dialects.shared.endings import ending_in_chat


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("end_turn", "stop"),
        ("stop", "stop"),
        ("tool_use", "tool_calls"),
        ("function_call", "function_call"),
        ("MAX_TOKENS", "length"),
        ("max_output_tokens", "length"),
        ("SAFETY", "content_filter"),
        ("refusal", "content_filter"),
    ],
)
def test_the_reason_of_any_api_is_said_in_the_word_of_chat(reason: str, expected: str) -> None:
    assert ending_in_chat(reason) == expected


def test_a_reason_that_nobody_knows_stays() -> None:
    assert ending_in_chat("pause_turn") == "pause_turn"
