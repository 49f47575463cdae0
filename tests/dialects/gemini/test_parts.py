"""Parts of Gemini's contents, and what a model said as a list of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.gemini.parts import join
from rechat.dialects.gemini.parts import read_part
from rechat.dialects.gemini.parts import read_said
from rechat.dialects.gemini.parts import write_part
from rechat.dialects.gemini.parts import write_said
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject
from rechat.values.jsontext import same

PARTS: dict[str, tuple[Any, Part]] = {
    "a text": ({"text": "Hi"}, Text("Hi")),
    "a text with a signature": (
        {"text": "Hi", "thoughtSignature": "c2ln"},
        Text("Hi", {"thoughtSignature": "c2ln"}),
    ),
    "a thought": ({"text": "Hm", "thought": True}, Reasoning("Hm", "thought")),
    "no thought": ({"text": "Hm", "thought": False}, Text("Hm", {"thought": False})),
    "a call": (
        {"functionCall": {"name": "f", "args": {"a": [1]}}, "thoughtSignature": "c2ln"},
        Call("f", "", '{"a":[1]}', "function", {"thoughtSignature": "c2ln"}),
    ),
    "a call with an id": (
        {"functionCall": {"name": "f", "args": {}, "id": "x1"}},
        Call("f", "x1", "{}"),
    ),
    "a call with an empty id": (
        {"functionCall": {"name": "f", "args": {}, "id": ""}},
        Call("f", "", "{}", "function", {"functionCall": {"id": ""}}),
    ),
    "a call without arguments": (
        {"functionCall": {"name": "f"}},
        Call("f", "", "{}", "function", {"without": ["args"]}),
    ),
    "a call that goes on": (
        {"functionCall": {"name": "f", "args": {}, "willContinue": True}},
        Call("f", "", "{}", "function", {"functionCall": {"willContinue": True}}),
    ),
    "a picture": (
        {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}},
        Media("image", "data:image/png;base64,iVBORw0KGgo="),
    ),
    "a sound with a rate": (
        {"inlineData": {"mimeType": "audio/L16;codec=pcm;rate=24000", "data": "AAAA"}},
        Media("audio", "data:audio/L16;codec=pcm;rate=24000;base64,AAAA"),
    ),
    "a document with a name": (
        {"inlineData": {"mimeType": "application/pdf", "data": "JVBE", "displayName": "a.pdf"}},
        Media("file", "data:application/pdf;base64,JVBE", {"inlineData": {"displayName": "a.pdf"}}),
    ),
    "a film by URL": (
        {
            "fileData": {"mimeType": "video/mp4", "fileUri": "gs://b/film.mp4"},
            "videoMetadata": {"fps": 2},
        },
        Media(
            "file",
            "gs://b/film.mp4",
            {"videoMetadata": {"fps": 2}, "fileData": {"mimeType": "video/mp4"}},
        ),
    ),
}


@pytest.mark.parametrize("case", PARTS)
def test_a_part_is_read_and_comes_back(case: str) -> None:
    value, part = PARTS[case]
    assert read_part(value) == part
    assert write_part(part) == [value]


@pytest.mark.parametrize(
    "value",
    [
        {"executableCode": {"language": "PYTHON", "code": "print(1)"}},
        {"toolCall": {"toolType": "GOOGLE_SEARCH_WEB"}, "thoughtSignature": "c2ln"},
        {"functionCall": {"name": "f", "args": [1]}},
        {"functionCall": {"name": "f", "args": {}, "id": 1}},
        {"functionCall": {"args": {}}},
        {"text": "ab", "parts": [{"length": 1}, {}]},
        {"text": None},
        {},
        "text",
        None,
    ],
)
def test_what_has_no_readable_form_is_kept(value: Any) -> None:
    assert read_part(value) == Opaque(value)
    assert write_part(Opaque(value)) == [value]


def test_hand_written_calls_get_an_object() -> None:
    written = [
        write_part(Call("f", "", text))[0]["functionCall"]["args"]  # type: ignore[call-overload,index]
        for text in ('{"a": 1}', "[1]", "plain", "")
    ]
    assert written == [{"a": 1}, {"input": [1]}, {"input": "plain"}, {}]
    edited = Call("f", "", '{"a": 1}', "function", {"without": ["args"]})
    assert write_part(edited) == [{"functionCall": {"name": "f", "args": {"a": 1}}}]


def test_a_refusal_is_a_text_here() -> None:
    assert write_part(Refusal("No.")) == [{"text": "No."}]


CALL = {"functionCall": {"name": "f", "args": {}}}
SAID: dict[str, tuple[list[Any], str | None, tuple[Part, ...]]] = {
    "one text is the body": ([{"text": "Hi"}], "Hi", ()),
    "so it is between thoughts and calls": (
        [{"text": "Hm", "thought": True}, {"text": "Hi"}, CALL],
        "Hi",
        (Reasoning("Hm", "thought"), Call("f", "", "{}")),
    ),
    "but not in another place": (
        [CALL, {"text": "Hi"}],
        None,
        (Call("f", "", "{}"), Text("Hi")),
    ),
    "nor with fields": (
        [{"text": "Hi", "thoughtSignature": "s"}],
        None,
        (Text("Hi", {"thoughtSignature": "s"}),),
    ),
    "two texts apart": (
        [{"text": "a"}, CALL, {"text": "b"}],
        None,
        (Text("a"), Call("f", "", "{}"), Text("b")),
    ),
    "neighbours are one": (
        [{"text": "He", "thoughtSignature": "s"}, {"text": "l"}, {"text": "lo"}],
        None,
        (Text("Hello", {"parts": [{"length": 2, "thoughtSignature": "s"}, {"length": 1}, {}]}),),
    ),
    "neighbouring thoughts too": (
        [{"text": "H", "thought": True}, {"text": "m", "thought": True}, {"text": "!"}],
        "!",
        (Reasoning("Hm", "thought", {"parts": [{"length": 1}, {}]}),),
    ),
    "nothing": ([], None, ()),
}


@pytest.mark.parametrize("case", SAID)
def test_what_a_model_said_is_read_and_comes_back(case: str) -> None:
    values, body, parts = SAID[case]
    assert read_said(values) == (body, parts)
    assert write_said(body, parts) == values


def test_a_text_that_was_edited_is_cut_as_far_as_it_goes() -> None:
    cuts = {"parts": [{"length": 2, "x": 1}, {"length": 3}, {"y": 2}]}
    assert write_part(Text("abc", cuts)) == [{"text": "ab", "x": 1}, {"text": "c"}, {"text": "", "y": 2}]  # fmt: skip
    assert write_part(Text("abcdefg", cuts))[2] == {"text": "fg", "y": 2}
    odd = {"parts": [{"length": -2}, {"length": "x"}, {}]}
    assert write_part(Text("abc", odd)) == [{"text": ""}, {"text": ""}, {"text": "abc"}]


JOINED: dict[str, tuple[list[Any], list[Any]]] = {
    "texts": ([{"text": "a"}, {"text": "b"}], [{"text": "ab"}]),
    "thoughts apart from texts": (
        [{"text": "a", "thought": True}, {"text": "b", "thought": True}, {"text": "c"}],
        [{"text": "ab", "thought": True}, {"text": "c"}],
    ),
    "a signature after its text": (
        [{"text": "a"}, {"text": "", "thoughtSignature": "s"}, {"text": "b"}],
        [{"text": "a", "thoughtSignature": "s"}, {"text": "b"}],
    ),
    "a signature with its text": (
        [{"text": "a"}, {"text": "b", "thoughtSignature": "s"}, {"text": "c"}, {"text": "d"}],
        [{"text": "a"}, {"text": "b", "thoughtSignature": "s"}, {"text": "cd"}],
    ),
    "two signatures": (
        [{"text": "a", "thoughtSignature": "s"}, {"text": "", "thoughtSignature": "t"}],
        [{"text": "a", "thoughtSignature": "s"}, {"text": "", "thoughtSignature": "t"}],
    ),
    "a signature of a text is none of a thought": (
        [{"text": "a", "thought": True}, {"text": "", "thoughtSignature": "s"}],
        [{"text": "a", "thought": True}, {"text": "", "thoughtSignature": "s"}],
    ),
    "an empty text says nothing": ([CALL, {"text": ""}], [CALL]),
    "but alone": ([{"text": ""}, {"text": ""}], [{"text": ""}]),
    "a thought is true": (
        [{"text": "a", "thought": False}, {"text": "b"}],
        [{"text": "a", "thought": False}, {"text": "b"}],
    ),
    "what is no part": ([{}, None, {"text": 1}], [{}, None, {"text": 1}]),
}


@pytest.mark.parametrize("case", JOINED)
def test_neighbouring_texts_are_joined(case: str) -> None:
    values, expected = JOINED[case]
    assert join(values) == expected
    assert join(expected) == expected


values: st.SearchStrategy[list[Any]] = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"text": st.text(max_size=5)},
            optional={
                "thought": st.booleans(),
                "thoughtSignature": st.just("s"),
                "length": st.just(3),
                "parts": st.lists(st.dictionaries(st.just("length"), st.integers(-1, 4))),
            },
        ),
        st.just(CALL),
        st.just({"functionCall": {"name": "f", "args": {"a": 1.5}, "id": "i"}}),
        st.just({"executableCode": {}}),
        st.dictionaries(st.sampled_from(["text", "functionCall", "inlineData"]), st.none()),
    ),
    max_size=6,
)


@given(values)
def test_any_parts_come_back_but_for_a_field_that_is_ours(parts: list[Any]) -> None:
    said = write_said(*read_said(parts))
    if not any(isinstance(part, dict) and "length" in part for part in parts):
        assert same(said, parts)
    text = "".join(part.get("text") or "" for part in parts)
    assert "".join(part.get("text") or "" for part in said) == text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "other",
    [
        {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
    ],
)
def test_a_text_beside_a_picture_or_an_item_is_one_of_a_list(other: JsonObject) -> None:
    values: list[Json] = [{"text": "Here it is."}, other]
    body, parts = read_said(values)
    assert (body, parts[0]) == (None, Text("Here it is."))
    assert write_said(body, parts) == values
