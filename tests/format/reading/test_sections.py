"""What has been read of a section becomes its settings, messages and answers."""

from dataclasses import replace

import pytest

from rechat.format.headings import RoleHeading
from rechat.format.reading.opened import OpenMessage
from rechat.format.reading.opened import OpenSection
from rechat.format.reading.sections import Sections
from rechat.format.reading.sections import check_titles
from rechat.values.assets import no_assets
from rechat.values.conversation import Entry
from rechat.values.conversation import Given
from rechat.values.conversation import Message
from rechat.values.conversation import Reply
from rechat.values.errors import TranscriptError
from rechat.values.jsontext import JsonObject


def opened(role: str, body: str | None, line: int = 1) -> OpenMessage:
    return OpenMessage(RoleHeading(role), line, 0, 9, body, body is not None)


def test_a_section_has_the_settings_of_its_file_and_its_own() -> None:
    front = {"model": "a", "tools": {"$ref": "tools.json"}}
    made = Sections(lambda _: b"[1]", front, {"model": 2, "tools": 2})
    draft = OpenSection("One", 4, 10, {"model": "b"}, {"model": 6}, [opened("user", "Hi", 8)])
    section = made.section(draft, 90)
    assert section.settings == {"model": "b", "tools": [1]}
    assert section.entries == (Given(Message("user", "Hi")),)
    assert (section.title, section.line, section.span.end) == ("One", 4, 90)


def test_a_setting_in_a_file_that_is_not_there_is_an_error_with_its_line() -> None:
    made = Sections(no_assets, {"tools": {"$ref": "tools.json"}}, {"tools": 2})
    with pytest.raises(TranscriptError, match=r"2: tools is stored in 'tools\.json'"):
        made.section(OpenSection("", 1, 0, messages=[opened("user", "Hi")]), 9)


def test_an_answer_without_anything_is_a_blank_and_the_next_one_is_its_second_take() -> None:
    entries: list[Entry] = []
    made = Sections(no_assets, {}, {})
    for draft in (opened("user", "Hi"), opened("assistant", None), opened("assistant", "Ho")):
        made.add_entry(entries, draft, {})
    _, blank, reply = entries
    assert isinstance(blank, Reply)
    assert isinstance(reply, Reply)
    assert blank.answer is None
    assert reply.take == 2


@pytest.mark.parametrize(
    ("role", "fields"),
    [("user", {"content": "Ho"}), ("assistant", {"message": {"content": "Ho"}})],
)
def test_a_content_beside_a_body_is_an_error_and_does_not_hide_it(
    role: str, fields: JsonObject
) -> None:
    draft = replace(opened(role, "Hi"), fields=fields, yaml_line=7)
    made = Sections(no_assets, {}, {})
    above: list[Entry] = [Given(Message("user", "Hello"))]
    with pytest.raises(TranscriptError, match=r"7: `content:` gives .* another content"):
        made.add_entry(above, draft, {})


def test_a_title_stands_once() -> None:
    made = Sections(no_assets, {}, {})
    one, two = [
        made.section(OpenSection("A", line, 0, messages=[opened("user", "Hi")]), 9)
        for line in (1, 5)
    ]
    with pytest.raises(TranscriptError, match="5: there is a section 'A' in line 1"):
        check_titles([one, two])
