"""The picture of the console in the docs is what the console says."""

from console_picture import PICTURE
from console_picture import picture


def test_the_picture_is_up_to_date() -> None:
    assert PICTURE.read_text("utf-8") == picture(), "run python tests/support/console_picture.py"


def test_the_picture_loads_nothing_from_other_hosts() -> None:
    shown = picture().replace("http://www.w3.org/2000/svg", "")
    assert "http" not in shown
    assert "file:" not in shown
