"""What is written comes back to the letter, and a change leaves the rest of the file alone."""

import dataclasses
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import example
from hypothesis import given
from hypothesis import reject
from hypothesis import settings
from hypothesis import strategies as st
from strategies import any_answers
from strategies import entries
from strategies import objects
from strategies import plain_characters
from strategies import request_messages

from rechat.format.reader import parse
from rechat.format.source import decode
from rechat.format.source import splice
from rechat.format.writer import LONG
from rechat.format.writer import append
from rechat.format.writer import insert
from rechat.format.writer import new_file
from rechat.format.writer import replace
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Choice
from rechat.values.conversation import Entry
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Given
from rechat.values.conversation import Message
from rechat.values.conversation import Options
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Refusal
from rechat.values.conversation import Reply
from rechat.values.conversation import Section
from rechat.values.errors import TranscriptError
from rechat.values.jsontext import JsonObject
from rechat.values.jsontext import Number


def exact(value: Any) -> Any:
    """A value of the model such that `1`, `1.0`, `1.00` and `true` differ; places do not count."""
    match value:
        case Number():
            return value.literal
        case dict():
            return sorted((key, exact(item)) for key, item in value.items())
        case list() | tuple():
            return [exact(item) for item in value]
        case str() | bytes() | bool() | int() | float() | None:
            return repr(value)
        case _:
            compared = [field.name for field in dataclasses.fields(value) if field.compare]
            return type(value).__name__, [exact(getattr(value, name)) for name in compared]


def said(text: str, **fields: Any) -> Answer:
    return Answer((Choice(Message("assistant", text)),), fields)


def asked(text: str) -> Given:
    return Given(Message("user", text))


def only(source: str, stored: dict[str, bytes] | None = None) -> Section:
    (section,) = parse(source, (stored or {}).__getitem__).sections
    return section


@given(entries)
@settings(deadline=None, max_examples=150)
@example([asked("a"), Reply(Answer((Choice(Message("assistant")),)))])
@example([Given(Message("tool", None, (), {"tool_call_id": "like"}))])
@example([Given(Message("user", None, (), {"": "x", "content": None}))])
@example([Given(Message("assistant", "a")), Reply(None)])
@example([Reply(ErrorAnswer(500, "")), Reply(Fault("cut", 0), 2), Reply(RawAnswer({}), 3)])
def test_any_conversation_comes_back_as_it_was_written(conversation: list[Entry]) -> None:
    edit = new_file({}, Options(), conversation)
    edit.source.encode("utf-8")
    assert edit.source.endswith("\n")
    assert exact(only(edit.source, edit.stored).entries) == exact(conversation)


@given(
    objects,
    st.builds(
        Options,
        st.sampled_from(("exact", "listed")),
        st.sampled_from(("last", "cycle", "random", "error")),
        st.lists(st.sampled_from(("seed", "metadata.user")), max_size=2).map(tuple),
        st.sampled_from(("", "a=b&c=%20")),
    ),
)
@settings(deadline=None)
@example(
    {"tools": [{"type": "function", "x": "y" * LONG}], "schema": {"$ref": "a.json"}}, Options()
)
def test_any_settings_come_back_as_they_were_written(own: JsonObject, options: Options) -> None:
    assume("rechat" not in own)
    edit = new_file(own, options, [asked("a")])
    section = only(edit.source, edit.stored)
    assert exact(section.settings) == exact(own)
    assert section.options == options


def test_a_file_is_written_so() -> None:
    answer = said("Ho", id="x", usage={"prompt_tokens": 3, "completion_tokens": 1})
    edit = new_file({"model": "m"}, Options("exact"), [asked("Hi"), Reply(answer)], "recorded")
    assert edit.source == (
        "---\nmodel: m\nrechat: {match: exact}\n---\n\n### user\n\n<blockquote>\n\nHi\n\n</blockquote>\n\n"
        "### assistant\n\n<blockquote>\n\nHo\n\n</blockquote>\n\n<details><summary>3 → 1 tokens · recorded</summary>\n\n"
        "```yaml\nusage: {prompt_tokens: 3, completion_tokens: 1}\nid: x\ndigest: c75808-c75808\n```\n\n</details>\n"
    )  # fmt: skip
    assert edit.stored == {}


def test_long_prompts_and_settings_are_stored_once_and_linked() -> None:
    prompt, tools = "Be kind.\n" * 500, [{"name": "x" * LONG}]
    question = Given(Message("system", prompt))
    edit = new_file({"tools": tools}, Options(), [question])
    assert len(edit.source) < 200
    assert sorted(path.rpartition(".")[2] for path in edit.stored) == ["json", "md"]
    section = only(edit.source, edit.stored)
    assert section.settings == {"tools": tools}
    assert section.entries == (question,)


