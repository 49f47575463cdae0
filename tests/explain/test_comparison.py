"""Two transcripts held against each other."""

import pytest

from rechat.explain.comparison import compare
from rechat.format.reader import parse

QA = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


def told(first: str, second: str) -> list[list[str]]:
    found = compare(parse(first).sections, parse(second).sections)
    return [[difference.reason for difference in one.differences] for one in found]


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [
        (QA.format("Hi", "Ho"), QA.format("Hi", "Ho"), []),
        (QA.format("Hi", "Ho"), "# Title\n\n" + QA.format("Hi", "Ho"), []),
        (
            QA.format("Hi", "To Rome"),
            QA.format("Hi", "To Paris"),
            ['the assistant message (message 2 of 2) differs: "Rome" ≠ "Paris"'],
        ),
        (
            "---\ntemperature: 0\n---\n\n" + QA.format("Hi", "Ho"),
            "---\ntemperature: 1\n---\n\n" + QA.format("Hi!", "Ho"),
            [
                "temperature 0 ≠ 1",
                'the user message (message 1 of 2) differs: "!" is new',
            ],
        ),
    ],
)
def test_settings_questions_and_answers_are_compared(
    first: str, second: str, reasons: list[str]
) -> None:
    assert told(first, second) == [reasons]


def test_sections_are_paired_by_title_and_the_others_in_order() -> None:
    first = f"## a\n\n{QA.format('A', '1')}\n## b\n\n{QA.format('B', '1')}"
    second = f"## b\n\n{QA.format('B', '2')}\n## c\n\n{QA.format('C', '1')}"
    found = list(compare(parse(first).sections, parse(second).sections))
    pairs = [(one.first and one.first.title, one.second and one.second.title) for one in found]
    assert pairs == [("b", "b"), ("a", "c")]
    assert [one.is_same for one in found] == [False, False]


def test_a_section_that_only_one_has_is_told() -> None:
    [_, alone] = compare(
        parse(f"## a\n\n{QA.format('A', '1')}\n## b\n\n{QA.format('B', '1')}").sections,
        parse(f"## a\n\n{QA.format('A', '1')}").sections,
    )
    assert alone.second is None
    assert not alone.is_same
