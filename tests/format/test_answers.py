"""An answer and its metadata: all of it, or only what differs from the answer above."""

import pytest

from rechat.format import answers
from rechat.format.metadata import Context
from rechat.format.reader import parse
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Choice
from rechat.values.conversation import Entry
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reply
from rechat.values.conversation import Text
from rechat.values.errors import TranscriptError
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject


def said(text: str, fields: JsonObject | None = None, **choice: Json) -> Answer:
    return Answer((Choice(Message("assistant", text), choice),), fields or {})


def read(source: str) -> tuple[AnyAnswer | None, ...]:
    (section,) = parse(source).sections
    return tuple(entry.answer for entry in section.entries if isinstance(entry, Reply))


def answer(source: str) -> Answer:
    found = read(source)[-1]
    assert isinstance(found, Answer)
    return found


ANSWERS: list[tuple[AnyAnswer, str]] = [
    (said("Hi"), "### assistant\n\n<blockquote>\n\nHi\n\n</blockquote>"),
    (
        said("Hi", {"id": "x", "model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 2}}, finish_reason="length"),
        "### assistant\n\n<blockquote>\n\nHi\n\n</blockquote>\n\n<details><summary>length · 1 → 2 tokens</summary>\n\n"
        "```yaml\nmodel: m\nfinish_reason: length\nusage: {prompt_tokens: 1, completion_tokens: 2}\nid: x\n```\n\n</details>",
    ),
    (
        Answer((Choice(Message("assistant", None, (), {"refusal": None}, ("content",)), {"index": 1}),), {"rest": 1}, ("usage",)),
        "### assistant\n\n<details><summary>details</summary>\n\n```yaml\nanswer: {rest: 1}\nmessage: {refusal: null}\nchoice: {index: 1}\n"
        "without: [message.content, usage]\n```\n\n</details>",
    ),
    (Answer((Choice(Message("assistant")),)), "### assistant\n\n<details><summary>details</summary>\n\n```yaml\nwithout: []\n```\n\n</details>"),
    (
        Answer((Choice(Message("assistant", "a")), Choice(Message("assistant", "b"), {"finish_reason": "stop"})), {"id": "x"}),
        "### assistant, choice 1\n\n<blockquote>\n\na\n\n</blockquote>\n\n<details><summary>details</summary>\n\n```yaml\nid: x\n```\n\n</details>\n\n"
        "### assistant, choice 2\n\n<blockquote>\n\nb\n\n</blockquote>\n\n<details><summary>details</summary>\n\n```yaml\nfinish_reason: stop\n```\n\n</details>",
    ),
    (ErrorAnswer(429, {"error": {"code": 1.5}}, (("retry-after", "2"),)), '### error 429\n\n```yaml\nheaders: {retry-after: "2"}\n```\n\n```json\n{\n  "error": {\n    "code": 1.5\n  }\n}\n```'),
    (ErrorAnswer(502, "Bad gateway"), "### error 502\n\n<blockquote>\n\nBad gateway\n\n</blockquote>"),
    (ErrorAnswer(500), "### error 500"),
    (ErrorAnswer(500, ""), "### error 500\n\n>"),
    (Fault("timeout"), "### error timeout"),
    (Fault("reset"), "### error reset"),
    (Fault("cut", 3, "Hello"), "### error cut after 3\n\n<blockquote>\n\nHello\n\n</blockquote>"),
    (Fault("cut", 0), "### error cut after 0"),
    (RawAnswer({"x": []}), '### response\n\n```json\n{\n  "x": []\n}\n```'),
]  # fmt: skip


@pytest.mark.parametrize(("value", "source"), ANSWERS, ids=lambda value: type(value).__name__)
def test_an_answer_is_written_so_and_read_back(value: AnyAnswer, source: str) -> None:
    assert answers.write(value, 1, Context(), {}) == source
    assert read(source) == (value,)


@pytest.mark.parametrize(
    ("value", "heading"),
    [
        (said("Hi"), "### assistant, take 2\n"),
        (ErrorAnswer(500), "### error 500, take 2"),
        (Fault("cut", 3), "### error cut after 3, take 2"),
        (RawAnswer(1), "### response, take 2\n"),
        (Answer((Choice(Message("assistant", "a")),) * 2), "### assistant, take 2, choice 1\n"),
    ],
)
def test_a_further_take_says_its_number(value: AnyAnswer, heading: str) -> None:
    assert answers.write(value, 2, Context(), {}).startswith(heading)


def test_a_remark_stands_in_the_summary_of_the_details() -> None:
    text = answers.write(said("Hi", {"id": "x"}), 1, Context(), {}, "recorded today")
    assert "<summary>recorded today</summary>" in text


LONG = {"object": "chat.completion", "provider": "x" * 50}
FIRST: JsonObject = {**LONG, "id": "a", "usage": {"total": 1, "details": {"cost": 1, "cached": 2}}}


@pytest.mark.parametrize(
    ("second", "yaml"),
    [
        (FIRST, "rest: as above\n"),
        ({**FIRST, "id": "b"}, "id: b\nrest: as above\n"),
        ({**FIRST, "extra": True}, "extra: true\nrest: as above\n"),
        ({key: FIRST[key] for key in (*LONG, "usage")}, "rest: as above\nwithout: [id]\n"),
        ({**FIRST, "usage": {"total": 2, "details": {"cached": 2}}}, "usage: {total: 2, details: {}}\nrest: as above\nwithout: [usage.details.cost]\n"),
        ({**FIRST, "usage": {"total": 1.0, "details": None}}, "usage: {total: 1.0, details: null}\nrest: as above\n"),
        ({**FIRST, "usage": {"total": True, "details": {"cost": 1, "cached": 2}}}, "usage: {total: true}\nrest: as above\n"),
        ({"id": "c"}, "id: c\n"),
    ],
)  # fmt: skip
def test_a_second_answer_says_only_what_differs(second: JsonObject, yaml: str) -> None:
    above = [Reply(said("Hi", FIRST))]
    text = answers.write(said("Ho", second), 1, Context(above), {})
    assert f"```yaml\n{yaml}```" in text
    found = read(
        f"{answers.write(said('Hi', FIRST), 1, Context(), {})}\n\n### user\n\n> More\n\n{text}\n"
    )
    assert repr(found[0]) == repr(said("Hi", dict(sorted_as(FIRST, found[0]))))
    assert found[1] == said("Ho", second)


def sorted_as(value: JsonObject, other: AnyAnswer | None) -> list[tuple[str, Json]]:
    """The items of an object in the order of an answer's fields."""
    assert isinstance(other, Answer)
    return [(key, value[key]) for key in other.fields]


@pytest.mark.parametrize(
    "first", [{**FIRST, "a.b": 1}, {**FIRST, "usage": {"details": {"a.b": 1}}}]
)
def test_keys_with_dots_are_told_in_full(first: JsonObject) -> None:
    above = [Reply(said("Hi", first))]
    assert "rest:" not in answers.write(said("Ho", FIRST), 1, Context(above), {})


def test_the_answer_above_is_the_last_that_is_no_error() -> None:
    above: list[Entry] = [Reply(said("Hi", FIRST)), Reply(ErrorAnswer(500)), Reply(None)]
    assert "rest: as above" in answers.write(said("Ho", FIRST), 1, Context(above), {})


def test_each_choice_looks_at_the_same_choice_above() -> None:
    probs: JsonObject = {"finish_reason": "stop", "logprobs": ["x" * 30]}
    two = Answer(
        (Choice(Message("assistant", "a")), Choice(Message("assistant", "b"), probs)), FIRST
    )
    text = answers.write(two, 1, Context([Reply(two)]), {})
    assert text.count("rest: as above") == 2
    source = f"{answers.write(two, 1, Context(), {})}\n\n### user\n\n> x\n\n{text}\n"
    assert read(source) == (two, two)


ABOVE = "### assistant\n\n> Hi\n\n```yaml\nid: x\nusage: {cost: 1}\n```\n\n### user\n\n> More\n\n"


@pytest.mark.parametrize(
    ("yaml", "fields", "without"),
    [
        ("rest: as above", {"id": "x", "usage": {"cost": 1}}, ()),
        ("rest: as above\nwithout: usage", {"id": "x"}, ()),
        ("rest: as above\nwithout: [usage.cost]", {"id": "x", "usage": {}}, ()),
        ("rest: as above\nwithout: [created]", {"id": "x", "usage": {"cost": 1}}, ("created",)),
        ("without: [created, usage]", {}, ("created", "usage")),
        ("id: y\nrest: as above\nusage: {n: 2}", {"id": "y", "usage": {"cost": 1, "n": 2}}, ()),
    ],
)
def test_what_is_above_is_taken_over(
    yaml: str, fields: JsonObject, without: tuple[str, ...]
) -> None:
    found = read(f"{ABOVE}### assistant\n\n> Ho\n\n```yaml\n{yaml}\n```\n")
    assert found[0] == said("Hi", {"id": "x", "usage": {"cost": 1}})
    assert found[1] == Answer((Choice(Message("assistant", "Ho")),), fields, without)


def test_the_first_answer_has_nothing_above_it() -> None:
    assert answer("### assistant\n\n> a\n\n```yaml\nrest: as above\n```\n") == said("a")


def test_the_message_and_the_choice_have_fields_of_their_own() -> None:
    found = answer(
        "### assistant\n\n> a\n\n```yaml\nmessage: {audio: null}\nchoice: {index: 3}\nlogprobs: null\nwithout: [message.role]\n```\n"
    )
    message = Message("assistant", "a", (), {"audio": None}, ("role",))
    assert found == Answer((Choice(message, {"logprobs": None, "index": 3}),))


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("### assistant\n\n> a\n\n```yaml\nrest: same\n```\n", 6, "`rest:` can only be `as above`, read 'same'"),
        ("### assistant\n\n> a\n\n```yaml\nwithout: 1\n```\n", 6, "`without:` is a list of keys, read 1"),
        ("### assistant\n\n> a\n\n```yaml\nwithout: [1]\n```\n", 6, r"`without:` is a list of keys, read [1]"),
        ("### assistant\n\n> a\n\n```yaml\nmessage: 1\n```\n", 6, "`message:` holds keys and values, read a number"),
        ("### assistant\n\n> a\n\n```yaml\nchoice: [a]\n```\n", 6, "`choice:` holds keys and values, read a list"),
        (f"{ABOVE}### assistant\n\n> a\n\n```yaml\nrest: as above\nwithout: [usage.tax]\n```\n", 19, "`without:` names 'usage.tax', which the answer above does not have"),
        ("### error\n\n> a\n", 1, "`### error `: expected a status (`error 429`), `error timeout`, `error reset` or `error cut after 120`"),
        ("### error 99\n\n> a\n", 1, "`### error 99`: expected a status"),
        ("### error soon\n\n> a\n", 1, "`### error soon`: expected a status"),
        ("### error cut after all\n\n> a\n", 1, "`### error cut after all`: expected a status"),
        ("### error ²²²\n\n> a\n", 1, "`### error ²²²`: expected a status"),
        ("### error 429\n\n```yaml\nretry-after: 1\n```\n", 1, "the YAML of an error holds only `headers:` with names and values"),
        ('### error 429\n\n```yaml\nheaders: {a: "1\\r\\nb: 2"}\n```\n', 1, "the header a has a line break"),
        ("### error 429\n\n```yaml\nheaders: 1\n```\n", 1, "the YAML of an error holds only `headers:`"),
        ("### response\n\n```yaml\nstatus: 200\n```\n", 1, "`### response` needs the whole body"),
        ("### assistant\n\n> a\n\n### assistant, choice 3\n\n> b\n", 5, "choice 3 must follow choice 2"),
        ("### error 500\n\n### assistant, choice 2\n\n> b\n", 3, "choice 2 must follow choice 1"),
        ("### assistant\n\n### assistant, choice 2\n\n> b\n", 3, "choice 2 must follow choice 1"),
        ("### assistant, choice 2\n\n> b\n", 1, "choice 2 must follow choice 1"),
        ("### user\n\n> a\n\n### assistant, choice 2\n\n> b\n", 5, "choice 2 must follow choice 1"),
        ("### assistant\n\n> a\n\n### assistant, choice 2\n\n> b\n\n```yaml\nid: x\n```\n", 5, "id of choice 2: what surrounds the choices belongs to the first"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_an_error(source: str, line: int, message: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(source)
    assert message in caught.value.message
    assert caught.value.line == line


def test_a_header_may_be_a_number() -> None:
    found = read("### error 429\n\n```yaml\nheaders: {retry-after: 2}\n```\n")
    assert found == (ErrorAnswer(429, None, (("retry-after", "2"),)),)


def test_only_an_answer_is_in_the_history() -> None:
    assert answers.is_history(Reply(said("a")))
    assert answers.is_history(Reply(RawAnswer(1)))
    for other in (None, ErrorAnswer(500), Fault("reset")):
        assert not answers.is_history(Reply(other))


def test_an_answer_may_have_parts_in_place_of_a_body() -> None:
    found = answer(
        "### assistant\n\n#### text\n\n> a\n\n<details>\n\n```yaml\nid: x\n```\n\n</details>\n"
    )
    assert found == Answer((Choice(Message("assistant", None, (Text("a"),))),), {"id": "x"})