def test_a_long_prompt_that_is_no_utf8_stays_in_its_file() -> None:
    question = Given(Message("system", "\ud800" * LONG + "x"))
    edit = new_file({}, Options(), [question])
    assert edit.stored == {}
    assert only(edit.source).entries == (question,)


@pytest.mark.parametrize("role", ["user", "assistant"])
def test_a_long_message_is_not_linked(role: str) -> None:
    edit = new_file({}, Options(), [Given(Message(role, "x" * LONG * 2))])
    assert edit.stored == {}


def test_two_answers_without_numbers_are_two_turns() -> None:
    conversation = [Reply(said("a")), Reply(said("b"))]
    edit = new_file({}, Options(), conversation)
    assert only(edit.source).entries == tuple(conversation)


# --- changes

NOTES = ("", "A note.\n", "- a list\n- of notes\n", "<!-- a comment -->\n", "***\n\n# A title\n")
_notes = st.sampled_from(NOTES)
_tails = st.sampled_from(("", "\n", "\n\n\n"))
_following = st.sampled_from(("", "## Next\n\n### user\n\n> x\n", "## Notes\n\nOnly words."))
_quick = settings(deadline=None, max_examples=60)


def _place(
    conversation: list[Entry], note: str, tail: str, following: str
) -> tuple[str, Section, dict[str, bytes]]:
    """A file of two sections, the first with commentary, and that section."""
    edit = new_file({}, Options(), conversation)
    source = f"{note}## First\n\n{note}\n{edit.source.rstrip(chr(10))}\n\n{note}".rstrip("\n")
    source += ("\n\n" if following else "") + tail + following
    try:
        section = parse(source, edit.stored.__getitem__).sections[0]
    except TranscriptError:  # a note where a body could be
        reject()
    return source, section, edit.stored


@given(entries, st.lists(request_messages.map(Given), min_size=1, max_size=2), any_answers, _notes, _tails, _following)  # fmt: skip
@_quick
def test_appending_leaves_every_other_byte(
    conversation: list[Entry], more: list[Entry], answer: AnyAnswer, note: str, tail: str, following: str
) -> None:  # fmt: skip
    source, section, stored = _place(conversation, note, tail, following)
    added = [*more, Reply(answer)]
    edit = append(source, section, added)
    cut = len(source[: section.span.end].rstrip("\n"))
    assert edit.source.startswith(f"{source[:cut]}\n\n### ")
    assert edit.source.endswith(source[cut:])
    assert edit.source.endswith("\n") or following
    read = parse(edit.source, (stored | edit.stored).__getitem__).sections
    assert exact(read[0].entries) == exact([*section.entries, *added])
    assert exact(read[1:]) == exact(parse(source, stored.__getitem__).sections[1:])


def _replies(section: Section) -> list[int]:
    return [index for index, entry in enumerate(section.entries) if isinstance(entry, Reply)]


def _ends_take(section: Section, position: int) -> bool:
    following = section.entries[position + 1 : position + 2]
    return not following or isinstance(following[0], Given)


def _told_again(section: Section, position: int) -> Reply | None:
    """The next answer below, whose `rest: as above` may be told again."""
    below = (entry for entry in section.entries[position + 1 :] if isinstance(entry, Reply))
    return next((reply for reply in below if isinstance(reply.answer, Answer)), None)


def _is_kept(old: str, new: str, section: Section, position: int) -> bool:
    """Whether a change at a reply keeps all before it and, but for the next answer, all behind."""
    reply, again = section.entries[position], _told_again(section, position)
    assert isinstance(reply, Reply)
    if not new.startswith(old[: reply.span.start]):
        return False
    end = len(old[: reply.span.end].rstrip("\n"))
    if again is None or "rest: as above" not in old[again.span.start : again.span.end]:
        return new.endswith(old[end:])
    return old[end : again.span.start] in new and new.endswith(old[again.span.end :])


@given(entries, st.data(), any_answers, _notes, _tails, _following)
@_quick
def test_one_more_take_leaves_every_other_byte(
    conversation: list[Entry], data: st.DataObject, answer: AnyAnswer, note: str, tail: str, following: str
) -> None:  # fmt: skip
    source, section, stored = _place(conversation, note, tail, following)
    assume(not note or not isinstance(answer, ErrorAnswer | Fault))
    ends = [position for position in _replies(section) if _ends_take(section, position)]
    position = data.draw(st.sampled_from(ends))
    last = section.entries[position]
    assert isinstance(last, Reply)
    take = Reply(answer, last.take + 1)
    edit = insert(source, section, position, [(take, None)])
    assert _is_kept(source, edit.source, section, position)
    read = parse(edit.source, (stored | edit.stored).__getitem__).sections[0]
    expected = [*section.entries[: position + 1], take, *section.entries[position + 1 :]]
    assert exact(read.entries) == exact(expected)


