"""The tables of settings agree with each other."""

from rechat.format.reading.settings import NUMBERS
from rechat.format.reading.settings import SETTINGS
from rechat.format.reading.settings import TELLING


def test_every_setting_of_the_other_tables_is_a_setting() -> None:
    assert NUMBERS <= SETTINGS
    assert TELLING - {"rechat"} <= SETTINGS
