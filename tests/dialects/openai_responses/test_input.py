"""The items of `input` to messages and back."""

import json
from typing import Any

import pytest

from rechat.dialects.openai_responses.input import read_input
from rechat.dialects.openai_responses.input import write_input
from rechat.matching.spelling import canonical_message
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.errors import BodyError
from rechat.values.jsontext import Json

CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
CUSTOM = {"type": "custom_tool_call", "call_id": "d", "name": "g", "input": "x"}
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}]}
SAID = {"type": "output_text", "text": "Hi", "annotations": [], "logprobs": []}
MESSAGE = {"type": "message", "role": "assistant", "id": "m", "status": "completed", "content": [SAID]}  # fmt: skip
PIXEL = "data:image/png;base64,AAAA"


def read(*items: Any) -> tuple[Message, ...]:
    return read_input([*items])


def part(value: Any) -> Any:
    (message,) = read({"role": "user", "content": [{"type": "input_text", "text": "a"}, value]})
    return message.parts[1]


@pytest.mark.parametrize(
    "value",
    [
        "Hi",
        [{"role": "user", "content": "Hi"}],
        [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}],
        [{"type": "message", "role": "user", "id": "msg_1", "status": "completed", "content": "Hi"}],
    ],
)  # fmt: skip
def test_one_text_in_every_spelling(value: Json) -> None:
    assert read_input(value) == (Message("user", "Hi"),)


def test_no_input_is_no_message() -> None:
    assert read_input(None) == ()


def test_roles_stay() -> None:
    roles = ("system", "developer", "user", "user", "assistant")
    assert [message.role for message in read(*({"role": role, "content": "a"} for role in roles))] == [*roles]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"type": "input_text", "text": "b"}, Text("b")),
        ({"type": "refusal", "refusal": "No."}, Refusal("No.")),
        ({"type": "input_image", "image_url": PIXEL, "detail": "auto"}, Media("image", PIXEL)),
        (
            {"type": "input_image", "image_url": PIXEL, "detail": "low", "file_id": None},
            Media("image", PIXEL, {"detail": "low"}),
        ),
        (
            {"type": "input_file", "file_data": "data:text/plain;base64,QQ==", "filename": "a.txt"},
            Media("file", "data:text/plain;base64,QQ==", {"filename": "a.txt"}),
        ),
        (
            {"type": "input_file", "file_url": "https://example.com/a.pdf"},
            Media("file", "https://example.com/a.pdf"),
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
            Media("audio", "data:audio/wav;base64,AAAA", {"format": "wav"}),
        ),
        ({"type": "input_image", "file_id": "f"}, Opaque({"type": "input_image", "file_id": "f"})),
        ({"type": "input_file", "file_id": "f"}, Opaque({"type": "input_file", "file_id": "f"})),
        ("odd", Opaque("odd")),
    ],
)
def test_parts_of_a_message(value: Any, expected: object) -> None:
    assert part(value) == expected


def test_what_the_model_said_is_one_message() -> None:
    assert read({"role": "user", "content": "a"}, THOUGHT, MESSAGE, CALL, CUSTOM) == (
        Message("user", "a"),
        Message(
            "assistant",
            None,
            (
                Reasoning("Hm.", "summary"),
                Text("Hi"),
                Call("f", "c", "{}"),
                Call("g", "d", "x", "custom"),
            ),
        ),
    )
    assert read(MESSAGE, CALL) == (Message("assistant", "Hi", (Call("f", "c", "{}"),)),)


def test_what_an_sdk_adds_to_what_was_said_does_not_count() -> None:
    said = MESSAGE | {"content": [SAID | {"parsed": None}], "phase": None}
    call = CALL | {"id": "fc_1", "status": "completed", "parsed_arguments": {"a": 1}}
    assert read(said, call) == read(MESSAGE, CALL)


def test_a_phase_is_kept() -> None:
    (message,) = read(MESSAGE | {"phase": "commentary"})
    assert message.parts == (Text("Hi", {"phase": "commentary"}),)
    assert canonical_message(message) == canonical_message(Message("assistant", "Hi"))


@pytest.mark.parametrize("kind", ["function_call_output", "custom_tool_call_output"])
def test_results_are_messages_of_the_tool(kind: str) -> None:
    fields = {"tool_call_id": "c"}
    result = {"type": kind, "call_id": "c", "id": "fco_1", "status": "completed"}
    shown = {"type": "input_image", "image_url": PIXEL}
    assert read(result | {"output": "21C"}) == (Message("tool", "21C", fields=fields),)
    assert read(result | {"output": [{"type": "input_text", "text": "21C"}]}) == read(
        result | {"output": "21C"}
    )
    assert read(result | {"output": [shown]}) == (
        Message("tool", None, (Media("image", PIXEL),), fields),
    )
    assert read(result | {"output": {"a": 1}}) == (
        Message("tool", None, (Opaque({"a": 1}),), fields),
    )


