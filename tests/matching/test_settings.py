"""Which settings count."""

from rechat.matching.settings import meaningful


def test_ignoring_leaves_the_settings_as_they_were() -> None:
    settings = {"a": {"b": 1, "c": 2}}
    assert meaningful(settings, ["a.b"]) == {"a": {"c": 2}}
    assert settings == {"a": {"b": 1, "c": 2}}


def test_ignoring_what_is_not_there_changes_nothing() -> None:
    assert meaningful({"a": 1}, ["b", "a.b", "c.d.e"]) == {"a": 1}
