"""Which settings count."""

from rechat.matching.settings import meaningful
from rechat.matching.settings import updated
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque


def test_ignoring_leaves_the_settings_as_they_were() -> None:
    settings = {"a": {"b": 1, "c": 2}}
    assert meaningful(settings, ["a.b"]) == {"a": {"c": 2}}
    assert settings == {"a": {"b": 1, "c": 2}}


def test_ignoring_what_is_not_there_changes_nothing() -> None:
    assert meaningful({"a": 1}, ["b", "a.b", "c.d.e"]) == {"a": 1}


def test_the_order_of_tools_does_not_count() -> None:
    chat = [{"type": "function", "function": {"name": name}} for name in "ba"]
    built_in = [{"type": "web_search"}, {"type": "custom", "name": "apply"}, "odd"]
    for tools in (chat, built_in, [*chat, *built_in]):
        assert meaningful({"tools": tools}) == meaningful({"tools": tools[::-1]})
    assert meaningful({"tools": chat}) != meaningful({"tools": chat[:1]})


def test_an_update_changes_the_settings_that_it_names() -> None:
    settings = {"model": "m", "reasoning": {"effort": "low", "context": "all_turns"}}
    item = {"type": "configuration_update", "id": "cu_1", "reasoning": {"effort": "high"}}
    update = Message("developer", None, (Opaque(item),))
    changed = {"effort": "high", "context": "all_turns"}
    assert updated(settings, update) == settings | {"reasoning": changed}
    assert updated({}, update) == {"reasoning": {"effort": "high"}}
    assert settings["reasoning"] == {"effort": "low", "context": "all_turns"}
    assert updated(settings, Message("developer", "Be brief.")) is None
