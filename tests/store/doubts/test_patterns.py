"""Wild cards that are none, and texts that only look like them."""

import pytest

from rechat.format import parse
from rechat.store.doubts.patterns import doubts_about_patterns


def doubts(asked: str, said: str = "Yes.", heading: str = "### user, like") -> int:
    """How many doubts there are."""
    lines = asked.replace("\n", "\n> ")
    source = f"{heading}\n\n> {lines}\n\n### assistant\n\n> {said}\n"
    return len(list(doubts_about_patterns(parse(source).sections[0])))


@pytest.mark.parametrize(
    "asked",
    ["[..]", "a [..] b", "Hi {{name}}", "Hi\n...", "Tell me more... [..]", "{{a}} in {json} [..]"],
)
def test_a_pattern_with_wild_cards_is_not_doubted(asked: str) -> None:
    assert doubts(asked) == 0


@pytest.mark.parametrize("asked", ["Hi ...", "**Hi**", "a [b] c", "print(f'{name}')", "…"])
def test_a_text_that_is_no_pattern_is_not_doubted(asked: str) -> None:
    assert doubts(asked, heading="### user") == 0


@pytest.mark.parametrize(
    "asked",
    ["[.]", "[....]", "[ .. ]", "[*]", "Hi\n  ...", "Hi\n....", "Hi\n. . .", ".*", "<name>", "Hi"],
)
def test_what_is_no_wild_card_is_doubted(asked: str) -> None:
    assert doubts(asked) == 1
