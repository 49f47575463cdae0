"""What two branches add to a transcript is joined, so that each answers what it answered."""

import pytest
from conversations import ask
from conversations import hit
from conversations import index_of
from conversations import said

from rechat.format.reader import parse
from rechat.store.merging.join import join
from rechat.values import Answer

BASE = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


def turn(question: str, answer: str) -> str:
    return f"\n### user\n\n> {question}\n\n### assistant\n\n> {answer}\n"


def take(number: int, answer: str) -> str:
    return f"\n### assistant, take {number}\n\n> {answer}\n"


def section(title: str, question: str, answer: str) -> str:
    return f"## {title}\n{turn(question, answer)}"


BLANK = "\n### user\n\n> Then?\n\n### assistant\n"
FORK = f"""{BASE}{turn("A", "a")}
## Also: B

### user

> Hi

### assistant, given

<blockquote>

Ho

</blockquote>
{turn("B", "b")}"""

JOINED = {
    "turns that only one adds": (BASE, BASE, BASE + turn("A", "a"), BASE + turn("A", "a")),
    "turns that go on in two ways": (BASE, BASE + turn("A", "a"), BASE + turn("B", "b"), FORK),
    "the same turn, and one more": (
        BASE,
        BASE + turn("A", "a"),
        BASE + turn("A", "a") + turn("B", "b"),
        BASE + turn("A", "a") + turn("B", "b"),
    ),
    "takes": (
        BASE,
        BASE + take(2, "x"),
        BASE + take(2, "y") + take(3, "z"),
        BASE + take(2, "x") + take(3, "y") + take(4, "z"),
    ),
    "the same take": (BASE, BASE + take(2, "x"), BASE + take(2, "x"), BASE + take(2, "x")),
    "a take and a turn": (
        BASE,
        BASE + turn("A", "a"),
        BASE + take(2, "x"),
        BASE + take(2, "x") + turn("A", "a"),
    ),
    "a new file on both branches": (
        "",
        BASE,
        BASE.replace("Ho", "Ha"),
        BASE + take(2, "Ha"),
    ),
    "a blank that both filled": (
        BASE + BLANK,
        BASE + turn("Then?", "x"),
        BASE + turn("Then?", "y"),
        BASE + turn("Then?", "x") + take(2, "y"),
    ),
    "a blank that one filled": (
        BASE + BLANK,
        BASE + BLANK,
        BASE + turn("Then?", "y"),
        BASE + turn("Then?", "y"),
    ),
    "sections": (
        section("A", "a", "a"),
        section("A", "a", "a") + "\n" + section("B", "b", "b"),
        section("A", "a", "a") + "\n" + section("C", "c", "c"),
        "\n".join(section(name, name.lower(), name.lower()) for name in "ABC"),
    ),
    "sections of one name": (
        section("A", "a", "a"),
        section("A", "a", "a") + "\n" + section("B", "b", "b"),
        section("A", "a", "a") + "\n" + section("B", "c", "c"),
        "\n".join([section("A", "a", "a"), section("B", "b", "b"), section("Also: c", "c", "c")]),
    ),
    "a later turn of a branch that was merged before": (
        BASE + turn("B", "b"),
        FORK,
        BASE + turn("B", "b") + turn("D", "d"),
        FORK + turn("D", "d"),
    ),
    "an answer that one changes, above a turn that the other adds": (
        BASE,
        BASE.replace("Ho", "Hey"),
        BASE + turn("A", "a"),
        BASE.replace("Ho", "Hey") + turn("A", "a"),
    ),
    "a question that one changes, above a turn that the other adds": (
        BASE,
        BASE.replace("Hi", "Hello"),
        BASE + turn("A", "a"),
        BASE.replace("Hi", "Hello") + turn("A", "a"),
    ),
    "a remark with a turn": (
        BASE,
        BASE + turn("A", "a"),
        f"{BASE}{turn('A', 'a')}\nA remark.\n{turn('B', 'b')}",
        f"{BASE}{turn('A', 'a')}\nA remark.\n{turn('B', 'b')}",
    ),
    "remarks of both": (
        BASE,
        f"{BASE}{turn('A', 'a')}\nOur remark.\n",
        f"{BASE}{turn('A', 'a')}\nTheir remark.\n",
        None,
    ),
    "both change an answer": (BASE, BASE.replace("Ho", "x"), BASE.replace("Ho", "y"), None),
    "both change a question": (BASE, BASE.replace("Hi", "x"), BASE.replace("Hi", "y"), None),
    "one removes what the other goes on from": (
        BASE + turn("A", "a"),
        BASE,
        BASE + turn("A", "a") + turn("B", "b"),
        None,
    ),
    "new files with other settings": ("", f"---\nmodel: a\n---\n{BASE}", BASE, None),
    "what cannot be read": (BASE, BASE + "\n### usr\n", BASE + turn("A", "a"), None),
}


@pytest.mark.parametrize("case", JOINED)
def test_what_is_joined(case: str) -> None:
    base, ours, theirs, expected = JOINED[case]
    joined = join(base, ours, theirs)
    assert (joined.text if joined else None) == expected
    if joined:
        parse(joined.text)


DETAILS = "\n<details><summary>details</summary>\n\n```yaml\n{}\n```\n\n</details>\n"
RECORDED = "---\nmodel: m\nrechat: {match: exact}\n---\n\n" + BASE


def recorded(question: str, answer: str, number: int) -> str:
    return turn(question, answer) + DETAILS.format(f"id: c-{number}\nrest: as above")


def test_each_branch_is_answered_as_it_was_with_all_that_its_answers_say_of_themselves() -> None:
    base = RECORDED + DETAILS.format("model: m-1\nid: c-1\nusage: {total_tokens: 4}")
    ours = base + recorded("A", "a", 2)
    theirs = base + recorded("B", "b", 3) + recorded("C", "c", 4)
    joined = join(base, ours, theirs)
    assert joined
    assert (joined.messages, joined.takes, joined.sections) == (4, 0, 1)
    index = index_of(a=joined.text)
    for texts, answer in (
        (["Hi", "Ho", "A"], "a"),
        (["Hi", "Ho", "B"], "b"),
        (["Hi", "Ho", "B", "b", "C"], "c"),
    ):
        assert said(index, ask(*texts, model="m")) == answer
    last = hit(index, ask("Hi", "Ho", "B", "b", "C", model="m")).exchange.answered[0].answer
    assert isinstance(last, Answer)
    assert last.fields == {"model": "m-1", "usage": {"total_tokens": 4}, "id": "c-4"}


def test_a_recording_of_the_same_with_other_ids_is_not_joined() -> None:
    ours = RECORDED + DETAILS.format("id: c-1")
    joined = join("", ours, RECORDED + DETAILS.format("id: c-2"))
    assert joined
    assert joined.text == ours


def test_links_to_files_that_are_not_there_yet_are_joined() -> None:
    base = (
        "---\ntools: {$ref: assets/0123456789abcdef.json}\n---\n\n### system\n\n[p](p.md)\n\n"
        + BASE
    )
    joined = join(base, base + turn("A", "a"), base + turn("B", "b"))
    assert joined
    assert joined.text.count("[p](p.md)") == 2


def test_a_message_of_both_is_found_in_any_spelling() -> None:
    framed = BASE + turn("A", "a").replace("> A", "<blockquote>\n\nA\n\n</blockquote>")
    joined = join(BASE, framed, BASE + turn("A", "a") + turn("B", "b"))
    assert joined
    assert joined.text == framed + turn("B", "b")
