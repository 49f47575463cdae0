"""A source is read as its author meant it, or an error says where and why not."""

import pytest

from rechat.format.reader import parse
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Entry
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Given
from rechat.values.conversation import Message
from rechat.values.conversation import Options
from rechat.values.conversation import Pattern
from rechat.values.conversation import Reply
from rechat.values.conversation import Section
from rechat.values.errors import TranscriptError
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject


def user(text: str | None, pattern: Pattern = "", **fields: Json) -> Given:
    return Given(Message("user", text, (), fields), pattern)


def said(text: str, take: int = 1, fields: JsonObject | None = None) -> Reply:
    return Reply(Answer((Choice(Message("assistant", text)),), fields or {}), take)


def sections(source: str, assets: dict[str, bytes] | None = None) -> tuple[Section, ...]:
    return parse(source, (assets or {}).__getitem__).sections


def entries(source: str, assets: dict[str, bytes] | None = None) -> tuple[Entry, ...]:
    (section,) = sections(source, assets)
    return section.entries


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<blockquote>\n\nHi\n\n</blockquote>", "Hi"),
        ("<blockquote>\nHi\n</blockquote>", "Hi"),
        ("<blockquote>\n\n\nHi\n\n\n\n</blockquote>", "\nHi\n\n"),
        ("<blockquote>\n</blockquote>", ""),
        ("<blockquote> \n  Hi  \n</blockquote>\t", "  Hi  "),
        ("<blockquote>\n```\n# a\n</blockquote>", "```\n# a"),
        ("<blockquote>\n\n> a\n\n</blockquote>", "> a"),
        ("<blockquote>\n---\n#### text\n### other\n<!--\n</blockquote>", "---\n#### text\n### other\n<!--"),
        ("> Hi\n>\n> ### user", "Hi\n\n### user"),
        (">", ""),
        ('```json\n"a\\r\\n"\n```', "a\r\n"),
        ("~~~ json \n\"a\"\n~~~", "a"),
        ("[the prompt](prompt.md)", "From a file"),
    ],
)  # fmt: skip
def test_a_body_has_one_of_its_forms(written: str, text: str) -> None:
    for source in (f"### user\n\n{written}\n", f"### user\n{written}", f"# a\n\n### user\n\nNote.\n\n{written}\n\nNote.\n### assistant\n"):  # fmt: skip
        assert entries(source, {"prompt.md": b"From a file"})[0] == user(text)


def test_a_message_without_a_body_has_no_content() -> None:
    assert entries("### user\n### assistant\n") == (user(None), Reply(None))


def test_a_body_may_be_any_json_value() -> None:
    assert entries('### user\n\n```json\n[{"type": "x"}]\n```\n') == (
        user(None, content=[{"type": "x"}]),
    )
    assert entries("### user\n\n```json\nnull\n```\n") == (user(None),)
    (reply,) = entries("### assistant\n\n```json\n[1]\n```\n")
    message = Message("assistant", None, (), {"content": [1]})
    assert reply == Reply(Answer((Choice(message),)))


def test_a_qualifier_says_who_and_how() -> None:
    source = """\
### system, any
### user, like
> Hi [..]
### assistant, given
> Yes?
### tool, call_1
> 21 °C
### function, get, any
"""
    assert entries(source) == (
        Given(Message("system"), "any"),
        user("Hi [..]", "like"),
        Given(Message("assistant", "Yes?")),
        Given(Message("tool", "21 °C", (), {"tool_call_id": "call_1"})),
        Given(Message("function", None, (), {"name": "get"}), "any"),
    )


def test_yaml_sets_fields_before_or_after_a_body() -> None:
    for order in ("```yaml\nname: Eve\n```\n> Hi", "> Hi\n```yaml\nname: Eve\n```"):
        assert entries(f"### user\n{order}\n") == (user("Hi", name="Eve"),)


def test_yaml_under_a_part_is_its_own_and_in_the_details_the_answers() -> None:
    source = """\
### assistant

#### call get, c

```json
{}
```

```yaml
index: 0
```

<details><summary>1 → 2 tokens</summary>

```yaml
id: x
```

</details>
"""
    call = Call("get", "c", "{}", "function", {"index": 0})
    message = Message("assistant", None, (call,))
    assert entries(source) == (Reply(Answer((Choice(message),), {"id": "x"})),)


def test_a_take_is_counted_or_says_its_number() -> None:
    source = """\
### user
> a
### error 429
### error timeout
### assistant
> b
### assistant, take 4
> c
### user
> d
### assistant
### assistant
"""
    assert entries(source) == (
        user("a"),
        Reply(ErrorAnswer(429)),
        Reply(Fault("timeout"), 2),
        said("b", 3),
        said("c", 4),
        user("d"),
        Reply(None),
        Reply(None, 2),
    )


