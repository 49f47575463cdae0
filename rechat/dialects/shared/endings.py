"""Why answers end, in the words of Chat Completions."""

_IN_CHAT = {
    **dict.fromkeys(("stop", "end_turn", "stop_sequence", "eos", "completed", "load"), "stop"),
    **dict.fromkeys(("tool_calls", "tool_use"), "tool_calls"),
    "function_call": "function_call",
    **dict.fromkeys(("length", "max_tokens", "max_output_tokens"), "length"),
    **dict.fromkeys(("content_filter", "refusal", "safety", "recitation"), "content_filter"),
}


def ending_in_chat(reason: str) -> str:
    """The `finish_reason` that says the same as the reason of any API, however it is cased; the
    reason itself if none does.
    """
    return _IN_CHAT.get(reason.lower(), reason)
