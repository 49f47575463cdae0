"""Which settings there are, and which values they take."""

import pytest

from rechat.cli.reading.commands import show
from rechat.cli.serving.commands import record
from rechat.cli.serving.commands import replay
from rechat.cli.settings.known import known_settings

RECORD = known_settings(record)


def test_a_setting_has_the_name_of_its_option() -> None:
    assert RECORD["set"].parameter == "set_"
    assert RECORD["no_coalesce"].kind is bool
    assert known_settings(show)["json"].parameter == "as_json"
    assert known_settings(replay)["on_miss"].choices == ("replay", "hold")
    assert RECORD["to"].default


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("port", 8911, ""),
        ("port", "8911", "a whole number, without quotes"),
        ("port", True, "a whole number"),
        ("port", 65536, "65535 or less"),
        ("takes", 0, "1 or more"),
        ("fuzzy", 1, ""),
        ("fuzzy", "0.8", "a number, without quotes"),
        ("quiet", "yes", "true or false"),
        ("to", "a/b", ""),
        ("to", 3, "a text in quotes"),
        ("also", ["a"], ""),
        ("also", "a", 'also = ["a"]'),
        ("also", ["a", 1], "a text in quotes"),
        ("on_miss", "relay", "record, replay, hold, rerecord or live"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told(name: str, value: object, problem: str) -> None:
    found = RECORD[name].problem(value)
    assert problem in found if problem else not found


def test_a_variable_is_a_value_in_words() -> None:
    assert RECORD["port"].parse("80") == 80
    assert RECORD["port"].parse("x") == "x"
    assert RECORD["quiet"].parse("1") is True
    assert RECORD["quiet"].parse("off") is False
    assert RECORD["also"].parse("a b") == ["a", "b"]
