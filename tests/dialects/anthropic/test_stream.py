"""Streams of Anthropic Messages: put together, and taken apart again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.anthropic.stream import assemble
from rechat.dialects.anthropic.stream import events_of
from rechat.values import jsontext
from rechat.values.errors import BodyError
from rechat.values.jsontext import JsonObject

START: JsonObject = {
    "type": "message_start",
    "message": {"id": "msg_1", "content": [], "usage": {"input_tokens": 3, "output_tokens": 1}},
}
STOP: JsonObject = {"type": "message_stop"}


def block(index: int, opening: JsonObject, *deltas: JsonObject) -> list[JsonObject]:
    return [
        {"type": "content_block_start", "index": index, "content_block": opening},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def content(*events: JsonObject) -> Any:
    return assemble([START, *events, STOP])["content"]


def test_pieces_of_texts_thoughts_and_inputs_are_joined() -> None:
    assert content(
        *block(
            0,
            {"type": "thinking", "thinking": "", "signature": ""},
            {"type": "thinking_delta", "thinking": "Hm"},
            {"type": "thinking_delta", "thinking": "…"},
            {"type": "signature_delta", "signature": "abc"},
        ),
        {"type": "ping"},
        *block(
            1,
            {"type": "text", "text": ""},
            {"type": "text_delta", "text": "He"},
            {"type": "text_delta", "text": "llo"},
            {"type": "citations_delta", "citation": {"url": "a"}},
        ),
        *block(
            2,
            {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}},
            {"type": "input_json_delta", "partial_json": '{"a":'},
            {"type": "input_json_delta", "partial_json": " 1.50}"},
        ),
    ) == [
        {"type": "thinking", "thinking": "Hm…", "signature": "abc"},
        {"type": "text", "text": "Hello", "citations": [{"url": "a"}]},
        {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": 1.5}},
    ]


def test_the_end_overrides_the_start() -> None:
    ending: JsonObject = {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": 9},
        "context_management": {},
    }
    assert assemble([START, ending, STOP]) == {
        "id": "msg_1",
        "content": [],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 3, "output_tokens": 9},
        "usage_at_start": {"output_tokens": 1},
        "context_management": {},
    }


def test_an_input_that_was_cut_off_is_kept_as_its_text() -> None:
    cut = {"type": "input_json_delta", "partial_json": '{"a"'}
    tool: JsonObject = {"type": "tool_use", "id": "1", "name": "f", "input": {}}
    assert content(*block(0, tool, cut)) == [tool | {"partial_json": '{"a"'}]


def test_an_unknown_delta_is_kept() -> None:
    delta = {"type": "hologram_delta", "size": 1}
    assert content(*block(0, {"type": "hologram"}, delta)) == [
        {"type": "hologram", "deltas": [delta]}
    ]


def test_a_stream_without_its_end_broke_off() -> None:
    with pytest.raises(BodyError, match="no message_stop"):
        assemble([START])


def test_an_error_is_an_end() -> None:
    error: JsonObject = {"type": "overloaded_error", "message": "Overloaded"}
    whole = assemble([START, {"type": "error", "error": error}])
    assert whole["error"] == error
    assert [event["type"] for event in events_of(whole)] == ["message_start", "error"]


texts = st.text(max_size=20)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
_inputs = st.dictionaries(texts, _values, max_size=3)
blocks = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, texts),
    st.builds(lambda text: {"type": "text", "text": text, "citations": [{"a": text}]}, texts),
    st.builds(lambda text: {"type": "thinking", "thinking": text, "signature": text + "="}, texts),
    st.builds(lambda given: {"type": "tool_use", "id": "1", "name": "f", "input": given}, _inputs),
    st.just({"type": "tool_use", "id": "1", "name": "f", "input": {}, "partial_json": '{"a'}),
    st.builds(lambda data: {"type": "redacted_thinking", "data": data}, texts),
    st.just({"type": "web_search_tool_result", "tool_use_id": "1", "content": [{"type": "x"}]}),
    st.just({"type": "hologram", "deltas": [{"type": "hologram_delta", "size": 1}]}),
)
messages = st.fixed_dictionaries(
    {
        "id": st.just("msg_1"),
        "type": st.just("message"),
        "content": st.lists(blocks, max_size=4),
        "stop_reason": st.sampled_from(("end_turn", "tool_use", None)),
        "stop_sequence": st.none() | texts,
        "usage": st.just({"input_tokens": 1, "output_tokens": 2}),
    },
    optional={"error": st.just({"type": "api_error"}), "container": st.none()},
)


@given(messages)
def test_taken_apart_and_put_together_a_message_is_the_same(message: JsonObject) -> None:
    again = assemble(events_of(message))
    again.pop("usage_at_start", None)
    assert jsontext.same(again, message)


@pytest.mark.parametrize(
    "at_start",
    [
        {"input_tokens": 3, "output_tokens": 1},
        {"input_tokens": 0, "output_tokens": 0, "service_tier": None},
        {},
    ],
)
def test_the_usage_at_the_start_comes_back(at_start: JsonObject) -> None:
    usage = {"input_tokens": 9, "output_tokens": 5, "server_tool_use": {"web_search_requests": 1}}
    start = {"type": "message_start", "message": {"content": [], "usage": at_start}}
    ending = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage}
    (begun, ended, _) = events_of(assemble([start, ending, STOP]))
    assert begun["message"]["usage"] == at_start
    assert ended["usage"] == at_start | usage


def test_of_a_message_that_came_whole_next_to_nothing_is_said_at_the_start() -> None:
    usage = {"input_tokens": 9, "output_tokens": 5, "server_tool_use": {"web_search_requests": 1}}
    (begun, ended, _) = events_of({"content": [], "stop_reason": "end_turn", "usage": usage})
    assert begun["message"]["usage"] == {"input_tokens": 9, "output_tokens": 1}
    assert ended["usage"] == usage


@pytest.mark.parametrize("thoughts", [("Hm", " so", ""), ("", "", "")])
def test_how_long_a_thought_is_so_far_comes_back(thoughts: tuple[str, ...]) -> None:
    said: list[JsonObject] = [
        {"type": "thinking_delta", "thinking": text, "estimated_tokens": 50 * number}
        for number, text in enumerate(thoughts, 1)
    ]
    (thought,) = content(*block(0, {"type": "thinking", "thinking": ""}, *said))
    assert thought["estimated_tokens"] == [50, 100, 150]
    events = block(0, {"type": "thinking", "thinking": ""}, *said)
    assert of_block(thought) == events


SEARCH: JsonObject = {
    "type": "server_tool_use",
    "id": "srvtoolu_1",
    "name": "web_search",
    "input": {"query": "tides at Brest"},
}
FOUND: JsonObject = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [{"type": "web_search_result", "url": "https://a.b", "title": "Tides"}],
}
CITED: JsonObject = {
    "type": "text",
    "text": "High at noon.",
    "citations": [{"type": "web_search_result_location", "url": "https://a.b"}],
}


def of_block(value: JsonObject) -> list[JsonObject]:
    """The events of one block in a message."""
    whole = {"id": "msg_1", "content": [value], "stop_reason": "end_turn"}
    return [event for event in events_of(whole) if "index" in event]


def deltas(value: JsonObject) -> list[JsonObject]:
    return [event["delta"] for event in of_block(value) if "delta" in event]


@pytest.mark.parametrize(
    ("block", "begun"),
    [
        (SEARCH, SEARCH | {"input": {}}),
        (SEARCH | {"input": {}}, SEARCH | {"input": {}}),
        (FOUND, FOUND),
        (CITED, CITED | {"text": "", "citations": []}),
        (
            {"type": "thinking", "thinking": "Hm.", "signature": "abc="},
            {"type": "thinking", "thinking": "", "signature": ""},
        ),
        (
            {"type": "compaction", "content": "So far: tides."},
            {"type": "compaction", "content": None},
        ),
        ({"type": "redacted_thinking", "data": "abc="},) * 2,
    ],
)
def test_a_block_begins_as_in_real_streams(block: JsonObject, begun: JsonObject) -> None:
    assert of_block(block)[0]["content_block"] == begun
    assert content(*of_block(block)) == [block]


def test_the_result_of_a_tool_of_the_server_comes_whole() -> None:
    assert deltas(FOUND) == []


def test_what_a_text_is_taken_from_comes_before_it() -> None:
    kinds = [delta["type"] for delta in deltas(CITED)]
    assert kinds[:2] == ["citations_delta", "text_delta"]


@pytest.mark.parametrize("given", [{"query": "tides"}, {}])
def test_the_input_of_a_tool_begins_with_an_empty_piece(given: JsonObject) -> None:
    first, *pieces = (delta["partial_json"] for delta in deltas(SEARCH | {"input": given}))
    assert first == ""
    assert "".join(pieces) == (jsontext.dump(given) if given else "")


def test_a_summary_comes_in_one_delta() -> None:
    said = "So far: tides."
    assert deltas({"type": "compaction", "content": said}) == [
        {"type": "compaction_delta", "content": said}
    ]


def test_what_is_known_at_the_end_is_said_there() -> None:
    ended: JsonObject = {
        "stop_reason": "refusal",
        "stop_sequence": None,
        "stop_details": {"type": "refusal", "category": "cyber"},
        "container": {"id": "container_1", "expires_at": "2026-01-01T00:00:00Z"},
    }
    edits: JsonObject = {"context_management": {"applied_edits": []}}
    whole: JsonObject = {"id": "msg_1", "content": [], **ended, **edits, "usage": {}}
    first, *_, told, _ = events_of(whole)
    assert first["message"] == {
        "id": "msg_1",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "usage": {},
    }
    assert told == {"type": "message_delta", "delta": ended, "usage": {}, **edits}
    assert assemble(events_of(whole)) == whole


def test_what_a_message_has_not_is_said_at_the_start() -> None:
    whole: JsonObject = {"content": [], "container": None, "context_management": None}
    first, told, _ = events_of(whole)
    assert first["message"] == whole
    assert told == {"type": "message_delta", "delta": {}}


def test_a_message_that_says_why_it_stopped_is_whole() -> None:
    start = {"type": "message_start", "message": {"id": "m", "content": [], "stop_reason": None}}
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}
    assert assemble([start, end])["stop_reason"] == "end_turn"
    with pytest.raises(BodyError, match="no message_stop"):
        assemble([start])


def test_what_a_gateway_says_beside_the_message_is_kept() -> None:
    told = [{"type": "ping", "cost": "0.001"}, {"type": "gateway_info", "region": "eu"}]
    start = {"type": "message_start", "message": {"id": "m", "content": []}}
    ending = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}
    whole = assemble([start, {"type": "ping"}, *told, ending, {"type": "message_stop"}])
    assert whole["side_events"] == told
    events = list(events_of(whole))
    assert [event["type"] for event in events[:3]] == ["message_start", "ping", "gateway_info"]
    assert "side_events" not in events[0]["message"]
    assert assemble(events) == whole
