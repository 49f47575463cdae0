"""Every text of a message or an answer, changed in one way."""

from rechat.values.conversation import Answer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.map_text import in_answer
from rechat.values.map_text import in_message


def test_all_texts_of_a_message_change() -> None:
    picture = Media("image", "https://example.com/a")
    parts = (
        Text("a"),
        Reasoning("a"),
        Refusal("a"),
        Opaque({"a": ["a", 1]}),
        Call("a", "a", "a"),
        Call("a", "a", "a", "custom"),
        picture,
    )
    changed = in_message(Message("user", "a", parts), str.upper, lambda text: text + "!")
    assert changed == Message(
        "user",
        "A",
        (
            Text("A"),
            Reasoning("A"),
            Refusal("A"),
            Opaque({"a": ["A", 1]}),
            Call("a", "a", "a!"),
            Call("a", "a", "A", "custom"),
            picture,
        ),
    )


def test_all_texts_of_an_answer_change() -> None:
    said = Answer((Choice(Message("assistant", "a")),), {"id": "a"})
    assert in_answer(said, str.upper) == Answer((Choice(Message("assistant", "A")),), {"id": "a"})
    assert in_answer(Fault("cut", 1, "a"), str.upper) == Fault("cut", 1, "A")
    assert in_answer(ErrorAnswer(400, {"a": "a"}), str.upper) == ErrorAnswer(400, {"a": "A"})
    assert in_answer(RawAnswer(["a", None]), str.upper) == RawAnswer(["A", None])
    raw = BinaryAnswer(b"a")
    assert in_answer(raw, str.upper) is raw
