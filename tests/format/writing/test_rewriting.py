"""Another question above the same answer, with every other byte as it was."""

import pytest

from rechat.format.reader import parse
from rechat.format.writing.rewriting import Turn
from rechat.format.writing.rewriting import ask
from rechat.values.conversation import Given
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Text
from rechat.values.errors import RechatError
from rechat.values.jsontext import Json

END = "\n\n### assistant\n\n> x\n"
LITERAL = '```json\n"a\\u0000b"\n```'


def asked(source: str, *turns: Turn, **settings: Json) -> str:
    return ask(source, parse(source).sections[0], turns, settings).source


def changed(source: str, settings: dict[str, Json]) -> str:
    return asked(source, **settings)


def said(text: str) -> Message:
    return Message("user", text)


@pytest.mark.parametrize(
    ("old", "text", "new"),
    [
        ("> a", "b", "> b"),
        ("> a", "b\n\n## c", "> b\n>\n> ## c"),
        ("<blockquote>\n\na\n\n</blockquote>", "b", "<blockquote>\n\nb\n\n</blockquote>"),
        ("<blockquote>\na\n</blockquote>", "b\nc", "<blockquote>\nb\nc\n</blockquote>"),
        ("<blockquote>\na\n</blockquote>", "## b", "> ## b"),
        (LITERAL, "c", '```json\n"c"\n```'),
        ("> a", "a\x00b", LITERAL),
        ("> a\n\nA remark.\n\n<!-- and one more -->", "b", "> b\n\nA remark.\n\n<!-- and one more -->"),
    ],
)  # fmt: skip
def test_a_text_keeps_its_form_if_that_holds_it(old: str, text: str, new: str) -> None:
    head = "# Title\n\n### user\n\n"
    assert asked(f"{head}{old}{END}", Turn(3, said(text))) == f"{head}{new}{END}"


def test_messages_come_and_go() -> None:
    source = f"### user\n\n> a{END}"
    more = asked(source, Turn(1, Message("system", "s"), is_new=True))
    assert more == f"### system\n\n<blockquote>\n\ns\n\n</blockquote>\n\n{source}"
    assert asked(more, Turn(1, None)) == source


def test_two_new_messages_stand_in_their_order() -> None:
    source = f"### user\n\n> a{END}"
    turns = [Turn(1, said(text), is_new=True) for text in ("c", "b")]
    entries = parse(asked(source, *turns)).sections[0].entries
    assert [one.message.body for one in entries if isinstance(one, Given)] == ["b", "c", "a"]


def test_a_message_with_parts_is_written_again_with_its_remarks() -> None:
    source = f"### user\n\n#### text\n\n> a\n\nA remark.{END}"
    message = Message("user", None, (Text("b"), Media("image", "https://x/y.png")))
    new = asked(source, Turn(1, message))
    assert "A remark." in new
    [given, reply] = parse(new).sections[0].entries
    assert isinstance(given, Given)
    assert given.message == message
    assert reply == parse(source).sections[0].entries[1]


def test_a_result_keeps_the_id_of_its_call() -> None:
    source = f"### user\n\n> a\n\n### tool, call_1\n\n> 9{END}"
    message = Message("tool", "7", (), {"tool_call_id": "call_other"})
    assert asked(source, Turn(5, message)) == source.replace("> 9", "> 7")


@pytest.mark.parametrize(
    ("front", "settings", "new"),
    [
        ("model: a\nseed: 1", {"model": "b"}, "model: b\nseed: 1"),
        ("model: a  # cheap", {"model": "b"}, "model: b  # cheap"),
        ("# ours\nmodel: a\n\nseed: 1", {"seed": None}, "# ours\nmodel: a\n"),
        ("stop:\n- x\n- y\nseed: 1", {"stop": ["z"]}, "stop: [z]\nseed: 1"),
        ("seed: 1\nrechat:\n  match: exact", {"top_p": 0.5}, "seed: 1\ntop_p: 0.5\nrechat:\n  match: exact"),
    ],
)  # fmt: skip
def test_a_setting_is_changed_in_its_line(front: str, settings: dict[str, Json], new: str) -> None:
    rest = f"### user\n\n> a{END}"
    assert changed(f"---\n{front}\n---\n\n{rest}", settings) == f"---\n{new}\n---\n\n{rest}"


def test_a_setting_of_one_section_is_changed_there() -> None:
    source = (
        "---\nmodel: a\n---\n\n## One\n\n```yaml\nseed: 1\n```\n\n### user\n\n> a"
        f"{END}\n## Two\n\n### user\n\n> b{END}"
    )
    assert asked(source, seed=2) == source.replace("seed: 1", "seed: 2")
    with pytest.raises(RechatError, match="several conversations"):
        asked(source, model="b")


@pytest.mark.parametrize("front", ["{model: a}", '"model": a'])
def test_a_setting_without_a_line_of_its_own_is_left_to_a_person(front: str) -> None:
    with pytest.raises(RechatError, match="line of its own"):
        asked(f"---\n{front}\n---\n\n### user\n\n> a{END}", model="b")


def test_without_settings_none_can_be_changed() -> None:
    with pytest.raises(RechatError, match="no settings stand above"):
        asked(f"### user\n\n> a{END}", model="b")
