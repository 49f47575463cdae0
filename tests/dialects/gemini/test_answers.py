"""Gemini's answers: recorded ones come back exactly, hand-written ones get what surrounds them."""

from dataclasses import replace
from typing import Any

import pytest

from rechat.dialects.gemini.answers import is_answer
from rechat.dialects.gemini.answers import is_recorded
from rechat.dialects.gemini.answers import write
from rechat.dialects.gemini.dialect import Gemini
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Request
from rechat.values.conversation import Text
from rechat.values.http import HttpResponse
from rechat.values.jsontext import dump

ASKED = Request({"model": "gemini-2.5-flash"}, (Message("user", "Hi there"),))
HEAD = {"modelVersion": "gemini-2.5-flash", "responseId": "r1"}
USAGE = {"usageMetadata": {"promptTokenCount": 2, "totalTokenCount": 2}}
CALL = {"functionCall": {"name": "f", "args": {"a": 1.50}}, "thoughtSignature": "s"}


def read(value: dict[str, Any]) -> Answer | RawAnswer:
    """The answer that the dialect reads from a whole body."""
    answer = Gemini().read_answer(HttpResponse.whole(200, (), dump(value).encode())).answer
    assert isinstance(answer, Answer | RawAnswer)
    return answer


def candidate(*parts: Any, **more: Any) -> dict[str, Any]:
    content = {"parts": list(parts), "role": "model"}
    return {"content": content, "finishReason": "STOP", "index": 0, **more}


def body(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"candidates": [candidate(*parts, **more)], **USAGE, **HEAD}


def without(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in keys}


RECORDED: dict[str, dict[str, Any]] = {
    "a text": body({"text": "Hello."}),
    "an empty text": body({"text": ""}),
    "thoughts and a signature": body(
        {"text": "Hm", "thought": True}, {"text": "Four.", "thoughtSignature": "s"}
    ),
    "calls": body(CALL, {"functionCall": {"name": "g", "id": "x1"}}),
    "a call and an empty text": body(CALL, {"text": ""}),
    "texts around code": body(
        {"text": "See:"}, {"executableCode": {"code": "1"}}, {"text": "a"}, {"text": "b"}
    ),
    "no content": {"candidates": [{"finishReason": "SAFETY", "index": 0}], **USAGE, **HEAD},
    "an empty content": {"candidates": [{"content": {}, "finishReason": "STOP"}], **HEAD},
    "no parts": {"candidates": [{"content": {"role": "model"}, "index": 0}], **HEAD},
    "an empty list of parts": body(),
    "no role": {"candidates": [{"content": {"parts": [{"text": "a"}]}}], **HEAD},
    "another role": {"candidates": [{"content": {"parts": [], "role": "user", "x": 1}}], **HEAD},
    "nothing but a candidate": {"candidates": [{}]},
    "no candidates": {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, **USAGE, **HEAD},
    "an empty list of candidates": {"candidates": [], **HEAD},
    "two candidates": {
        "candidates": [candidate({"text": "a"}), candidate({"text": "b"}, index=1)],
        **HEAD,
    },
    "two candidates with odd indexes": {
        "candidates": [candidate({"text": "a"}, index=3), without(candidate(CALL), "index")],
        **HEAD,
    },
    "an index that is false": body({"text": "a"}, index=False),
    "no id": {"candidates": [candidate({"text": "a"})], **USAGE},
    "no usage and no model": {"candidates": [candidate({"text": "a"})]},
    "all that goes with a candidate": body(
        {"text": "a"},
        finishMessage="Done.",
        safetyRatings=[{"category": "HARM", "probability": "NEGLIGIBLE"}],
        groundingMetadata={"groundingChunks": [{"web": {"uri": "u"}}]},
        avgLogprobs=-1.5e-07,
    ),
}


@pytest.mark.parametrize("case", RECORDED)
def test_a_recorded_answer_comes_back(case: str) -> None:
    answer = read(RECORDED[case])
    assert isinstance(answer, Answer)
    assert answer.choices
    assert is_recorded(answer)
    assert is_answer(RECORDED[case])
    assert write(answer, ASKED) == RECORDED[case]


def test_a_text_reads_as_one_and_little_is_said_around_it() -> None:
    answer = read(RECORDED["a text"])
    assert answer == Answer(
        (Choice(Message("assistant", "Hello."), {"finishReason": "STOP"}),), {**USAGE, **HEAD}
    )


def test_what_is_usual_and_missing_is_named() -> None:
    blocked, bare = read(RECORDED["no candidates"]), read(RECORDED["nothing but a candidate"])
    assert isinstance(blocked, Answer)
    assert isinstance(bare, Answer)
    assert blocked.without == ("candidates",)
    assert blocked.choices == (Choice(Message("assistant", without=("candidate",))),)
    assert bare == Answer(
        (Choice(Message("assistant", without=("content", "index"))),), {}, ("responseId",)
    )


