"""The exchanges of a section: every answer with all that stands above it."""

import pytest
from conversations import ask

from rechat.format.reader import parse
from rechat.matching.exchanges import Exchange
from rechat.matching.exchanges import exchanges_of
from rechat.matching.exchanges import keyed
from rechat.matching.exchanges import keys_of
from rechat.matching.exchanges import scheme_of
from rechat.matching.exchanges import steps_of
from rechat.values.conversation import Section

TURNS = """
### user

> one

### assistant

> 1

### user

> two

### assistant, take 1

> 2

### assistant, take 2

> zwei

### user

> three

### error 500

### assistant

> 3
"""


def section_of(source: str) -> Section:
    [section] = parse(source).sections
    return section


def exchanges(source: str) -> list[Exchange]:
    return list(exchanges_of("a.md", section_of(source)))


def test_each_answer_replies_to_all_above_it() -> None:
    first, second, third = exchanges(TURNS)
    assert [step.message.body for step in first.steps] == ["one"]
    assert [step.message.body for step in second.steps] == ["one", "1", "two"]
    assert [step.message.body for step in third.steps] == ["one", "1", "two", "2", "three"]


def test_takes_are_answers_to_one_request() -> None:
    assert [len(exchange.replies) for exchange in exchanges(TURNS)] == [1, 2, 2]


def test_an_error_leaves_no_trace_in_the_history() -> None:
    source = "### user\n\n> a\n\n### error 500\n\n### user\n\n> b\n\n### assistant\n\n> c\n"
    assert [step.message.body for step in exchanges(source)[1].steps] == ["a", "b"]


def test_a_later_turn_may_hold_any_take() -> None:
    third = exchanges(TURNS)[2]
    assert [message.body for message in third.steps[3].messages] == ["2", "zwei"]
    assert len(keys_of(scheme_of(third.section), third.section, third.steps)) == 2


def test_choices_are_ways_to_go_on_too() -> None:
    source = (
        "### user\n\n> a\n\n### assistant, choice 1\n\n> b\n\n### assistant, choice 2\n\n> c\n\n"
        "### user\n\n> d\n\n### assistant\n\n> e\n"
    )
    first, second = exchanges(source)
    assert len(first.replies) == 1
    assert [message.body for message in second.steps[1].messages] == ["b", "c"]


def test_many_takes_are_followed_only_so_far() -> None:
    turn = "### user\n\n> a\n\n### assistant\n\n> b\n\n### assistant, take 2\n\n> c\n\n"
    *_, last = exchanges(turn * 12)
    assert len(keys_of(scheme_of(last.section), last.section, last.steps)) == 64


def test_a_given_answer_is_part_of_the_request() -> None:
    source = "### user\n\n> a\n\n### assistant, given\n\n> b\n\n### assistant\n\n> c\n"
    [only] = exchanges(source)
    assert [step.message.role for step in only.steps] == ["user", "assistant"]


def test_the_steps_of_a_section_are_all_its_messages() -> None:
    trailing = section_of(TURNS + "\n### user\n\n> four\n")
    assert [step.message.body for step in steps_of(trailing)] == [
        *("one", "1", "two", "2", "three", "3", "four")
    ]


def test_a_file_without_a_system_message_compares_none() -> None:
    assert not scheme_of(section_of(TURNS)).has_system
    assert scheme_of(section_of("### system\n\n> s\n" + TURNS)).has_system
    assert not scheme_of(section_of("### system, any\n" + TURNS)).has_system


def test_a_recording_compares_everything() -> None:
    assert scheme_of(section_of("---\nrechat: {match: exact}\n---\n" + TURNS)).is_exact


@pytest.mark.parametrize("take", "bc")
def test_a_client_that_always_gets_the_same_take_is_followed_to_the_end(take: str) -> None:
    turn = "### user\n\n> q{0}\n\n### assistant\n\n> b{0}\n\n### assistant, take 2\n\n> c{0}\n\n"
    *_, last = exchanges("".join(turn.format(number) for number in range(20)))
    texts = [text for number in range(19) for text in (f"q{number}", f"{take}{number}")]
    scheme = scheme_of(last.section)
    assert scheme.key(ask(*texts, "q19")) in keys_of(scheme, last.section, last.steps)


def test_the_keys_of_all_exchanges_are_those_of_each() -> None:
    pattern = "## p\n\n### user, any\n\n### assistant\n\n> x\n"
    sections = parse(f"## a\n{TURNS}\n{pattern}\n## b\n\n### system\n\n> s\n{TURNS}").sections
    found = [exchange for section in sections for exchange in exchanges_of("a.md", section)]
    assert [(item.path, item.section.title) for item, _, _ in keyed(found)] == [
        *[("a.md", "a")] * 3,
        *[("a.md", "b")] * 3,
    ]
    for exchange, scheme, keys in keyed(found):
        assert scheme == scheme_of(exchange.section)
        assert keys == keys_of(scheme, exchange.section, exchange.steps)


def test_a_blank_take_is_no_way_to_go_on() -> None:
    source = (
        "### user\n\n> a\n\n### assistant\n\n> b\n\n### assistant, take 2\n\n"
        "### user\n\n> c\n\n### assistant\n\n> d\n"
    )
    first, second = exchanges(source)
    assert (len(first.replies), len(first.answered)) == (2, 1)
    assert [message.body for message in second.steps[1].messages] == ["b"]
