"""Answers that reach a client, but hardly as they were meant."""

import pytest

from rechat.format.reader import parse
from rechat.store.doubts.answers import doubts_about_answers

ASKED = "### user\n\n> Hi\n\n"


def doubts(answer: str) -> list[tuple[int, str]]:
    (section,) = parse(ASKED + answer).sections
    return list(doubts_about_answers(section))


def with_fields(fields: str) -> str:
    return f"### assistant\n\n> Yes.\n\n```yaml\n{fields}\n```\n"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (with_fields("content: No."), "write it as the body"),
        (with_fields("tool_calls: [{name: f}]"), "`#### call NAME, ID`"),
        (with_fields("status: 429"), "write `### error 429`"),
        (with_fields("usage: 5"), "total_tokens"),
        (with_fields("max_tokens: 5"), "the front matter"),
        (with_fields("finish_reasn: stop"), "did you mean `finish_reason`?"),
        ("### assistant\n\n> TODO\n", "'TODO' is sent as it stands"),
        ("### assistant\n\n> <your answer>\n", "'<your answer>' is sent as it stands"),
        ("### assistant\n\n> One.\n> [... rest unchanged ...]\n", "write what was left out"),
        ("### response\n\n> Yes.\n", "write `### assistant`"),
    ],
)
def test_an_odd_answer_is_told_with_its_line(answer: str, words: str) -> None:
    ((line, told),) = doubts(answer)
    assert line == 5
    assert words in told


@pytest.mark.parametrize(
    "answer",
    [
        with_fields("model: m\nfinish_reason: length\nusage: {total_tokens: 3}"),
        with_fields("id: x\ntemperature: 1.0\nstatus: 3"),  # what an API sent
        with_fields("citations: []\nx_my_field: 1"),
        "### assistant\n\n> Well...\n",
        "### assistant\n\n> The rest of the list is unchanged.\n",
        "### response\n\n```yaml\nheaders: {content-type: text/html}\n```\n\n> <p>Hi\n",
    ],
)
def test_a_right_answer_is_not_told(answer: str) -> None:
    assert not doubts(answer)
