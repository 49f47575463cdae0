"""Where a doubtful setting stands, and what is not doubted."""

import pytest

from rechat.format import parse
from rechat.store.doubts.settings import doubts_about_settings
from rechat.store.doubts.settings import unread_settings

TALK = "### user\n\n> modell: m\n\n### assistant\n\n> Yes.\n"


def lines(source: str) -> list[list[int]]:
    """The lines of the doubtful settings of each section."""
    return [
        [line for line, _ in doubts_about_settings(section, source)]
        for section in parse(source).sections
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"---\nmodel: m\nmodell: m\n---\n\n{TALK}", [[3]]),
        (f"---\n{{modell: m}}\n---\n\n{TALK}", [[1]]),
        (f"---\nmodel: 4\n---\n\n{TALK}", [[2]]),
        (f"---\nmodell: m\n---\n\n## A\n\n{TALK}\n## B\n\n{TALK}", [[2], [2]]),
        (f"## A\n\n{TALK}\n## B\n\n```yaml\nmodell: m\n```\n\n{TALK}", [[], [14]]),
    ],
)
def test_a_doubtful_setting_is_told_where_it_stands(source: str, expected: list[list[int]]) -> None:
    assert lines(source) == expected


@pytest.mark.parametrize("name", ["tags", "aliases", "created"])
def test_the_properties_of_a_note_are_told_as_such(name: str) -> None:
    source = f"---\n{name}: [2026-11-27]\n---\n\n{TALK}"
    (section,) = parse(source).sections
    ((line, words),) = doubts_about_settings(section, source)
    assert line == 2
    assert words.endswith(f"take it out, or write `rechat: {{ignore: [{name}]}}`")
    assert lines(f"---\nrechat: {{ignore: [{name}]}}\n{name}: [x]\n---\n\n{TALK}") == [[]]


@pytest.mark.parametrize(
    "settings", ["model: m", "x_mine: 1", "temperature: 0.2", "model: it’s", "stop: [“]"]
)
def test_other_settings_are_not_doubted(settings: str) -> None:
    assert lines(f"---\n{settings}\n---\n\n{TALK}") == [[]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("model: m\ntemperature: 1\n\n" + TALK, [1, 2]),
        ("# Talk\n\nmodel = m\n\n" + TALK, [3]),
        ("---\nmodel: m\n---\n\nseed: 1\n\n" + TALK, [5]),
        ("---\nmodel: m\n---\n\n" + TALK, []),
        ("Model: which one it was.\n\n" + TALK, []),
        ("```text\nmodel: m\n```\n\n" + TALK, []),
        (TALK + "\nmodel: m\n", []),
    ],
)
def test_settings_in_the_commentary_above_are_told(source: str, expected: list[int]) -> None:
    assert [line for line, _ in unread_settings(source)] == expected
