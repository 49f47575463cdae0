"""Gemini's contents and system prompt: messages, however they are spelled."""

from typing import Any

import pytest

from rechat.dialects.gemini.contents import read_contents
from rechat.dialects.gemini.contents import read_system
from rechat.dialects.gemini.contents import write_contents
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Text
from rechat.values.errors import BodyError


def model(*parts: Any) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


def user(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts)}


def result(response: Any, **more: Any) -> dict[str, Any]:
    return {"functionResponse": {"name": "f", "response": response, **more}}


HI = Message("user", "Hi")
SPELLINGS: dict[str, Any] = {
    "a list": [user({"text": "Hi"})],
    "no role": [{"parts": [{"text": "Hi"}]}],
    "one content": user({"text": "Hi"}),
    "one part": {"role": "user", "parts": {"text": "Hi"}},
    "a string": "Hi",
    "strings": ["Hi"],
    "a string as part": [{"parts": ["Hi"]}],
    "nulls": [{"role": None, "parts": [{"text": "Hi", "thought": None}]}],
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_however_it_is_spelled_it_is_one_message(case: str) -> None:
    assert read_contents(SPELLINGS[case]) == (HI,)


CONVERSATIONS: dict[str, tuple[list[Any], tuple[Message, ...]]] = {
    "texts and pictures": (
        [
            user(
                {"text": "What is it?"},
                {"inline_data": {"mime_type": "image/png", "data": "-_8="}},
                {"fileData": {"fileUri": "https://a.b/c.pdf", "mimeType": "application/pdf"}},
            )
        ],
        (
            Message(
                "user",
                None,
                (
                    Text("What is it?"),
                    Media("image", "data:image/png;base64,+/8="),
                    Media(
                        "file", "https://a.b/c.pdf", {"fileData": {"mimeType": "application/pdf"}}
                    ),
                ),
            ),
        ),
    ),
    "turns of the model are one message": (
        [
            user({"text": "Hi"}),
            model({"text": "Hm", "thought": True}),
            model({"text": "Let me "}, {"text": "see."}),
            model({"text": "", "thought_signature": "s"}),
            model({"function_call": {"name": "f", "args": {"a_b": 1}}}),
        ],
        (
            HI,
            Message(
                "assistant",
                None,
                (
                    Reasoning("Hm", "thought"),
                    Text("Let me see.", {"thoughtSignature": "s"}),
                    Call("f", "", '{"a_b":1}'),
                ),
            ),
        ),
    ),
    "results are messages of their own": (
        [user(result({"output": "4"}, id="x1"), result({"a": [1]}), {"text": "And?"})],
        (
            Message("tool", "4", (), {"tool_call_id": "x1"}),
            Message("tool", '{"a":[1]}', (), {"name": "f"}),
            Message("user", "And?"),
        ),
    ),
    "results of an old client": (
        [{"role": "function", "parts": [result({"result": "4"})]}],
        (Message("tool", "4", (), {"name": "f"}),),
    ),
    "a result with a picture": (
        [user(result({"result": "see"}, parts=[{"inlineData": {"mimeType": "image/png", "data": "AA=="}}]))],
        (
            Message(
                "tool",
                None,
                (Text("see"), Media("image", "data:image/png;base64,AA==")),
                {"name": "f"},
            ),
        ),
    ),
    "a result with more to say": (
        [user(result({"error": "no"}, scheduling="SILENT"))],
        (Message("tool", '{"error":"no"}', (), {"name": "f", "scheduling": "SILENT"}),),
    ),
    "an id that is none": (
        [user({"functionResponse": {"id": [1], "response": {}}})],
        (Message("tool", "{}", (), {"name": "[1]"}),),
    ),
    "what nobody knows": (
        [user({"newPart": {"a_b": None}})],
        (Message("user", None, (Opaque({"newPart": {"a_b": None}}),)),),
    ),
    "what is no part": ([user(1)], (Message("user", None, (Opaque(1),)),)),
    "a role that nobody knows": (
        [{"role": "judge", "parts": [{"text": "Hi"}], "weight": 2}],
        (Message("user", "Hi", (), {"role": "judge", "weight": 2}),),
    ),
    "a system prompt among the others": (
        [{"role": "system", "parts": [{"text": "Be brief."}]}],
        (Message("system", "Be brief."),),
    ),
    "no parts": ([{"role": "user"}, model()], (Message("user"), Message("assistant"))),
}  # fmt: skip


@pytest.mark.parametrize("case", CONVERSATIONS)
def test_contents_are_read(case: str) -> None:
    contents, messages = CONVERSATIONS[case]
    assert read_contents(contents) == messages


@pytest.mark.parametrize("case", CONVERSATIONS)
def test_what_is_written_is_read_as_the_same(case: str) -> None:
    written = write_contents(read_contents(CONVERSATIONS[case][0]))
    again = (*read_system(written.get("systemInstruction")), *read_contents(written["contents"]))
    assert again == CONVERSATIONS[case][1]


@pytest.mark.parametrize("response", [{"output": "4"}, {"result": "4"}, {"content": "4"}])
def test_a_result_that_is_a_text_reads_like_any_other_api_s(response: Any) -> None:
    (message,) = read_contents([user(result(response, id="x1"))])
    assert message == Message("tool", "4", (), {"tool_call_id": "x1"})


@pytest.mark.parametrize(
    ("response", "text"),
    [
        ({"error": "4"}, '{"error":"4"}'),
        ({"output": 4}, '{"output":4}'),
        ({"output": "4", "more": 1}, '{"output":"4","more":1}'),
        ({}, "{}"),
        (None, None),
    ],
)
def test_any_other_result_is_its_json(response: Any, text: str | None) -> None:
    assert read_contents([user(result(response))])[0].body == text


@pytest.mark.parametrize(
    "instruction",
    [
        "Be brief.",
        {"text": "Be brief."},
        {"parts": {"text": "Be brief."}},
        {"parts": [{"text": "Be brief."}], "role": "user"},
        [{"text": "Be brief."}],
    ],
)
def test_a_system_prompt_is_one_message_however_it_is_spelled(instruction: Any) -> None:
    assert read_system(instruction) == (Message("system", "Be brief."),)


def test_a_system_prompt_of_several_parts_or_of_none() -> None:
    two = {"parts": [{"text": "a"}, {"text": "b"}]}
    assert read_system(two) == (Message("system", None, (Text("a"), Text("b"))),)
    assert read_system(None) == read_system({"parts": []}) == ()


@pytest.mark.parametrize("content", [1, None, [1]])
def test_what_is_no_content_is_an_error(content: Any) -> None:
    with pytest.raises(BodyError, match="a content is an object, not"):
        read_contents([content])


def test_a_result_is_written_with_the_name_of_its_call() -> None:
    messages = (
        Message("system", "Be brief."),
        HI,
        Message("assistant", None, (Call("f", "x1", "{}"),)),
        Message("tool", "closed", (), {"tool_call_id": "x1"}),
        Message("tool", '{"a": 1}', (), {"tool_call_id": "x2"}),
        Message("tool", None, (), {"name": "g"}),
    )
    results = [
        {"functionResponse": {"id": "x1", "name": "f", "response": {"result": "closed"}}},
        {"functionResponse": {"id": "x2", "name": "x2", "response": {"a": 1}}},
        {"functionResponse": {"name": "g"}},
    ]
    call = {"functionCall": {"name": "f", "args": {}, "id": "x1"}}
    assert write_contents(messages) == {
        "contents": [user({"text": "Hi"}), model(call), user(*results)],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
    }