def test_lines_and_spans_say_where_things_stand() -> None:
    source = (
        "# t\n\n## One\n\n### user\n\n> a\n\n### assistant\n\n> b\n\nNote.\n\n## Two\n\n### user\n"
    )
    one, two = sections(source)
    assert (one.line, two.line) == (3, 15)
    assert source[one.span.start : one.span.end].startswith("## One")
    assert source[one.span.start : one.span.end].endswith("Note.\n\n")
    assert source[two.span.start : two.span.end] == "## Two\n\n### user\n"
    question, reply = one.entries
    assert isinstance(reply, Reply)
    assert (question.line, reply.line) == (5, 9)
    assert source[reply.span.start : reply.span.end] == "### assistant\n\n> b\n"


def test_settings_of_a_section_override_those_of_the_file() -> None:
    source = """\
---
model: gpt-4o
seed: 1
rechat: {match: exact, query: a=b}
---
# All

## One

```yaml
seed: 2
rechat: {takes: cycle, ignore: seed}
```

### user

## Two

### user

## Notes

Only words.
"""
    assert sections(source) == (
        Section("One", {"model": "gpt-4o", "seed": 2}, (user(None),), Options("exact", "cycle", ("seed",), "a=b")),
        Section("Two", {"model": "gpt-4o", "seed": 1}, (user(None),), Options("exact", query="a=b")),
    )  # fmt: skip


def test_a_setting_may_be_a_file_of_its_own() -> None:
    source = '---\ntools: {$ref: assets/t.json}\nschema: {$ref: "#/x"}\n---\n### user\n'
    (section,) = sections(source, {"assets/t.json": b"[1.50]"})
    assert section.settings == {"tools": [1.5], "schema": {"$ref": "#/x"}}


def test_commentary_means_nothing() -> None:
    source = """\
Words.

> a quote

```python
### user
```

### user

> Hi

<!--
### user
-->

- a list

```python
print()
```

***

### assistant
<!-- still to be written -->
"""
    assert entries(source) == (user("Hi"), Reply(None))


OLD = """\
# Chats

## interaction: 0f1e2d

<blockquote>

---
model: gpt-4o
temperature: 0.2
---

### user

<blockquote>

What is
1+1?

</blockquote>

### assistant

<blockquote>
2
</blockquote>

</blockquote>

## interaction: 3c4b5a

<blockquote>
---
model: gpt-4o-mini
---
### user
<blockquote>
Hi
</blockquote>
### assistant
<blockquote>
Ho
</blockquote>
</blockquote>
"""


def test_the_older_form_is_read() -> None:
    assert sections(OLD) == (
        Section("interaction: 0f1e2d", {"model": "gpt-4o", "temperature": 0.2}, (user("What is\n1+1?"), said("2"))),
        Section("interaction: 3c4b5a", {"model": "gpt-4o-mini"}, (user("Hi"), said("Ho"))),
    )  # fmt: skip


def test_the_older_form_may_have_no_front_matter() -> None:
    source = "## interaction: x\n<blockquote>\n\n### user\n<blockquote>\nHi\n</blockquote>\n</blockquote>\n"
    assert sections(source) == (Section("interaction: x", {}, (user("Hi"),)),)


