"""What is doubted in the order of messages, and what people rightly write."""

import pytest

from rechat.format import parse
from rechat.store.doubts.conversations import doubts_about_messages

ASKED = "### user\n\n> Hi\n\n"
ANSWER = "### assistant\n\n> Yes.\n\n"
CALLS = "### assistant\n\n#### call f, a\n\n#### call g, b\n\n"


def doubts(source: str) -> list[int]:
    """The lines of what is doubted."""
    [section] = parse(source).sections
    return [line for line, _ in doubts_about_messages(section)]


@pytest.mark.parametrize(
    "source",
    [
        ASKED + ANSWER + ASKED + ANSWER,
        ASKED + ANSWER + "### assistant, take 2\n\n> No.\n",
        ASKED + ANSWER + "### assistant, take 2\n\n> No.\n\n### assistant, take 3\n\n> Ho.\n",
        ASKED + "### error 429\n\n" + ANSWER,
        ASKED + CALLS + "### tool, b\n\n> 2\n\n### tool, a\n\n> 1\n\n" + ANSWER,
        ASKED + CALLS + "### tool\n\n> 1\n\n### tool\n\n> 2\n\n" + ANSWER,
        ASKED + "### assistant\n\n#### call f\n\n### tool, x\n\n> 1\n\n" + ANSWER,
        ASKED + "### tool, any\n\n" + ANSWER,
        "### user, any\n\n" + ANSWER,
        ASKED + CALLS + "### tool, b\n\n>\n\n### tool, a\n\n> 1\n\n" + ANSWER,
        "### user\n\n#### image\n\n```yaml\nurl: https://example.com/a.png\n```\n\n" + ANSWER,
        ASKED + "### assistant, given\n\n> Yes\n\n" + ANSWER,
        ASKED + ANSWER + "```yaml\nfinish_reason: eos\n```\n",
        ASKED,
    ],
)
def test_what_people_rightly_write_is_not_doubted(source: str) -> None:
    assert doubts(source) == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (ASKED + CALLS + "### tool, c\n\n> 1\n\n### tool, b\n\n> 2\n\n" + ANSWER, [11]),
        (ASKED + CALLS + "### tool\n\n> 1\n\n" * 3 + ANSWER, [19]),
        (ASKED + CALLS + ASKED + "### tool, a\n\n> 1\n\n" + ANSWER, [15]),
        (ASKED + "### assistant, take 2\n\n> No.\n", [5]),
    ],
)
def test_results_and_takes_that_follow_nothing_are_doubted(source: str, lines: list[int]) -> None:
    assert doubts(source) == lines
