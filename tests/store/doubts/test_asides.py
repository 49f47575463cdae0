"""Commentary that looks like a part of the conversation."""

import pytest

from rechat.format.reader import parse
from rechat.store.doubts.asides import remarks_on_asides
from rechat.values.conversation import Section

QUESTION = "### user\n\n> Hi\n\n"
ANSWER = "### assistant\n\n> Ho\n"


def remarks(text: str) -> list[tuple[int, str, str]]:
    return [*remarks_on_asides(text, parse(text).sections)]


@pytest.mark.parametrize(
    ("text", "line", "level", "words"),
    [
        (f"{QUESTION}and more\n\n{ANSWER}", 5, "notice", "start each line with `> `"),
        (f"{QUESTION}temperature: 0\n\n{ANSWER}", 5, "warning", "a ```yaml fence"),
        (f"{QUESTION}**Assistant:** Ho\n\n{ANSWER}", 5, "warning", "opens no message"),
        (f"{QUESTION}##### Notes\n\n{ANSWER}", 5, "warning", "ends the text of `### user`"),
        (f"{QUESTION}  > And?\n\n{ANSWER}", 5, "warning", "is no quote"),
    ],
)
def test_what_may_belong_to_a_message_is_named_with_the_way_to_write_it(
    text: str, line: int, level: str, words: str
) -> None:
    [(at, grave, message)] = remarks(text)
    assert (at, grave) == (line, level)
    assert words in message


def test_comments_and_what_stands_above_all_messages_are_for_people() -> None:
    assert remarks(f"# Title\n\nAbout this file.\n\n{QUESTION}<!-- and more -->\n\n{ANSWER}") == []


def test_recorded_conversations_are_not_read_for_it() -> None:
    head = "---\nrechat:\n  match: exact\n---\n"
    assert remarks(f"{head}{QUESTION}and more\n\n{ANSWER}") == []


def test_a_file_without_messages_has_none() -> None:
    nothing: tuple[Section, ...] = ()
    assert [*remarks_on_asides("temperature: 0\n", nothing)] == []