def test_an_error_in_the_older_form_has_its_line() -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(OLD.replace("temperature: 0.2", "temperature: {a: 1, a: 2}"))
    assert caught.value.line == 9


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("### usr\n", 1, "`### usr` is not a role: did you mean 'user'?"),
        ("# a\n\n### user\n\n> a\n\n#### tex\n", 7, "`#### tex` is not a part: did you mean 'text'?"),
        ("### user\n\n<blockquote>\n\na\n", 3, "this <blockquote> is never closed"),
        ("### user\n\n<blockquote>\n\na\n\n### assistant\n\n<blockquote>\n\nb\n\n</blockquote>\n", 3, "this <blockquote> is not closed before '### assistant' in line 7"),
        ("### user\n\n```json\n1\n", 3, "this fence is never closed"),
        ("### user\n\n<!-- a\n", 3, "this comment is never closed"),
        ("---\nmodel: x\n\n### user\n", 1, "this front matter never ends"),
        ("---\nmodel: x\na: [\n---\n\n### user\n", 3, "this YAML cannot be read"),
        ("---\nmodel: x\nmodel: y\n---\n", 3, "found duplicate key"),
        ("---\n- x\n---\n", 2, "expected `key: value` lines, read ['x']"),
        ("## a\n\n```yaml\nx: 'y\n```\n", 4, "this YAML cannot be read"),
        ("## a\n\n### user\n\n## b\n\n### user\n\n## a\n\n### user\n", 9, "there is a section 'a' in line 1 already: give this one another name"),
        ("### user\n\n<<<<<<< HEAD\n> a\n=======\n> b\n>>>>>>> main\n", 3, "an unresolved merge conflict"),
        ("### user\n\n<blockquote>\n\na\n\n</blockquote>\n\n> b\n", 9, "`### user` in line 1 has a body already: join the two, or start a part with `#### text`"),
        ("### user\n\n> b\n\n```json\n1\n```\n", 5, "`### user` in line 1 has a body already"),
        ("### user\n\nHi there\n\n### assistant\n", 3, "this text is not in the body of `### user`: put it between lines <blockquote> and </blockquote>, or start each of its lines with `> `"),
        ("### user\n\n```python\nx\n```\n", 3, "this text is not in the body of `### user`"),
        ("### assistant\n\nHi there\n", 3, "this text is not in the body of `### assistant`"),
        ("### error 500\n\nHi there\n", 3, "this text is not in the body of `### error`"),
        ("### user\n\n```json\n{\n```\n", 3, "a json fence holds one JSON value: Expecting property name"),
        ("### user\n\n[a](b.md)\n", 3, "the linked text cannot be read"),
        ("---\ntools: {$ref: b.json}\n---\n### user\n", 2, "tools is stored in 'b.json', which cannot be read"),
        ("### user, lik\n", 1, "'lik' is not allowed here"),
        ("### assistant, take none\n", 1, "'take none' is not allowed here"),
        ("---\nrechat: 1\n---\n### user\n", 2, "`rechat:` holds keys and values, read 1"),
        ("---\nrechat: {match: fuzzy}\n---\n### user\n", 2, "`rechat: match` is one of exact, listed; read 'fuzzy'"),
        ("---\nrechat: {match: [a]}\n---\n### user\n", 2, "`rechat: match` is one of exact, listed; read ['a']"),
        ("---\nrechat: {takes: 1}\n---\n### user\n", 2, "`rechat: takes` is one of last, cycle, random, error; read 1"),
        ("---\nrechat: {ignore: 1}\n---\n### user\n", 2, "`rechat: ignore` is the name of a setting or role, or a list of them: [seed, user]; read 1"),
        ("---\nrechat: {mode: x}\n---\n### user\n", 2, "`rechat: mode: 'x'` is not known: expected api, match"),
        ("### assistant\n\n#### text\n\n> a\n\n<details>\n\n> b\n\n</details>\n", 9, "the details of an answer may contain only a yaml fence"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_with_its_line(
    source: str, line: int, message: str
) -> None:
    def missing(path: str) -> bytes:
        raise FileNotFoundError(path)

    with pytest.raises(TranscriptError) as caught:
        parse(source, missing)
    assert message in caught.value.message
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{line}: ")


@pytest.mark.parametrize("match", ["exact", "listed"])
@pytest.mark.parametrize("takes", ["last", "cycle", "random", "error"])
def test_a_section_has_options(match: str, takes: str) -> None:
    source = f"---\nrechat: {{api: openai.chat, match: {match}, takes: {takes}, ignore: [a, b.c]}}\n---\n### user\n"
    (section,) = sections(source)
    assert section.options == Options(match, takes, ("a", "b.c"), api="openai.chat")  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", ["timeout", "reset"])
def test_a_broken_connection_needs_no_body_and_takes_commentary(fault: str) -> None:
    assert entries(f"### error {fault}\n\nAs seen in May.\n") == (Reply(Fault(fault)),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source", ["", "\n", "# Words\n\nOnly words.\n", "---\nmodel: x\n---\n", "## a\n\n## a\n"]
)
def test_a_file_may_have_no_conversation(source: str) -> None:
    assert sections(source) == ()


SILENT = {
    "a literal and content parts": (
        "### user\n\n```json\n[1]\n```\n\n#### text\n\n> Second\n",
        1,
        "a literal body, and parts",
    ),
    "an indented heading": (" ### user\n\n> Hi\n\n### assistant\n\n> A\n", 1, "not a heading"),
    "a heading without a space": ("###user\n\n> Hi\n", 1, "not a heading"),
    "an indented section": ("### user\n\n> Hi\n\n  ## Next\n", 5, "not a heading"),
    "a line right below a quote": ("### user\n\n> Hi\nthere\n", 4, "directly below a quote"),
    "a closing line too many": (
        "### user\n\n<blockquote>\n\na\n\n</blockquote>\n\nb\n\n</blockquote>\n",
        11,
        "closes nothing",
    ),
    "a take of a question": ("### user, take 2\n\n> Hi\n", 1, "'take 2' is not allowed here"),
    "an answer as a pattern": ("### assistant, like\n\n> Hi\n", 1, "only a given message"),
    "a take of a given message": ("### assistant, given, take 2\n\n> Hi\n", 1, "no takes"),
    "an ID with a space": ("### tool, call 1\n\n> Hi\n", 1, "without spaces"),
}


@pytest.mark.parametrize("case", SILENT)
def test_nothing_that_a_person_sees_is_dropped_without_a_word(case: str) -> None:
    source, line, message = SILENT[case]
    with pytest.raises(TranscriptError, match=message) as caught:
        parse(source)
    assert caught.value.line == line


def test_metadata_may_follow_a_quote_at_once() -> None:
    source = (
        "### user\n\n> a\n\n### assistant\n\n> b\n<details><summary>x</summary>\n\n</details>\n"
    )
    assert len(parse(source).sections[0].entries) == 2
