"""Streams of Chat Completions, put together."""

from typing import Any

import pytest

from rechat.dialects.openai_chat.stream import assemble


def chunk(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "1", "choices": [{"index": 0, "delta": delta, **more}]}


def message(*deltas: dict[str, Any]) -> dict[str, Any]:
    """The message that deltas add up to."""
    whole = assemble(map(chunk, deltas))
    found: dict[str, Any] = whole["choices"][0]["message"]
    return found


MESSAGES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "texts are joined": ([{"content": "a"}, {"content": "b"}], {"content": "ab"}),
    "null adds nothing": ([{"content": "a"}, {"content": None}], {"content": "a"}),
    "empty stays empty": ([{"content": ""}], {"content": ""}),
    "no text is null": ([{"role": "assistant"}], {"content": None}),
    "reasoning is joined": (
        [{"reasoning": "a"}, {"reasoning": "b"}],
        {"content": None, "reasoning": "ab"},
    ),
    "a repeated word stays one": (
        [{"channel": "analysis"}, {"channel": "analysis"}],
        {"content": None, "channel": "analysis"},
    ),
    "an empty refusal is none": ([{"refusal": ""}], {"content": None}),
    "calls are joined by index": (
        [
            {"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "f", "arguments": ""}}]},
            {"tool_calls": [{"index": 1, "id": "c2", "function": {"name": "g", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]},
            {"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"id": "c1", "function": {"name": "f", "arguments": "{}"}},
                {"id": "c2", "function": {"name": "g", "arguments": "{}"}},
            ],
        },
    ),
    "calls without an index are told apart by id": (
        [
            {"tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}]},
            {"tool_calls": [{"id": "c2", "function": {"name": "f", "arguments": "[]"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"id": "c1", "function": {"name": "f", "arguments": "{}"}},
                {"id": "c2", "function": {"name": "f", "arguments": "[]"}},
            ],
        },
    ),
    "a repeated name stays one": (
        [
            {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": "}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}],
        },
    ),
    "calls that are all numbered 0 are told apart by a new id and name": (
        [
            {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "}"}}]},
            {"tool_calls": [{"index": 0, "id": "b", "function": {"name": "g", "arguments": ""}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "[]"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"id": "a", "function": {"name": "f", "arguments": "{}"}},
                {"id": "b", "function": {"name": "g", "arguments": "[]"}},
            ],
        },
    ),
    "an id that changes by itself is the same call": (
        [
            {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]},
            {"tool_calls": [{"index": 0, "id": "b", "function": {"arguments": "}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": "{}"}}],
        },
    ),
    "calls without id and index begin with a name": (
        [
            {
                "tool_calls": [
                    {"function": {"name": "f", "arguments": "{}"}},
                    {"function": {"name": "g", "arguments": ""}},
                ]
            },
            {"tool_calls": [{"function": {"arguments": "[]"}}]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"function": {"name": "f", "arguments": "{}"}},
                {"function": {"name": "g", "arguments": "[]"}},
            ],
        },
    ),
    "a name comes in pieces": (
        [
            {
                "tool_calls": [
                    {"index": 0, "id": "c", "function": {"name": "get_", "arguments": ""}}
                ]
            },
            {"tool_calls": [{"index": 0, "function": {"name": "weather"}}]},
            {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]},
        ],
        {
            "content": None,
            "tool_calls": [{"id": "c", "function": {"name": "get_weather", "arguments": "{}"}}],
        },
    ),
    "an older call of a function is joined": (
        [
            {"function_call": {"name": "get_", "arguments": ""}},
            {"function_call": {"name": "weather"}},
            {"function_call": {"arguments": "{}"}},
        ],
        {"content": None, "function_call": {"name": "get_weather", "arguments": "{}"}},
    ),
    "a model that thinks in a list and speaks in a text keeps both": (
        [
            {"content": ""},
            {"content": [{"type": "thinking", "thinking": "hm"}]},
            {"content": "It is "},
            {"content": "four."},
        ],
        {
            "content": [
                {"type": "thinking", "thinking": "hm"},
                {"type": "text", "text": "It is four."},
            ]
        },
    ),
    "neighbouring reasoning details are one": (
        [
            {"reasoning_details": [{"type": "text", "index": 0, "text": "a"}]},
            {"reasoning_details": [{"type": "text", "index": 0, "text": "b", "signature": "s"}]},
            {"reasoning_details": [{"type": "summary", "index": 1, "summary": "c"}]},
        ],
        {
            "content": None,
            "reasoning_details": [
                {"type": "text", "index": 0, "text": "ab", "signature": "s"},
                {"type": "summary", "index": 1, "summary": "c"},
            ],
        },
    ),
    "lists go on, and what is said again is said once": (
        [{"links": [1]}, {"links": [1, 2]}, {"links": [3]}],
        {"content": None, "links": [1, 2, 3]},
    ),
    "a text may have numbers": ([{"content": "a"}, {"content": 1.50}], {"content": "a1.5"}),
    "thoughts in objects are joined": (
        [{"reasoning": {"content": "a"}}, {"reasoning": {"content": "b"}}],
        {"content": None, "reasoning": {"content": "ab"}},
    ),
    "a call may stand alone": (
        [
            {"tool_calls": {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{"}}},
            {"tool_calls": {"index": 0, "function": {"arguments": "}"}}},
        ],
        {
            "content": None,
            "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}],
        },
    ),
    "calls without index and id are told apart by their places": (
        [
            {"tool_calls": [{"function": {"name": name, "arguments": ""}} for name in "fg"]},
            {"tool_calls": [{"function": {"arguments": text}} for text in ("{", "[")]},
            {"tool_calls": [{"function": {"arguments": text}} for text in ("}", "]")]},
        ],
        {
            "content": None,
            "tool_calls": [
                {"function": {"name": "f", "arguments": "{}"}},
                {"function": {"name": "g", "arguments": "[]"}},
            ],
        },
    ),
    "null is no call": (
        [{"content": "a", "tool_calls": [None]}],
        {"content": "a", "tool_calls": []},
    ),
    "bytes may be padded in each piece": (
        [{"audio": {"data": "QUI="}}, {"audio": {"data": "Q0Q="}}],
        {"content": None, "audio": {"data": "QUJDRA=="}},
    ),
    "what is no base64 is joined": (
        [{"audio": {"data": "A="}}, {"audio": {"data": "B"}}],
        {"content": None, "audio": {"data": "A=B"}},
    ),
    "each citation is kept": (
        [{"provider_specific_fields": {"citation": {"at": place}}} for place in (1, 2)],
        {"content": None, "provider_specific_fields": {"citation": [{"at": 1}, {"at": 2}]}},
    ),
    "thoughts with signatures are joined until they are signed": (
        [
            {"thinking_blocks": [{"type": "thinking", "thinking": text, "signature": signature}]}
            for text, signature in (("a", None), ("b", None), ("", "s"), ("c", None), ("", "t"))
        ],
        {
            "content": None,
            "thinking_blocks": [
                {"type": "thinking", "thinking": "ab", "signature": "s"},
                {"type": "thinking", "thinking": "c", "signature": "t"},
            ],
        },
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_a_message_is_put_together(case: str) -> None:
    deltas, expected = MESSAGES[case]
    assert message(*deltas) == {"role": "assistant", **expected}


def test_the_first_id_that_says_something_stays_and_padding_is_dropped() -> None:
    chunks = [
        {"id": "", "choices": [], "prompt_filter_results": [1]},
        {"id": "a", "obfuscation": "xyz", "choices": chunk({"content": "x"})["choices"]},
        {"id": "b", "choices": [], "usage": {"total_tokens": 3}},
    ]
    whole = assemble(chunks)
    assert (whole["id"], whole["usage"], whole["prompt_filter_results"]) == (
        "a",
        {"total_tokens": 3},
        [1],
    )
    assert "obfuscation" not in whole


def test_a_reason_to_stop_stays_when_nothing_is_said_after_it() -> None:
    deltas = [chunk({"content": "a"}, finish_reason="stop"), chunk({}, finish_reason="")]
    assert assemble(deltas)["choices"][0]["finish_reason"] == "stop"


def test_a_message_beside_the_deltas_is_not_said_twice() -> None:
    said = [("It is", "It is"), (" four", "It is four")]
    deltas = [chunk({"content": new}, message={"content": whole}) for new, whole in said]
    assert assemble(deltas)["choices"][0] == {
        "index": 0,
        "message": {"role": "assistant", "content": "It is four"},
    }


def test_what_only_the_last_message_says_is_kept() -> None:
    calls = [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    last = {"index": 0, "message": {"role": "assistant", "content": "a", "tool_calls": calls}}
    (choice,) = assemble([chunk({"content": "a"}), {"choices": [last]}])["choices"]
    assert choice["message"] == last["message"]


def test_a_delta_may_be_a_text() -> None:
    chunks = [{"choices": [{"index": 0, "delta": text}]} for text in ("a", "b")]
    assert assemble(chunks)["choices"][0]["message"]["content"] == "ab"


def test_a_message_without_deltas_is_the_answer() -> None:
    whole = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "four"}}]}
    assert assemble([whole]) == whole


def test_log_probabilities_are_joined() -> None:
    parts = [chunk({"content": c}, logprobs={"content": [{"token": c}]}) for c in "ab"]
    whole = assemble(parts)
    assert whole["choices"][0]["logprobs"] == {"content": [{"token": "a"}, {"token": "b"}]}


def test_what_each_chunk_found_is_kept() -> None:
    chunks = [chunk({}) | {"detections": {"output": [{"at": place}]}} for place in (1, 2)]
    assert assemble(chunks)["detections"] == {"output": [{"at": 1}, {"at": 2}]}


def test_a_text_beside_the_delta_is_joined() -> None:
    whole = assemble([chunk({}, text="a"), chunk({}, text="b")])
    assert whole["choices"][0]["text"] == "ab"
