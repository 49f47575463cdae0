"""The tables of settings agree with each other."""

from rechat.format.reading.settings import SETTINGS
from rechat.format.reading.settings import TELLING
from rechat.format.reading.settings import TYPES


def test_every_setting_of_the_other_tables_is_a_setting() -> None:
    assert TYPES.keys() <= SETTINGS
    assert TELLING - {"rechat"} <= SETTINGS
