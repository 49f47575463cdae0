"""A transcript from its text, and as text that reads as an equal one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from strategies import odd_texts

from rechat.format.codec import parse
from rechat.format.codec import render
from rechat.format.writer import LONG
from rechat.values.conversation import Answer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Choice
from rechat.values.conversation import Entry
from rechat.values.conversation import Given
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Options
from rechat.values.conversation import Reply
from rechat.values.conversation import Section
from rechat.values.conversation import Transcript
from rechat.values.errors import RechatError
from rechat.values.errors import TranscriptError

SAMPLE = Path(__file__).parents[2] / "docs" / "sample.md"


def conversation(asks: str = "Hi") -> tuple[Entry, ...]:
    answer = Answer((Choice(Message("assistant", "Hello\n### user\n")),))
    return (Given(Message("user", asks)), Reply(answer))


def test_a_transcript_of_several_sections_comes_back_equal() -> None:
    first = Section("", {"model": "m"}, conversation())
    second = Section("Two", {"model": "n", "n": 2}, conversation(), Options("exact"))
    third = Section("Three", {"model": "m"}, conversation("Bye"), Options(takes="cycle"))
    for sections in ((), (first,), (first, second, third), (third, second)):
        assert parse(render(Transcript(sections))) == Transcript(sections)


def test_sections_without_titles_come_back_equal() -> None:
    text = "### user\n\n> a\n\n##\n\n### user\n\n> b\n\n## \n\n### user\n\n> c\n"
    transcript = parse(text)
    assert [section.title for section in transcript.sections] == ["", "", ""]
    assert parse(render(transcript)) == transcript


@pytest.mark.parametrize(("heading", "title"), [("C # ##", "C #"), ("C\f", "C\f")])
def test_a_title_comes_back_with_all_that_is_at_its_end(heading: str, title: str) -> None:
    transcript = parse(f"## {heading}\n\n### user\n\n> a\n")
    assert [section.title for section in transcript.sections] == [title]
    assert parse(render(transcript)) == transcript


def test_a_page_with_pictures_comes_back_equal() -> None:
    def read(path: str) -> bytes:
        return (SAMPLE.parent / path).read_bytes()

    sample = parse(SAMPLE.read_bytes(), read)
    written: dict[str, bytes] = {}
    text = render(sample, written.__setitem__)
    assert len(written) == 1
    assert parse(text, written.__getitem__) == sample


def test_bytes_and_text_read_alike_whatever_their_line_ends() -> None:
    text = "\ufeff### user\r\n\r\n> Hi\r\n"
    assert parse(text) == parse(text.encode()) == parse("### user\n\n> Hi\n")


def test_a_text_that_is_none_is_an_error_with_its_line() -> None:
    for damaged in ("### user\n\n> a\ud800\n", b"### user\n\n> a\xff\n"):
        with pytest.raises(TranscriptError, match="3: not UTF-8"):
            parse(damaged)


@pytest.mark.parametrize(
    "entries",
    [
        (Given(Message("user", None, (Media("image", "data:image/png;base64,iVBORw0KGgo="),))),),
        (Given(Message("system", "x" * (LONG + 1))),),
        (Reply(BinaryAnswer(b"\0", headers=(("content-type", "audio/wav"),))),),
    ],
    ids=["picture", "long prompt", "bytes"],
)
def test_files_are_only_written_by_who_can_write_them(entries: tuple[Entry, ...]) -> None:
    transcript = Transcript((Section("", {}, entries),))
    with pytest.raises(RechatError, match=r"links to a file \(assets/.*: render it with"):
        render(transcript)
    written: dict[str, bytes] = {}
    assert parse(render(transcript, written.__setitem__), written.__getitem__) == transcript


@pytest.mark.parametrize(
    "sections",
    [
        (Section("Same", {}, conversation()), Section("Same", {}, conversation())),
        (Section("", {"n": 1}, conversation()), Section("Other", {}, conversation())),
        (Section("Empty", {}, ()),),
        (Section("", {}, (Given(Message("nobody", "Hi")),)),),
        (Section("", {}, (Given(Message("user", fields={"content": {"$bytes": "x"}})),)),),
    ],
    ids=["titles", "settings for all", "no messages", "role", "link"],
)
def test_what_no_text_can_say_is_an_error(sections: tuple[Section, ...]) -> None:
    written: dict[str, bytes] = {}
    with pytest.raises(RechatError, match="cannot be written"):
        render(Transcript(sections), written.__setitem__)
    assert written == {}


@given(odd_texts, odd_texts)
@settings(deadline=None, max_examples=300)
def test_any_text_comes_back_through_the_bytes_of_a_file(asks: str, says: str) -> None:
    answer = Answer((Choice(Message("assistant", says)),))
    section = Section("", {"stop": [asks, says]}, (Given(Message("user", asks)), Reply(answer)))
    text = render(Transcript((section,)))
    assert parse(text.encode()) == Transcript((section,))
    assert parse(b"\xef\xbb\xbf" + text.encode()) == Transcript((section,))
