"""How much a request is like recorded conversations."""

import gc
import itertools
from typing import Any

import pytest
from conversations import ask
from conversations import read

from rechat.explain import similarity
from rechat.explain.similarity import likenesses
from rechat.explain.similarity import text_of
from rechat.explain.similarity import words_of
from rechat.format.reader import parse
from rechat.index.cards import exchanges_in
from rechat.values.conversation import Request
from rechat.values.remembered import Remembered

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def source(*texts: str, system: str = "", front: str = "") -> str:
    """A conversation, written by hand."""
    roles = itertools.cycle(("user", "assistant"))
    head = f"---\n{front}\n---\n\n" if front else ""
    head += f"### system\n\n> {system}\n\n" if system else ""
    told = [f"### {role}\n\n> {text}\n\n" for role, text in zip(roles, texts, strict=False)]
    return head + "".join(told) + "### assistant\n\n> x\n"


def ratios(request: Request, *sources: str) -> list[float]:
    exchanges = [one for text in sources for one in exchanges_in("a.md", parse(text).sections)]
    texts = [text_of(message) for message in request.messages]
    return [found.ratio for found in likenesses(request.messages, texts, exchanges)]


def ratio(asked: str, recorded: str) -> float:
    [found] = ratios(ask(asked), source(recorded))
    return found


def test_only_the_same_is_1() -> None:
    assert ratio("What is the time?", "What is the time?") == 1
    for other in ("what is the time?", "What is the  time?", "time the is What?"):
        assert 0.5 < ratio("What is the time?", other) < 1
    assert ratio("a b a b", "a b a b") == 1
    assert ratio("", "Hi") == ratio("Hi", "Ho") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("a b c d", "a b c x"), ("Pick a number.", "make a plan"), ("a a a", "a"), ("3+3", "3*3")],
)
def test_likeness_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert ratio(one, other) == ratio(other, one)


def test_one_other_word_is_near_and_one_common_word_is_not() -> None:
    assert ratio("What is the capital of Spain?", "What is the capital of France?") > 0.7
    assert ratio("Pick a number.", "make a plan") < 0.1
    assert ratio("What is 17 + 4?", "What is 17 * 4?") < 0.9
    assert ratio("天気はどうですか", "天気はいいですか") > 0.5


def test_a_rare_word_counts_more_than_one_that_all_have() -> None:
    common = [f"Please answer about topic {number}." for number in range(20)]
    asked = ask("Please answer about turtles.")
    first, *_, last = ratios(asked, *map(source, common), source("turtles"))
    [alone] = ratios(asked, source(common[0]))
    assert first < alone
    assert last > 0.2


RULES = " ".join(f"Rule {number}: be careful with the {number}th part." for number in range(40))


