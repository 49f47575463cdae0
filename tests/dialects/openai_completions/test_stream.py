"""Streams of legacy completions: put together, and taken apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.openai_completions.stream import assemble
from rechat.dialects.openai_completions.stream import chunks_of
from rechat.values.jsontext import same

HEAD = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}


def chunk(text: str, index: int = 0, **more: Any) -> dict[str, Any]:
    end = {"logprobs": None, "finish_reason": None} | more
    return HEAD | {"choices": [{"text": text, "index": index, **end}]}


def logprobs(*tokens: str) -> dict[str, Any]:
    return {
        "tokens": list(tokens),
        "token_logprobs": [-0.5] * len(tokens),
        "top_logprobs": None,
        "text_offset": list(range(len(tokens))),
    }


def test_texts_are_joined_by_index() -> None:
    chunks = [chunk("a"), chunk("b", 1), chunk("c"), chunk("", 1, finish_reason="stop"), chunk("", finish_reason="length")]  # fmt: skip
    assert assemble(chunks) == HEAD | {
        "choices": [
            {"text": "ac", "index": 0, "logprobs": None, "finish_reason": "length"},
            {"text": "b", "index": 1, "logprobs": None, "finish_reason": "stop"},
        ]
    }


def test_usage_comes_last_and_padding_is_dropped() -> None:
    chunks = [
        chunk("a") | {"usage": None, "obfuscation": "xyz", "id": ""},
        chunk("", finish_reason="stop") | {"usage": None},
        HEAD | {"choices": [], "usage": {"total_tokens": 3}},
    ]
    whole = assemble(chunks)
    assert (whole["id"], whole["usage"]) == ("cmpl-1", {"total_tokens": 3})
    assert "obfuscation" not in whole
    assert "usage" not in assemble(chunks[:2])


def test_what_vendors_add_is_kept() -> None:
    chunks = [
        chunk("a", token_ids=[1], prompt_token_ids=[7]),
        chunk("b", token_ids=[2], stop_reason=2, finish_reason="stop") | {"timings": {"ms": 1.5}},
    ]
    (choice,) = (whole := assemble(chunks))["choices"]
    assert whole["timings"] == {"ms": 1.5}
    assert (choice["token_ids"], choice["prompt_token_ids"]) == ([1, 2], [7])
    assert choice["stop_reason"] == 2


def test_log_probabilities_are_joined_and_cut_the_text_again() -> None:
    one = {"tokens": ["It i"], "token_logprobs": [-0.5], "top_logprobs": None, "text_offset": [0]}
    other = one | {"tokens": ["s."], "text_offset": [4]}
    chunks = [chunk("It i", logprobs=one), chunk("s.", logprobs=other), chunk("", finish_reason="stop")]  # fmt: skip
    whole = assemble(chunks)
    assert whole["choices"][0]["logprobs"]["tokens"] == ["It i", "s."]
    assert list(chunks_of(whole, include_usage=False)) == chunks


def test_log_probabilities_of_another_text_stand_at_the_end() -> None:
    of_bytes = logprobs("bytes:\\xe2", "bytes:\\x82\\xac")
    whole = HEAD | {
        "choices": [{"text": "€", "index": 0, "logprobs": of_bytes, "finish_reason": "stop"}]
    }
    first, last = chunks_of(whole, include_usage=False)
    assert first["choices"][0]["logprobs"] is None
    assert last["choices"][0]["logprobs"] == of_bytes


def test_an_error_ends_the_stream() -> None:
    error = {"error": {"message": "overloaded"}}
    whole = assemble([chunk("a"), error])
    *others, last = chunks_of(whole, include_usage=True)
    assert last == error
    assert not any("error" in other for other in others)
    assert assemble([*others, last]) == whole


@pytest.mark.parametrize("include_usage", [False, True])
def test_usage_stands_where_it_is_asked_for(include_usage: bool) -> None:
    whole = assemble([chunk("ab", finish_reason="stop") | {"usage": {"total_tokens": 3}}])
    *others, last = chunks_of(whole, include_usage=include_usage)
    assert last["usage"] == {"total_tokens": 3}
    assert bool(last["choices"]) is not include_usage
    assert all(("usage" in other) is include_usage for other in others)


texts = st.text(max_size=30)
cut = st.lists(texts.filter(bool), min_size=1, max_size=4)
choices = st.one_of(
    st.fixed_dictionaries(
        {"text": texts | st.none()},
        optional={
            "logprobs": st.none() | st.just(logprobs("a", "b")),
            "finish_reason": st.sampled_from(["stop", "length", None]),
            "stop_reason": texts,
        },
    ),
    cut.map(lambda tokens: {"text": "".join(tokens), "logprobs": logprobs(*tokens)}),
)
envelopes = st.fixed_dictionaries(
    {"id": st.just("1"), "model": st.just("m")},
    optional={"usage": st.just({"total_tokens": 1}), "timings": st.just({"ms": 1.5}), "x": texts},
)


@given(st.lists(choices, min_size=1, max_size=3), envelopes, st.booleans())
def test_taken_apart_and_put_together_an_answer_is_the_same(
    found: list[dict[str, Any]], envelope: dict[str, Any], include_usage: bool
) -> None:
    whole = envelope | {"choices": [{"index": at} | choice for at, choice in enumerate(found)]}
    assert same(assemble(chunks_of(whole, include_usage=include_usage)), whole)
