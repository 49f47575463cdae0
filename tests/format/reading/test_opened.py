"""What has been read of a message: whether it is blank, and where its metadata and its end are."""

from rechat.format.blocks import Block
from rechat.format.headings import PartHeading
from rechat.format.headings import RoleHeading
from rechat.format.reading.opened import OpenMessage
from rechat.format.reading.opened import OpenPart
from rechat.format.reading.opened import add_note


def opened(role: str = "assistant", **known: object) -> OpenMessage:
    return OpenMessage(RoleHeading(role), 1, 0, 10, **known)  # type: ignore[arg-type]


def note(text: str, line: int = 3) -> Block:
    return Block("note", 20, 30, line, text)


def test_a_message_with_commentary_only_is_blank() -> None:
    message = opened()
    add_note(message, note("Words."))
    assert message.is_blank
    assert message.prose == 3
    assert not opened(fields={"a": 1}).is_blank


def test_a_body_before_parts_of_the_content_is_listed_with_them() -> None:
    picture, sound = [OpenPart(PartHeading(kind), 2) for kind in ("image", "audio")]
    assert opened("user", has_body=True, parts=[picture]).is_listed
    assert opened("user", has_body=True, parts=[sound]).is_listed
    assert not opened("assistant", has_body=True, parts=[sound]).is_listed
    assert not opened("user", parts=[picture]).is_listed


def test_details_with_yaml_belong_to_the_message_and_others_do_not() -> None:
    message = opened()
    add_note(message, note("<details><summary>x</summary>", 3))
    assert message.details == 3
    add_note(message, note("</details>", 4))
    assert (message.details, message.end) == (0, 10)
    add_note(message, note("<details>", 5))
    message.yaml_line = 6
    add_note(message, note("</details>", 7))
    assert message.end == 30
    assert not message.prose
