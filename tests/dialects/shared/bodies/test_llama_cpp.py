"""The form in which llama.cpp answers at its own endpoints."""

from typing import Any

import pytest

from rechat.dialects.shared.bodies.llama_cpp import events_of
from rechat.dialects.shared.bodies.llama_cpp import is_native
from rechat.dialects.shared.bodies.llama_cpp import put_together


def piece(text: str, *, stop: bool = False, **more: Any) -> dict[str, Any]:
    return {"index": 0, "content": text, "tokens": [], "stop": stop} | more


END = piece("", stop=True, timings={"prompt_n": 3}, stop_type="eos")
WHOLE = END | {"content": "Hello you."}


def test_a_stream_is_an_answer_and_an_answer_a_stream() -> None:
    assert put_together([piece("Hello "), piece("you."), END]) == WHOLE
    told = events_of(WHOLE)
    assert told
    assert put_together(told) == WHOLE
    assert [event["stop"] for event in told] == [False] * (len(told) - 1) + [True]


def test_what_is_said_of_the_tokens_stays() -> None:
    sure: list[dict[str, Any]] = [{"token": "Hello", "logprob": -0.5}, {"token": " you"}]
    pieces = [piece("Hello", completion_probabilities=sure[:1], tokens=[5])]
    pieces += [piece(" you", completion_probabilities=sure[1:], tokens=[6]), END]
    whole = put_together(pieces)
    assert isinstance(whole, dict)
    assert (whole["completion_probabilities"], whole["tokens"]) == (sure, [5, 6])
    assert put_together(events_of(whole) or []) == whole


def test_each_prompt_has_its_answer() -> None:
    other = {"index": 1}
    events = [piece("a"), piece("x") | other, END, END | other]
    wholes = [END | {"content": "a"}, END | other | {"content": "x"}]
    assert put_together(events) == wholes
    assert put_together(events_of(wholes) or []) == wholes


@pytest.mark.parametrize("value", [None, [], {"content": "a"}, {"content": [], "stop": True}, [7]])
def test_another_form_is_none(value: Any) -> None:
    assert not is_native(value)
    assert events_of(value) is None


def test_a_truncated_stream_is_none() -> None:
    assert put_together([piece("Hello ")]) is None
    assert put_together([]) is None
    assert put_together([piece("a"), {"error": "x"}]) is None
