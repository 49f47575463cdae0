"""One text for all spellings of a message."""

from dataclasses import replace
from typing import Any

import pytest

from rechat.dialects.openai_chat.messages import read_message
from rechat.matching.spelling import canonical_message
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Text


def history(**said: Any) -> bytes:
    """A message of the assistant, as it counts."""
    return canonical_message(read_message({"role": "assistant", "content": None} | said))


def test_the_input_of_a_custom_tool_counts_to_the_letter() -> None:
    def custom(text: str) -> bytes:
        made = {"id": "c", "type": "custom", "custom": {"name": "sh", "input": text}}
        return history(tool_calls=[made])

    assert custom("[1, 2]") != custom("[1,2]")


def test_a_spoken_answer_is_sent_back_by_its_id() -> None:
    spoken = {"id": "audio_1", "data": "UklGRgAA", "transcript": "Hi", "expires_at": 1}
    assert history(audio=spoken) == history(audio={"id": "audio_1"})
    assert history(audio=spoken) != history(audio={"id": "audio_2"})


@pytest.mark.parametrize(("kind", "counts"), [("audio", False), ("image", False), ("file", True)])
def test_an_uploaded_sound_or_picture_has_any_name(kind: Any, counts: bool) -> None:
    def upload(filename: str) -> bytes:
        named = {"name": "file", "filename": filename}
        return canonical_message(Message("request", None, (Media(kind, "data:x,", named),)))

    assert (upload("tmp1.wav") != upload("tmp2.wav")) is counts


def test_calls_that_cannot_be_read_count_as_they_are() -> None:
    odd = {"type": "function", "function": {"name": "f"}}
    assert history(tool_calls=[odd]) != history(tool_calls=[odd | {"id": "c1"}])
    assert history(tool_calls=[odd]) != history()


def test_what_a_user_says_counts_whole() -> None:
    one, other = (
        canonical_message(read_message({"role": "user", "content": "x", "annotations": [n]}))
        for n in (1, 2)
    )
    assert one != other


def test_content_that_nobody_knows_counts_as_it_is() -> None:
    def shown(content: Any) -> bytes:
        return canonical_message(read_message({"role": "user", "content": content}))

    odd = {"type": "video_url", "video_url": {"url": "http://a/b.mp4"}}
    assert shown([odd]) == shown([odd | {"cache_control": {"type": "ephemeral"}}])
    assert shown([odd]) != shown([odd | {"video_url": {"url": "http://a/c.mp4"}}])


@pytest.mark.parametrize("role", ["user", "assistant", "tool", 'odd "role"'])
@pytest.mark.parametrize("body", [None, "", "Hi", 'é "\n\ud800'])
def test_a_message_that_is_only_a_text_is_spelled_as_any_other(role: str, body: str | None) -> None:
    assert canonical_message(Message(role, body)) == canonical_message(
        Message(role, body, fields={"odd": None})
    )


def test_a_text_beside_a_picture_counts() -> None:
    picture = Media("image", "https://example.org/a.png")
    one, other = (Message("user", text, (picture,)) for text in ("What is it?", "Where is it?"))
    assert canonical_message(one) != canonical_message(other)
    as_parts = Message("user", None, (Text("What is it?"), picture))
    assert canonical_message(one) == canonical_message(as_parts)


def test_previews_of_a_picture_do_not_count_in_what_a_model_said() -> None:
    item = {"type": "image_generation_call", "result": "QUJD"}
    shown = item | {"partial_images": [{"partial_image_b64": "QQ=="}]}
    first, second = (Message("assistant", None, (Opaque(said),)) for said in (item, shown))
    assert canonical_message(first) == canonical_message(second)
    asked = Message("user", None, (Opaque(shown),))
    assert canonical_message(asked) != canonical_message(replace(asked, parts=(Opaque(item),)))