@given(entries, st.data(), any_answers, _notes, _tails, _following)
@_quick
def test_another_answer_in_its_place_leaves_every_other_byte(
    conversation: list[Entry], data: st.DataObject, answer: AnyAnswer, note: str, tail: str, following: str
) -> None:  # fmt: skip
    source, section, stored = _place(conversation, note, tail, following)
    assume(not note or not isinstance(answer, ErrorAnswer | Fault))
    position = data.draw(st.sampled_from(_replies(section)))
    old = section.entries[position]
    assert isinstance(old, Reply)
    edit = replace(source, section, position, answer)
    assert _is_kept(source, edit.source, section, position)
    read = parse(edit.source, (stored | edit.stored).__getitem__).sections[0]
    expected = list(section.entries)
    expected[position] = Reply(answer, old.take)
    assert exact(read.entries) == exact(expected)


LONG_META: JsonObject = {"object": "chat.completion", "provider": "x" * 60}


def test_an_answer_says_the_same_when_the_one_above_it_changes() -> None:
    first, second = (
        said("a", id="1", model="m", **LONG_META),
        said("b", id="2", model="m", **LONG_META),
    )
    source = new_file(
        {}, Options(), [asked("1"), Reply(first), asked("2"), Reply(second)], "May"
    ).source
    assert "rest: as above" in source
    source = source.replace("rest: as above", "# a remark\nrest: as above").replace(
        "b\n\n</bl", "b\n\n</bl"
    )
    other = said("c", id="3", model="other", provider="none")
    for edit, answers in (
        (replace(source, only(source), 1, other), [other, second]),
        (insert(source, only(source), 1, [(Reply(other, 2), None)]), [first, other, second]),
    ):
        read = only(edit.source).entries
        assert [entry.answer for entry in read if isinstance(entry, Reply)] == answers
        assert edit.source.count("<summary>May</summary>") == source.count("<summary>May</summary>") - (len(answers) == 2)  # fmt: skip


def test_notes_in_an_answer_move_behind_it() -> None:
    source = """\
### user

> Hi

### assistant

A note
of two lines.

> Ho

<!-- a comment -->

<details><summary>details</summary>

```yaml
id: x
```

</details>

A note behind.

### user

> Bye
"""
    edit = replace(source, only(source), 1, said("Hu"))
    assert (
        edit.source
        == """\
### user

> Hi

### assistant

<blockquote>

Hu

</blockquote>

A note
of two lines.

<!-- a comment -->

A note behind.

### user

> Bye
"""
    )


def test_a_blank_is_filled_in_its_place() -> None:
    source = "### user\n\n> Hi\n\n### assistant\n\n### user\n\n> Bye"
    edit = replace(source, only(source), 1, said("Ho"))
    assert (
        edit.source
        == "### user\n\n> Hi\n\n### assistant\n\n<blockquote>\n\nHo\n\n</blockquote>\n\n### user\n\n> Bye"
    )


def test_a_file_with_crlf_keeps_its_line_ends() -> None:
    raw = b"\xef\xbb\xbf### user\r\n\r\n> Hi\r\n\r\n### assistant\r\n\r\n> Ho\r\n"
    source = decode(raw)
    new = splice(raw, append(source, only(source), [asked("More"), Reply(said("Yes"))]).source)
    assert new.startswith(raw)
    assert new.count(b"\n") == new.count(b"\r\n")
    assert only(decode(new)).entries[2:] == (asked("More"), Reply(said("Yes")))


def test_the_older_form_can_be_continued() -> None:
    source = (
        "## interaction: a\n\n<blockquote>\n\n---\nmodel: m\n---\n\n### user\n\n<blockquote>\n\nHi\n\n</blockquote>\n\n"
        "### assistant\n\n<blockquote>\n\nHo\n\n</blockquote>\n\n</blockquote>\n"
    )
    edit = append(source, only(source), [asked("More"), Reply(said("Yes"))])
    section = only(edit.source)
    assert section.settings == {"model": "m"}
    assert section.entries == (asked("Hi"), Reply(said("Ho")), asked("More"), Reply(said("Yes")))


@pytest.mark.parametrize("text", ["x" * 1_000_000, "a line\n" * 150_000 + "end", "# a\n" * 250_000])
def test_a_megabyte_is_written_and_read(text: str) -> None:
    answer = Answer((Choice(Message("assistant", text, (Refusal(text),))),), {"id": text})
    conversation: list[Entry] = [asked(text), Reply(answer)]
    edit = new_file({"prompt": text}, Options(), conversation)
    section = only(edit.source)
    assert section.entries == tuple(conversation)
    assert section.settings == {"prompt": text}


@given(plain_characters)
def test_an_id_in_a_heading_is_read_back(text: str) -> None:
    for role, key in (("tool", "tool_call_id"), ("function", "name")):
        asked_so = Given(Message(role, "a", (), {key: text}))
        assert only(new_file({}, Options(), [asked_so]).source).entries == (asked_so,)
