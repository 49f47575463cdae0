"""A hand-written answer as a legacy completion."""

from typing import Any

import pytest

from rechat.dialects.openai_completions.handwritten import make_up
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Request


def said(*texts: str) -> Answer:
    return Answer(tuple(Choice(Message("assistant", text)) for text in texts))


def asked(*prompts: str, **settings: Any) -> Request:
    return Request({"model": "m"} | settings, tuple(Message("user", text) for text in prompts))


def choices(answer: Answer, request: Request) -> list[Any]:
    return make_up(answer, request)[0]


def test_what_a_person_leaves_out_is_made_up() -> None:
    found, envelope = make_up(said("Hello."), asked("Hi"))
    assert found == [{"text": "Hello.", "index": 0, "logprobs": None, "finish_reason": "stop"}]
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    assert envelope.pop("id").startswith("cmpl-")
    assert envelope == {"object": "text_completion", "created": 0, "model": "m", "usage": usage}
    assert (
        make_up(said("Hello."), asked("Hi"))[1]["id"] == make_up(said("Hello."), asked())[1]["id"]
    )


def test_what_a_person_wrote_counts() -> None:
    answer = Answer(
        (Choice(Message("assistant", "Well"), {"finish_reason": "length", "x": 1}),),
        {"model": "mine", "usage": {"prompt_tokens": 7}},
    )
    [found], envelope = make_up(answer, asked("Hi"))
    assert isinstance(found, dict)
    assert (found["finish_reason"], found["x"]) == ("length", 1)
    assert (envelope["model"], envelope["usage"]["prompt_tokens"]) == ("mine", 7)


def test_a_call_is_its_arguments_and_an_end_like_any_other() -> None:
    message = Message("assistant", None, (Call("f", "c1", '{"a": 1}'),))
    answer = Answer(
        (Choice(message, {"finish_reason": "tool_calls", "logprobs": {"content": []}}),)
    )
    (found,) = choices(answer, asked("Hi"))
    assert (found["text"], found["finish_reason"], found["logprobs"]) == ('{"a": 1}', "stop", None)


@pytest.mark.parametrize(
    ("answer", "request_", "texts"),
    [
        (said("x"), asked("a", "b"), ["x", "x"]),
        (said("x"), asked("a", "b", n=2), ["x", "x", "x", "x"]),
        (said("x", "y"), asked("a", "b", n=2), ["x", "y", "x", "y"]),
        (said("x", "y"), asked("a", "b"), ["x", "y"]),
        (said("x", "y"), asked("a", n=2), ["x", "y"]),
        (said("x"), asked("a", n=2), ["x"]),
        (said("x"), asked(), ["x"]),
    ],
)
def test_each_prompt_has_its_choices(answer: Answer, request_: Request, texts: list[str]) -> None:
    found = choices(answer, request_)
    assert [choice["text"] for choice in found] == texts
    assert [choice["index"] for choice in found] == list(range(len(texts)))


def test_the_prompt_is_echoed_if_asked_for() -> None:
    found = choices(said("x", "y"), asked("a ", "b ", n=2, echo=True))
    assert [choice["text"] for choice in found] == ["a x", "a y", "b x", "b y"]
    assert [choice["text"] for choice in choices(said("x"), asked("a", echo=False))] == ["x"]


def test_tokens_are_not_echoed() -> None:
    request = Request({"echo": True}, (Message("user", None, (Opaque([1, 2]),)),))
    assert choices(said("x"), request)[0]["text"] == "x"
