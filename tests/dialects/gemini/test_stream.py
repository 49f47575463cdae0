"""Streams of Gemini: put together, and taken apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.gemini.parts import join
from rechat.dialects.gemini.stream import assemble
from rechat.dialects.gemini.stream import chunks_of
from rechat.dialects.gemini.stream import has_end
from rechat.values.jsontext import same

HEAD = {"modelVersion": "gemini-2.5-pro", "responseId": "r1"}
CALL = {"functionCall": {"name": "f", "args": {"a": 1}}}


def chunk(*parts: Any, **more: Any) -> dict[str, Any]:
    candidate = {"content": {"parts": list(parts), "role": "model"}, "index": 0, **more}
    return {"candidates": [candidate], **HEAD}


def test_texts_are_joined_and_the_last_of_all_else_counts() -> None:
    whole = assemble(
        [
            chunk({"text": "Let "}) | {"usageMetadata": {"totalTokenCount": 1, "x": 1}},
            chunk({"text": "me see."}),
            chunk(CALL, safetyRatings=[{"a": 1}]),
            chunk({"text": ""}, finishReason="STOP", safetyRatings=[{"a": 2}])
            | {"usageMetadata": {"totalTokenCount": 2}},
        ]
    )
    assert whole == {
        **chunk({"text": "Let me see."}, CALL, finishReason="STOP", safetyRatings=[{"a": 2}]),
        "usageMetadata": {"totalTokenCount": 2},
    }


def test_candidates_are_told_apart_by_index_else_by_place() -> None:
    chunks: list[dict[str, Any]] = [
        {"candidates": [{"content": {"parts": [{"text": "a"}]}}]},
        {"candidates": [{"content": {"parts": [{"text": "x"}]}, "index": 1}]},
        {"candidates": [{"content": {"parts": [{"text": "b"}]}}, {"finishReason": "STOP"}]},
    ]
    assert assemble(chunks) == {
        "candidates": [
            {"content": {"parts": [{"text": "ab"}]}},
            {"content": {"parts": [{"text": "x"}]}, "index": 1, "finishReason": "STOP"},
        ]
    }


@pytest.mark.parametrize(
    ("earlier", "later", "merged"),
    [
        ({}, {"a": [1]}, {"a": [1]}),
        ({"a": [1]}, {}, {"a": [1]}),
        ({"a": [1]}, {"a": [2], "b": 1}, {"a": [1, 2], "b": 1}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": [1, 2]}),
        ({"a": {"b": [1], "c": 1}}, {"a": {"b": [2]}}, {"a": {"b": [1, 2], "c": 1}}),
        ({"a": 1}, None, {"a": 1}),
        ("x", {"a": 1}, {"a": 1}),
    ],
)
def test_metadata_grows(earlier: Any, later: Any, merged: Any) -> None:
    chunks = [chunk(groundingMetadata=earlier), chunk(groundingMetadata=later)]
    assert assemble(chunks)["candidates"][0]["groundingMetadata"] == merged


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ({"candidates": [{"content": {"role": "model"}, "finishReason": "STOP"}]}, {"content": {"parts": [{"text": "a"}], "role": "model"}, "index": 0, "finishReason": "STOP"}),
        ({"candidates": [{"finishReason": "SAFETY"}]}, {"content": {"parts": [{"text": "a"}], "role": "model"}, "index": 0, "finishReason": "SAFETY"}),
        ({"candidates": [{"content": None, "finishReason": None}]}, {"content": {"parts": [{"text": "a"}], "role": "model"}, "index": 0, "finishReason": None}),
    ],
)  # fmt: skip
def test_a_chunk_without_parts_adds_none(last: Any, expected: Any) -> None:
    assert assemble([chunk({"text": "a"}), last])["candidates"] == [expected]


def test_what_is_no_chunk_of_ours_is_no_error() -> None:
    assert assemble([{"candidates": [1, {}]}]) == {"candidates": [{}]}
    silent = {"candidates": [{"content": None, "x": 1}]}
    assert assemble([silent, chunk({"text": "a"}, x=None)]) == chunk({"text": "a"}, x=1)
    assert assemble([{"x": 1}, {"x": None}]) == {"x": 1}
    assert assemble([{"candidates": 1}, {"x": None}]) == {"candidates": 1, "x": None}
    assert assemble([{"candidates": []}]) == {"candidates": []}


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        ({"candidates": [{"finishReason": "STOP"}]}, True),
        ({"candidates": [{"finishReason": "STOP"}, {}]}, False),
        ({"candidates": [{"finishReason": None}]}, False),
        ({"candidates": []}, False),
        ({"candidates": [1]}, False),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, True),
        ({"promptFeedback": {"safetyRatings": []}}, False),
        ({"candidates": [{}], "error": {"code": 503}}, True),
        ({}, False),
    ],
)
def test_a_stream_is_whole_when_it_says_how_it_ended(whole: Any, expected: bool) -> None:
    assert has_end(whole) is expected


def test_an_answer_comes_in_pieces_and_its_end_with_the_last() -> None:
    whole = {
        **chunk({"text": "Hm", "thought": True}, {"text": "It is four."}, finishReason="STOP"),
        "usageMetadata": {"totalTokenCount": 9},
    }
    chunks = list(chunks_of(whole))
    assert chunks[:-1] == [
        chunk({"text": "Hm", "thought": True}),
        chunk({"text": "It"}),
        chunk({"text": " is"}),
        chunk({"text": " four"}),
    ]
    end = chunk({"text": "."}, finishReason="STOP") | {"usageMetadata": {"totalTokenCount": 9}}
    assert chunks[-1] == end
    assert list(chunks[-1]) == ["candidates", "usageMetadata", "modelVersion", "responseId"]


def test_a_signature_comes_after_its_text() -> None:
    signed = {"text": "a b", "thoughtSignature": "s"}
    pieces = [{"text": "a"}, {"text": " b"}, {"text": "", "thoughtSignature": "s"}]
    assert list(chunks_of(chunk(signed))) == [chunk(piece) for piece in pieces]
    after = [{"text": "c"}, signed, CALL, {"text": "", "thoughtSignature": "t"}]
    assert list(chunks_of(chunk(*after))) == [chunk(part) for part in after]


def test_an_error_comes_last() -> None:
    error = {"error": {"code": 503}}
    assert list(chunks_of(chunk({"text": "a"}) | error)) == [chunk({"text": "a"}), error]
    assert list(chunks_of(error)) == [error]


def test_an_answer_without_candidates_is_one_chunk() -> None:
    empty: dict[str, Any] = {"candidates": []}
    for whole in ({"promptFeedback": {"blockReason": "OTHER"}, **HEAD}, empty):
        assert list(chunks_of(whole)) == [whole]


texts = st.fixed_dictionaries(
    {"text": st.text(max_size=12)},
    optional={"thought": st.just(True), "thoughtSignature": st.sampled_from("st")},
)
parts = st.one_of(
    texts, texts, st.sampled_from([CALL, CALL | {"thoughtSignature": "s"}, {"executableCode": {}}])
)
contents = st.fixed_dictionaries(
    {}, optional={"parts": st.lists(parts, max_size=6).map(join), "role": st.just("model")}
)
candidates = st.fixed_dictionaries(
    {},
    optional={
        "content": contents,
        "finishReason": st.sampled_from(["STOP", "MAX_TOKENS"]),
        "groundingMetadata": st.just({"groundingChunks": [{"web": {"uri": "u"}}]}),
        "avgLogprobs": st.just(-0.5),
    },
)
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "usageMetadata": st.just({"totalTokenCount": 1}),
        "responseId": st.just("r"),
        "promptFeedback": st.just({"safetyRatings": []}),
        "error": st.just({"code": 503}),
    },
)


@given(st.none() | st.lists(candidates, max_size=3), envelopes)
def test_taken_apart_and_put_together_an_answer_is_the_same(
    found: list[dict[str, Any]] | None, envelope: dict[str, Any]
) -> None:
    whole = dict(envelope)
    if found is not None:
        whole["candidates"] = [{**one, "index": index} for index, one in enumerate(found)]
    assert same(assemble(chunks_of(whole)), whole)