def test_other_results_are_opaque() -> None:
    output = {"type": "computer_call_output", "call_id": "c", "output": {"type": "x"}}
    assert read(output | {"id": "cco_1"}) == (
        Message("tool", None, (Opaque(output),), {"tool_call_id": "c"}),
    )
    approval = {"type": "mcp_approval_response", "approval_request_id": "a", "approve": True}
    assert read(approval) == (Message("tool", None, (Opaque(approval),)),)


@pytest.mark.parametrize(
    ("item", "role"),
    [
        ({"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {}}, "assistant"),
        ({"type": "program_output", "output": "x"}, "assistant"),
        ({"type": "tool_search_output", "execution": "server", "tools": []}, "assistant"),
        ({"type": "function_call", "name": "f"}, "assistant"),
        ({"type": ["odd"], "a": 1}, "assistant"),
        ({"type": "additional_tools", "role": "developer", "tools": []}, "developer"),
        ({"type": "message", "role": "critic", "content": "x"}, "user"),
        ({"content": "x"}, "user"),
    ],
)  # fmt: skip
def test_other_items_are_opaque_on_the_side_they_belong_to(item: Any, role: str) -> None:
    bare = {key: value for key, value in item.items() if key not in ("id", "status")}
    assert read(item) == (Message(role, None, (Opaque(bare),)),)


def test_an_id_counts_where_there_is_nothing_else() -> None:
    reference = {"type": "item_reference", "id": "msg_1"}
    assert read(reference) == (Message("assistant", None, (Opaque(reference),)),)


@pytest.mark.parametrize(("value", "kind"), [({}, "an object"), (1, "a number"), (["x"], "a string")])  # fmt: skip
def test_what_is_no_conversation_is_an_error(value: Json, kind: str) -> None:
    with pytest.raises(BodyError, match=f"not {kind}"):
        read_input(value)


def test_odd_content_is_kept() -> None:
    assert read({"role": "user", "content": 1}) == (Message("user", None, (Opaque(1),)),)


CONVERSATION = (
    Message("developer", "Be brief."),
    Message("user", None, (Text("a"), Media("image", PIXEL), Media("file", "https://e.com/a.pdf"))),
    Message("user", None, (Media("audio", "data:audio/wav;base64,AAAA", {"format": "wav"}),)),
    Message("user", None, (Refusal("No."), Media("file", "data:text/plain;base64,QQ=="))),
    Message("user", None, (Text("a"), Opaque({"type": "input_image", "file_id": "f"}))),
    Message("developer", None, (Opaque({"type": "additional_tools", "tools": []}),)),
    Message(
        "assistant",
        None,
        (
            Reasoning("Hm.", "summary", {"encrypted_content": "x"}),
            Text("Hi", {"phase": "commentary"}),
            Refusal("No."),
            Call("f", "c", "{}"),
            Call("g", "d", "x", "custom"),
            Opaque({"type": "web_search_call", "action": {}}),
        ),
    ),
    Message("tool", "21C", fields={"tool_call_id": "c"}),
    Message("tool", None, (Text("a"), Text("b")), {"tool_call_id": "d"}),
    Message("tool", None, (Opaque({"type": "shell_call_output", "call_id": "e"}),), {"tool_call_id": "e"}),
    Message("user", "More", fields={"name": "x"}),
    Message("assistant", "Hi", (Call("f", "c", "{}"),)),
)  # fmt: skip


def test_a_conversation_is_written_again() -> None:
    written = write_input(CONVERSATION)
    assert read_input(json.loads(json.dumps(written))) == CONVERSATION
    kinds = [item["type"] for item in written if isinstance(item, dict) and "type" in item]
    assert kinds.count("custom_tool_call_output") == 1


def test_a_body_with_parts_is_written_as_parts() -> None:
    assert write_input((Message("user", "a", (Text("b"),)),)) == [
        {
            "role": "user",
            "content": [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}],
        }
    ]


def test_a_call_of_the_user_has_no_place() -> None:
    with pytest.raises(BodyError, match="a call has no place"):
        write_input((Message("user", None, (Call("f", "c", "{}"),)),))


def test_what_a_client_notes_for_itself_is_left_out() -> None:
    note = {"internal_chat_message_metadata_passthrough": {"turn_id": "1", "create_time": 1.5}}
    plain: dict[str, Any] = {"role": "user", "content": "Hi"}
    assert read_input([plain | note]) == read_input([plain])
