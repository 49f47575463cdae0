"""Files that may hold the nearest conversation."""

from array import array
from typing import Any

import pytest

from rechat.index.nearest_files import Nearby
from rechat.index.nearest_files import features

LONG = "\n".join(
    f"line {number} of a long text that nobody reads to its end" for number in range(30)
)


def index(**texts: list[str]) -> Nearby:
    nearby = Nearby()
    for path, said in texts.items():
        nearby.put(path, _array(features(said, {})))
    return nearby


def _array(found: set[int]) -> array[int]:
    return array("I", found)


def test_the_file_with_most_lines_in_common_comes_first() -> None:
    nearby = index(a=["other", LONG[:500]], b=["question", LONG], c=["question"])
    assert nearby.closest(features(["question", LONG], {}), 2) == ["b", "a"]


def test_one_line_with_another_word_is_near() -> None:
    nearby = index(
        france=["What is the capital of France?"],
        spain=["What is the weather in Spain?"],
        poem=["Write a poem."],
    )
    assert nearby.closest(features(["What is the capital of Spain?"], {}), 1) == ["france"]


def test_a_sign_at_the_end_of_a_word_does_not_hide_it() -> None:
    nearby = index(spain=["Tell me of Spain!"], tell=["Tell us"])
    assert nearby.closest(features(["Is it Spain?"], {}), 1) == ["spain"]


def test_one_long_line_with_another_word_is_near() -> None:
    long = " ".join(f"word{number}" for number in range(5000))
    others = {f"f{number}": [f"text{number} " * 5000] for number in range(5)}
    nearby = index(long=[long], **others)
    assert nearby.closest(features([long.replace("word2500 ", "other ")], {}), 1) == ["long"]


WORDS = " ".join(f"word{'abcdefghij'[at % 10]}{'klmnopqrst'[at // 10]}" for at in range(100))
TEMPLATES = {
    "a line": "Tell me of {} in one sentence.",
    "a long line": f"{WORDS} and then tell me of {{}} again, {WORDS}",
    "long lines": f"{WORDS}\n\nTell {WORDS} of {{}}.\n\n{WORDS}",
    "many lines": "\n".join([*WORDS.split()[:40], "Tell me of {}", *WORDS.split()[40:]]),
    "JSON": '{{"words":["{}"]}}'.replace("{}", WORDS.replace(" ", '","') + '"],"tell":["{}'),
}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("thing", ["ticket {}", "Town{}"])
def test_what_was_made_from_one_template_is_told_apart_by_numbers_and_names(
    template: str, thing: str
) -> None:
    things = [thing.format(10_000 + number * 7919 % 90_000) for number in range(300)]
    nearby = index(**{f"f{at}": [template.format(one)] for at, one in enumerate(things)})
    for at in (0, 123, 299):
        asked = template.format(things[at])
        for altered in (asked.replace(" of ", " about "), asked.replace("ell", "all")):
            assert nearby.closest(features([altered], {}), 1) == [f"f{at}"]


def test_lines_that_most_files_have_are_not_looked_up_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = [f"rule {number}" for number in range(500)]
    nearby = index(**{f"f{at}": ["\n".join([*shared, f"task {at}"])] for at in range(300)})
    found = features(["\n".join([*shared, "task 7"])], {})
    assert nearby.closest(found, 1) == ["f7"]
    looked_at: list[int] = []
    look = nearby._files_with

    def counted(feature: int) -> Any:
        looked_at.append(feature)
        return look(feature)

    monkeypatch.setattr(nearby, "_files_with", counted)
    nearby.closest(found, 1)
    assert len(looked_at) < 200


def test_what_all_have_says_nothing() -> None:
    many = {f"f{number}": ["You are helpful.", f"Question {number}?"] for number in range(300)}
    nearby = index(**many)
    assert nearby.closest(features(["You are helpful.", "Question 123?"], {}), 1) == ["f123"]


def test_who_has_only_what_all_have_comes_behind_by_name() -> None:
    nearby = index(**{name: ["Say this.", f"{name} alone"] for name in "cab"})
    assert nearby.closest(features(["Say this.", "b then"], {}), 3) == ["b", "a", "c"]
    assert nearby.closest(features(["Say this."], {}), 2) == ["a", "b"]


def test_settings_count_too() -> None:
    nearby = Nearby()
    for name, value in (("cold", 0.0), ("warm", 1.0)):
        nearby.put(name, _array(features(["Hi"], {"temperature": value})))
    assert nearby.closest(features(["Hi"], {"temperature": 1}), 1) == ["warm"]


def test_nothing_in_common_finds_nothing() -> None:
    assert index(a=["one"]).closest(features(["two"], {}), 5) == []
    assert Nearby().closest(features(["two"], {}), 5) == []


@pytest.mark.parametrize("times", [1, 3000])
def test_a_file_is_found_by_what_it_says_now(times: int) -> None:
    nearby = index(a=["one"], b=["other"])
    for number in range(times):
        nearby.drop("a")
        nearby.put("a", _array(features([f"two {number}"], {})))
    assert nearby.closest(features(["one"], {}), 5) == []
    assert nearby.closest(features([f"two {times - 1}"], {}), 5) == ["a"]
    assert nearby.closest(features(["other"], {}), 5) == ["b"]
    nearby.drop("a")
    assert nearby.closest(features([f"two {times - 1}"], {}), 5) == []


def test_a_text_may_hold_half_a_character() -> None:
    assert features(["\ud800"], {})
