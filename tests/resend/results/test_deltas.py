from typing import Any

import pytest

from rechat.resend.results.deltas import delta_of


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"choices": [{"delta": {"role": "assistant", "content": ""}}]}, ""),
        ({"choices": [{"delta": {"content": "Hi"}}]}, "words"),
        ({"choices": [{"delta": {"content": [{"type": "thinking", "thinking": []}]}}]}, "thought"),
        ({"choices": [{"delta": {"reasoning": "Hm"}}]}, "thought"),
        ({"choices": [{"delta": {"tool_calls": [{}]}}]}, "call"),
        ({"choices": [{"text": "Hi"}]}, "words"),
        ({"choices": [], "usage": {}}, ""),
        ({"type": "response.created"}, ""),
        ({"type": "response.output_text.delta", "delta": "Hi"}, "words"),
        ({"type": "response.reasoning_summary_text.delta", "delta": "Hm"}, "thought"),
        ({"type": "response.output_item.added", "item": {"type": "function_call"}}, "call"),
        ({"type": "response.output_item.done", "item": {"type": "function_call"}}, ""),
        ({"type": "message_start", "message": {"content": []}}, ""),
        ({"type": "content_block_start", "content_block": {"type": "tool_use"}}, "call"),
        ({"type": "content_block_start", "content_block": {"type": "text", "text": ""}}, ""),
        ({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "a"}}, "words"),
        ({"type": "content_block_delta", "delta": {"type": "thinking_delta"}}, "thought"),
        ({"type": "content_block_delta", "delta": {"type": "signature_delta"}}, ""),
        ({"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}, "words"),
        ({"candidates": [{"content": {"parts": [{"text": "Hm", "thought": True}]}}]}, "thought"),
        ({"candidates": [{"content": {"parts": [{"functionCall": {"name": "f"}}]}}]}, "call"),
        ({"candidates": [{"finishReason": "STOP"}]}, ""),
        ({"message": {"role": "assistant", "content": "Hi"}, "done": False}, "words"),
        ({"message": {"content": "", "thinking": "Hm"}}, "thought"),
        ({"response": "Hi", "done": False}, "words"),
        ({"response": "", "done": True}, ""),
    ],
)
def test_an_event_says_words_a_thought_a_call_or_nothing(event: dict[str, Any], kind: str) -> None:
    assert delta_of(event) == kind
