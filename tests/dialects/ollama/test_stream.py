"""Streams of Ollama: put together, and taken apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.ollama.stream import assemble
from rechat.dialects.ollama.stream import is_broken
from rechat.dialects.ollama.stream import lines_of
from rechat.dialects.ollama.stream import put_together
from rechat.values.errors import BodyError
from rechat.values.jsontext import same

HEAD = {"model": "m", "created_at": "2026-01-01T00:00:01Z"}
DONE: dict[str, Any] = {"done": True, "done_reason": "stop", "eval_count": 2}
CALL = {"function": {"index": 0, "name": "f", "arguments": {"a": 1}}}


def line(*, done: bool = False, **message: Any) -> dict[str, Any]:
    return (
        HEAD | {"message": {"role": "assistant", **message}} | (DONE if done else {"done": False})
    )


def test_texts_thoughts_and_calls_are_joined() -> None:
    whole = put_together(
        [
            line(content="", thinking="Let me "),
            line(content="", thinking="see."),
            line(content="It is "),
            line(content="four."),
            line(content="", tool_calls=[CALL]),
            line(content="", tool_calls=[{**CALL, "id": "b"}]),
            line(content="", done=True),
        ]
    )
    assert whole == HEAD | DONE | {
        "message": {
            "role": "assistant",
            "content": "It is four.",
            "thinking": "Let me see.",
            "tool_calls": [CALL, {**CALL, "id": "b"}],
        }
    }


def test_a_prompt_s_completion_is_joined_at_the_top() -> None:
    lines = [{**HEAD, "response": text, "done": False} for text in ("a", "b")]
    whole = put_together([*lines, HEAD | {"response": "", "context": [1, 2]} | DONE])
    assert whole == HEAD | {"response": "ab", "context": [1, 2]} | DONE


def test_null_adds_nothing_and_the_last_time_stays() -> None:
    whole = assemble([{"created_at": "1", "a": 1, "b": None}, {"created_at": "2", "a": None}])
    assert whole == {"created_at": "2", "a": 1, "b": None}


def test_log_probabilities_are_joined_and_cut_the_text_again() -> None:
    tokens = [{"token": "It i", "logprob": -0.5}, {"token": "s.", "logprob": -1}]
    lines = [line(content=token["token"]) | {"logprobs": [token]} for token in tokens]
    whole = assemble([*lines, line(content="", done=True)])
    assert whole["logprobs"] == tokens
    assert list(lines_of(whole)) == [*lines, line(content="", done=True)]


@pytest.mark.parametrize("lines", [[], [line(content="a")]])
def test_half_a_stream_is_none(lines: list[Any]) -> None:
    with pytest.raises(BodyError, match="no line with"):
        put_together(lines)


@pytest.mark.parametrize(
    "lines", [[{"error": "no such model"}], [line(content="a"), {"error": "out of memory"}]]
)
def test_a_stream_that_ends_in_an_error_is_whole_and_comes_back(lines: list[Any]) -> None:
    whole = put_together(lines)
    assert is_broken(whole)
    *before, last = lines_of(whole)
    assert last == lines[-1]
    assert same(assemble([*before, last]), whole)


texts = st.text(max_size=30)
calls = st.lists(
    st.fixed_dictionaries(
        {"function": st.fixed_dictionaries({"name": texts, "arguments": st.just({"a": [1]})})},
        optional={"id": texts},
    ),
    max_size=3,
)
messages = st.fixed_dictionaries(
    {},
    optional={
        "role": st.just("assistant"),
        "content": texts | st.none(),
        "thinking": texts,
        "tool_calls": calls,
        "images": st.lists(st.just("/9j/"), max_size=2),
        "x": texts,
    },
)
logprobs = st.lists(st.fixed_dictionaries({"token": texts, "logprob": st.floats(-9, 0)}))
around = st.fixed_dictionaries(
    {"done": st.just(True)},
    optional={
        "model": st.just("m"),
        "created_at": st.just("t"),
        "done_reason": st.sampled_from(["stop", "length", "load"]),
        "eval_count": st.integers(),
        "logprobs": logprobs,
        "context": st.lists(st.integers(0, 9)),
    },
)
wholes = st.one_of(
    st.builds(lambda end, message: end | {"message": message}, around, messages),
    st.builds(lambda end, said: end | said, around, st.fixed_dictionaries({"response": texts}, optional={"thinking": texts, "image": st.just("/9j/")})),
)  # fmt: skip


@given(wholes, st.booleans())
def test_taken_apart_and_put_together_an_answer_is_the_same(
    whole: dict[str, Any], fails: bool
) -> None:
    if fails:
        whole = whole | {"done": False, "error": "lost"}
    lines = list(lines_of(whole))
    assert same(assemble(lines), whole)
    assert same(put_together(lines), whole)


def test_an_answer_is_streamed_as_the_server_does() -> None:
    whole = assemble([line(content="Hi", thinking="hm", tool_calls=[CALL], done=True)])
    assert list(lines_of(whole)) == [
        line(content="", thinking="hm"),
        line(content="Hi"),
        line(content="", tool_calls=[CALL]),
        line(content="", done=True),
    ]