@pytest.mark.parametrize(
    ("above", "system"),
    [([], RULES), ([RULES, "I have read them all."], ""), ([], "")],
    ids=["system message", "history", "nothing"],
)
def test_what_all_have_in_common_does_not_make_two_questions_alike(
    above: list[str], system: str
) -> None:
    asked = ask(*above, "make a plan for Porto", system=system)
    other = source(*above, "Pick a number.", system=system)
    near = source(*above, "make a plan for Lisbon", system=system)
    alone = ratios(asked, other)[-1]
    found = ratios(asked, other, near)
    far, close = found[len(found) // 2 - 1], found[-1]
    assert alone < 0.5
    assert far < 0.5 < 0.7 < close


def test_a_question_without_a_word_in_common_leaves_an_order() -> None:
    history = ["The red fox is here.", "I see it."]
    asked = ask(*history, "Why?")
    found = ratios(asked, source(*history, "How often"), source("A cow", "Moo", "Where to"))
    assert found[1] > found[3]


def test_the_result_of_a_tool_is_not_the_question() -> None:
    """Agents get many results alike (`ok`) in conversations that have nothing else in common."""

    def agent(task: str, result: str) -> str:
        return (
            f"### user\n\n> {task}\n\n### assistant, given\n\n#### call run, c1\n\n```json\n{{}}\n```\n\n"
            f"### tool, c1\n\n> {result}\n\n### assistant\n\n> x\n"
        )

    asked = read(
        {
            "messages": [
                {"role": "user", "content": "Fix the tests of the parser."},
                {"role": "assistant", "content": None, "tool_calls": [CALL]},
                {"role": "tool", "tool_call_id": "c1", "content": "ok"},
            ]
        }
    )
    same, other = ratios(
        asked, agent("Fix the tests of the parser.", "failed"), agent("Write a poem.", "ok")
    )
    assert same > 0.7 > other


def test_a_pattern_for_any_question_is_not_unlike_it() -> None:
    stub = "### system\n\n> Be very brief.\n\n### user, any\n\n### assistant\n\n> x\n"
    [found] = ratios(ask("What else is there to do?", system="Be very brief!"), stub)
    assert found > 0.3


def test_a_setting_that_differs_does_not_make_a_text_less_alike() -> None:
    asked = ask("Hi", model="m", temperature=1)
    assert ratios(asked, source("Hi", front="model: x")) == [1]


def test_a_system_message_costs_nothing_where_the_transcript_has_none() -> None:
    system = "You are a helpful assistant that knows all."
    assert ratios(ask("Hi you", system=system), source("Hi you")) == [1]
    assert ratios(ask("Hi you", system=system), source("Hi you", system="Be brief."))[0] < 0.5
    exact = source("Hi you", front="rechat: {match: exact}")
    assert ratios(ask("Hi you", system=system), exact)[0] < 0.5


def test_who_says_it_matters_for_being_the_same() -> None:
    asked = read({"messages": [{"role": "assistant", "content": "Hi you"}]})
    assert ratios(asked, source("Hi you"))[0] == similarity.ALMOST


def test_ids_of_calls_do_not_count() -> None:
    def asked(name: str) -> dict[str, Any]:
        said = {"role": "assistant", "content": None, "tool_calls": [CALL | {"id": name}]}
        result = {"role": "tool", "tool_call_id": name, "content": "9"}
        return {"messages": [{"role": "user", "content": "Hi"}, said, result]}

    texts = [
        [text_of(message) for message in read(asked(name)).messages] for name in ("c1", "another")
    ]
    assert texts[0] == texts[1] == ["Hi", "call f {}", "9"]


def test_the_take_that_is_asked_for_is_compared() -> None:
    takes = source("Hi").rstrip() + "\n\n### assistant, take 2\n\n> y\n\n### user\n\n> And?\n\n"
    asked = ask("Hi", "y", "And?")
    assert ratios(asked, takes + "### assistant\n\n> z\n")[-1] == 1


def test_each_answer_of_a_section_is_compared_with_what_is_above_it() -> None:
    long = source("one two", "three four", "five six", "seven eight")
    asked = ask("one two", "three four", "five six")
    found = ratios(asked, long)
    assert found[1] == 1
    assert found[0] < 1


def test_the_messages_of_a_section_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation of many turns has as many exchanges, each with all that is above it."""
    counted: list[str] = []

    def counting(text: str) -> list[str]:
        counted.append(text)
        return words_of(text)

    monkeypatch.setattr(similarity, "words_of", counting)
    monkeypatch.setattr(similarity, "_counted", Remembered(similarity._Counted, 0))
    texts = [f"turn {number}" for number in range(199)]
    assert len(ratios(ask(*texts), source(*texts))) == 100
    assert sorted(counted) == sorted(texts)


def test_a_text_is_counted_once_for_several_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: list[str] = []

    def counting(text: str) -> list[str]:
        counted.append(text)
        return words_of(text)

    monkeypatch.setattr(similarity, "words_of", counting)
    monkeypatch.setattr(similarity, "_counted", Remembered(similarity._Counted, 10_000))
    first = ratios(ask("one"), source("recorded"))
    assert ratios(ask("one"), source("recorded")) == first
    assert counted == ["recorded", "one"]


def test_a_comparison_leaves_nothing_for_the_garbage_collector() -> None:
    """It would take the counts of all words apart in one go, while hits wait."""
    recorded = source("a word and another", "x")
    ratios(ask("a word"), recorded)
    gc.collect()
    gc.disable()
    try:
        ratios(ask("a word"), recorded)
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("asked", "recorded", "least"),
    [
        ("}\n" * 5000, "}\n" * 5001, 0.99),
        ("word " * 200_000 + "one", "word " * 200_000 + "two", 0.99),
        ("a" * 250_000, "a" * 250_001, 0.99),
        ("{[" * 75_000, "]}" * 75_000, 0.0),
        (" ".join(map(str, range(30_000))), " ".join(map(str, range(30_000, 60_000))), 0.0),
    ],
    ids=["one line", "one word", "one character", "signs", "numbers"],
)
def test_the_worst_texts_take_time_that_grows_with_them(
    asked: str, recorded: str, least: float
) -> None:
    quoted = recorded.replace("\n", "\n> ")
    assert least <= ratio(asked, quoted) < max(least, 0.01) + 0.02


def test_words_are_short_and_signs_stand_alone() -> None:
    assert words_of("Tell me: 東京!") == ["tell", "me", ":", "東", "京", "!"]
    assert max(map(len, words_of("A" * 100))) == 32


def test_a_long_text_has_the_words_of_its_parts() -> None:
    part = "One two, <a> three_four 12 — fünf. "
    assert words_of(part * 1_000) == words_of(part) * 1_000


@pytest.mark.parametrize(
    "text", ["a" * 200, "ab " * 70, "=" * 200, " " * 200, "天" * 200, "é-" * 99]
)
def test_the_words_of_a_text_are_the_same_wherever_it_is_cut(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [words_of(text[end:]) for end in range(40)]
    for piece in (33, 40, 64):
        monkeypatch.setattr(similarity, "_PIECE", piece)
        assert [words_of(text[end:]) for end in range(40)] == whole


def test_a_text_of_ascii_has_the_words_that_it_has_beside_others() -> None:
    text = "".join(map(chr, range(128)))
    assert [*words_of(text), "é"] == words_of(f"{text} é")