def test_thoughts_calls_and_code_are_parts() -> None:
    said = read(RECORDED["thoughts and a signature"])
    assert isinstance(said, Answer)
    assert said.choices[0].message.parts == (
        Reasoning("Hm", "thought"),
        Text("Four.", {"thoughtSignature": "s"}),
    )
    code = read(RECORDED["texts around code"])
    assert isinstance(code, Answer)
    assert code.choices[0].message.parts == (
        Text("See:"),
        Opaque({"executableCode": {"code": "1"}}),
        Text("ab", {"parts": [{"length": 1}, {}]}),
    )


@pytest.mark.parametrize(
    "value",
    [
        {"candidates": None},
        {"candidates": {}},
        {"candidates": ["x"]},
        {"candidates": [{"content": None}]},
        {"candidates": [{"content": {"parts": "x"}}]},
        {"candidates": [{"content": {"parts": [], "role": None}}], "responseId": "r"},
    ],
)
def test_any_body_is_kept(value: dict[str, Any]) -> None:
    answer = read(value)
    written = answer.value if isinstance(answer, RawAnswer) else write(answer, ASKED)
    assert written == value


def test_a_text_with_a_field_of_our_name_is_not_taken_apart() -> None:
    value = body({"text": "a", "length": 5}, {"text": "b"})
    answer = read(value)
    assert isinstance(answer, Answer)
    assert answer.choices[0].message.parts == (
        Opaque({"text": "a", "length": 5}),
        Opaque({"text": "b"}),
    )
    assert write(answer, ASKED) == value


@pytest.mark.parametrize("case", ["no content", "no parts", "no candidates"])
def test_a_text_that_a_person_adds_is_served(case: str) -> None:
    answer = read(RECORDED[case])
    assert isinstance(answer, Answer)
    edited = replace(answer.choices[0].message, body="Sorry.")
    written = write(replace(answer, choices=(Choice(edited),)), ASKED)
    assert written["candidates"][0]["content"]["parts"] == [{"text": "Sorry."}]


def test_what_is_no_answer() -> None:
    assert not is_answer({"models": []})


def test_a_hand_written_answer_is_complete_and_the_same_each_time() -> None:
    answer = Answer((Choice(Message("assistant", "Hello, you two.")),))
    written = write(answer, ASKED)
    assert written == {
        "candidates": [candidate({"text": "Hello, you two."})],
        "usageMetadata": {"promptTokenCount": 2, "candidatesTokenCount": 5, "totalTokenCount": 7},
        "modelVersion": "gemini-2.5-flash",
        "responseId": written["responseId"],
    }
    assert write(answer, ASKED) == written
    other = write(Answer((Choice(Message("assistant", "Hello.")),)), ASKED)
    assert other["responseId"] != written["responseId"]
    assert write(answer, Request({}, ()))["modelVersion"] == "rechat"


@pytest.mark.parametrize(
    ("written", "native"),
    [
        ({}, "STOP"),
        ({"finish_reason": "stop", "logprobs": None}, "STOP"),
        ({"finish_reason": "length"}, "MAX_TOKENS"),
        ({"finish_reason": "tool_calls"}, "STOP"),
        ({"finish_reason": "content_filter"}, "SAFETY"),
        ({"finish_reason": "RECITATION"}, "RECITATION"),
        ({"finishReason": "MAX_TOKENS"}, "MAX_TOKENS"),
    ],
)
def test_how_it_ended_is_said_in_native_words(written: dict[str, Any], native: str) -> None:
    answer = Answer((Choice(Message("assistant", "Hi"), written),))
    assert write(answer, ASKED)["candidates"] == [candidate({"text": "Hi"}, finishReason=native)]


def test_how_it_ended_may_stand_in_native_words_beside_the_usage() -> None:
    fields = {"finishReason": "MAX_TOKENS", "usage": {"prompt_tokens": 3, "completion_tokens": 4}}
    written = write(Answer((Choice(Message("assistant", "Hi")),), fields), ASKED)
    assert written["candidates"] == [candidate({"text": "Hi"}, finishReason="MAX_TOKENS")]
    counts = {"promptTokenCount": 3, "candidatesTokenCount": 4, "totalTokenCount": 7}
    assert written["usageMetadata"] == counts
    assert set(written) == {"candidates", "usageMetadata", "modelVersion", "responseId"}


def test_what_a_person_wrote_in_chat_s_words_is_translated_or_left_out() -> None:
    fields = {"model": "gemini-x", "id": "chatcmpl-1", "object": "chat.completion", "mine": 1}
    message = Message("assistant", "Hi", (), {"refusal": None})
    written = write(Answer((Choice(message, {"mine": 2}),), fields), ASKED)
    assert written["modelVersion"] == "gemini-x"
    assert written["mine"] == 1
    assert written["candidates"] == [candidate({"text": "Hi"}, mine=2)]
    assert not {"id", "object", "model"} & written.keys()


def test_hand_written_calls_are_numbered() -> None:
    calls = (Reasoning("Hm"), Call("f", "", "{}"), Call("g", "x1", "{}"), Call("f", "", "{}"))
    written = write(Answer((Choice(Message("assistant", "", calls)),)), ASKED)
    parts = written["candidates"][0]["content"]["parts"]
    assert parts[0] == {"text": "Hm", "thought": True}
    assert [part["functionCall"]["id"] for part in parts[1:]] == ["call_1", "x1", "call_3"]
