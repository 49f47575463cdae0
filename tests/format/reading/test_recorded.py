"""A formatter and a person leave different traces in a recorded answer."""

import pytest

from rechat.format import parse
from rechat.format import writer
from rechat.format.reading.recorded import changes_in
from rechat.format.reading.recorded import digest_of
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BinaryAnswer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Entry
from rechat.values import ErrorAnswer
from rechat.values import Given
from rechat.values import Message
from rechat.values import Options
from rechat.values import RawAnswer
from rechat.values import Reasoning
from rechat.values import Reply

SAID = "* One _item_\n* Two  \n\n1) three\n\n\n| a|b |\n|-|-|"
CALL = Call("f", "c1", '{"a":1,   "b":[1,2]}')


def recorded(*messages: Message) -> str:
    answer = Answer(tuple(Choice(message, {"finish_reason": "stop"}) for message in messages))
    entries: list[Entry] = [Given(Message("user", "Hi")), Reply(answer)]
    return writer.new_file({}, Options("exact"), entries, "").source


def changes(source: str) -> list[str]:
    [section] = parse(source).sections
    reply = section.entries[-1]
    assert isinstance(reply, Reply)
    assert isinstance(reply.answer, Answer)
    return list(changes_in(source, reply.span, reply.answer))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("Two  ", "Two", ["formatting"]),
        ("* One _item_", "- One *item*", ["formatting"]),
        ("1) three", "2. three", ["formatting"]),
        ("| a|b |\n|-|-|", "| a   | b   |\n| --- | --- |", ["formatting"]),
        ('{"a":1,   "b":[1,2]}', '{ "a": 1, "b": [1, 2] }', ["formatting"]),
        ("One", "Ten", ["words"]),
        ("1) three", "1) four", ["words"]),
        ("finish_reason: stop\n", "finish_reason: length\n", []),
        ("digest: ", "id: ", []),
        ("digest: ", "digest: not-one # ", []),
    ],
)
def test_what_changed_since(old: str, new: str, expected: list[str]) -> None:
    source = recorded(Message("assistant", SAID, (CALL,)))
    assert old in source
    assert changes(source.replace(old, new, 1) if old else source) == expected


def test_each_choice_has_its_own() -> None:
    source = recorded(Message("assistant", "one"), Message("assistant", "two"))
    assert changes(source) == []
    assert changes(source.replace("\ntwo\n", "\n**two**\n")) == ["formatting"]


def test_an_answer_that_was_not_recorded_has_none() -> None:
    answer = Answer((Choice(Message("assistant", "a"), {"finish_reason": "stop"}),))
    entries: list[Entry] = [Given(Message("user", "Hi")), Reply(answer)]
    assert "digest" not in writer.new_file({}, Options(), entries).source


def test_a_field_of_the_api_with_its_name_comes_back() -> None:
    answer = Answer((Choice(Message("assistant", "a")),), {"digest": "theirs"})
    entries: list[Entry] = [Given(Message("user", "Hi")), Reply(answer)]
    source = writer.new_file({}, Options("exact"), entries, "").source
    assert parse(source).sections[0].entries[-1] == Reply(answer)
    assert changes(source) == []


def test_it_stays_when_the_answer_above_is_told_anew() -> None:
    fields = {"model": "m-1", "usage": {"total_tokens": 4, "prompt_tokens": 3}, "object": "x"}
    first, second = (
        Reply(Answer((Choice(Message("assistant", text)),), fields)) for text in ("one", "two")
    )
    given = Given(Message("user", "Hi"))
    source = writer.new_file({}, Options("exact"), [given, first, given, second], "").source
    [section] = parse(source).sections
    other = Answer((Choice(Message("assistant", "three")),))
    edited = writer.replace(source, section, 1, other, "").source
    assert "rest: as above" in source
    assert "rest: as above" not in edited
    assert changes(edited) == []
    assert edited.count("digest: ") == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer((Choice(Message("assistant", "a")),), {"model": "m", "recorded": "theirs"}),
        Answer((Choice(Message("assistant", "a")), Choice(Message("assistant", "b")))),
        Answer((Choice(Message("assistant", None)),)),
        ErrorAnswer(404, {"error": "none"}),
        RawAnswer({"a": 1}, 201),
        BinaryAnswer(b"a", 200, (("content-type", "audio/mpeg"),)),
    ],
)
@pytest.mark.parametrize("note", [None, "852 ms"])
def test_the_day_of_an_answer_of_any_kind_comes_back(answer: AnyAnswer, note: str | None) -> None:
    reply = Reply(answer, recorded="2026-11-26")
    entries: list[Entry] = [Given(Message("user", "Hi")), reply]
    edit = writer.new_file({}, Options("exact"), entries, note)
    [section] = parse(edit.source, edit.stored.__getitem__).sections
    assert section.entries[-1] == reply
    assert edit.source.count('recorded: "2026-11-26"') == 1


def test_the_day_stays_when_the_answer_above_is_told_anew_and_is_none_of_the_rest() -> None:
    fields = {"model": "m-1", "usage": {"total_tokens": 4, "prompt_tokens": 3}, "object": "x"}
    first, second, third = (
        Reply(Answer((Choice(Message("assistant", text)),), fields), recorded=day)
        for text, day in (("one", "2026-11-26"), ("two", "2026-11-27"), ("three", ""))
    )
    given = Given(Message("user", "Hi"))
    entries: list[Entry] = [given, first, given, second, given, third]
    source = writer.new_file({}, Options("exact"), entries, "").source
    assert source.count("rest: as above") == 2
    [section] = parse(source).sections
    assert [*section.entries] == entries
    other = Answer((Choice(Message("assistant", "four")),))
    edited = writer.replace(source, section, 1, other, "", "2026-11-28").source
    [again] = parse(edited).sections
    assert [*again.entries[2:]] == entries[2:]
    assert again.entries[1] == Reply(other, recorded="2026-11-28")


def test_an_answer_that_says_nothing_has_no_digest() -> None:
    assert digest_of(Message("assistant", None)) == ""
    assert digest_of(Message("assistant", None, (Reasoning("why"),))) != ""
