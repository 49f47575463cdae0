"""What stands under `rechat:` is known to the last key, and a section's wins over the file's."""

import pytest

from rechat.format.reading import options
from rechat.values.conversation import Options
from rechat.values.errors import TranscriptError
from rechat.values.jsontext import Json


def test_options_are_read_by_name() -> None:
    own = {"match": "exact", "ignore": "seed", "normalise": ["date"], "api": "x", "query": "a=1"}
    assert options.options(own, 1) == Options("exact", "last", ("seed",), "a=1", "x", ("date",))


@pytest.mark.parametrize("own", [3, {"mach": "exact"}, {"takes": "first"}, {"ignore": [1]}])
def test_an_unknown_option_is_an_error_with_its_line(own: Json) -> None:
    with pytest.raises(TranscriptError) as caught:
        options.options(own, 4)
    assert (caught.value.code, caught.value.line) == ("invalid-option", 4)


def test_settings_of_a_section_replace_those_of_the_file_and_options_add_up() -> None:
    outer = {"model": "a", "tools": [1], "rechat": {"match": "exact", "takes": "cycle"}}
    inner = {"tools": [], "rechat": {"takes": "error"}}
    assert options.merge(outer, inner) == {
        "model": "a",
        "tools": [],
        "rechat": {"match": "exact", "takes": "error"},
    }
