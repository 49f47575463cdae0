"""One message, and what follows from it."""

from rechat.values.conversation import Call
from rechat.values.conversation import Message
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text


def test_the_text_of_a_message_is_its_body_and_text_parts() -> None:
    message = Message("assistant", "one", (Text("two"), Refusal("no"), Call("f", "c", "{}")))
    assert message.text == "one\ntwo"
    assert [call.name for call in message.parts_of(Call)] == ["f"]


def test_ids_of_calls_change_in_the_calls_and_in_their_results() -> None:
    ids = {"c1": "c2"}
    said = Message("assistant", None, (Call("f", "c1", "{}"), Call("g", "other", "{}")))
    result = Message("tool", "ok", fields={"tool_call_id": "c1"})
    assert [call.id for call in said.with_ids(ids).parts_of(Call)] == ["c2", "other"]
    assert result.with_ids(ids).fields == {"tool_call_id": "c2"}


def test_a_kept_message_works_out_once_what_follows_from_it() -> None:
    asked: list[int] = []
    message = Message("user", "Hi").kept()
    for _ in range(2):
        message.once("digest", lambda: asked.append(1))
    assert asked == [1]


def test_a_message_that_is_not_kept_remembers_nothing() -> None:
    asked: list[int] = []
    message = Message("user", "Hi")
    for _ in range(2):
        message.once("digest", lambda: asked.append(1))
    assert asked == [1, 1]
