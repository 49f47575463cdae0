import pytest
import typer

from rechat.cli.resend.parameters import seconds


@pytest.mark.parametrize(
    ("text", "found"), [("60", 60), ("60s", 60), ("0", 0), ("1.5m", 90), ("2h", 7200)]
)
def test_a_time_has_a_unit_or_is_in_seconds(text: str, found: float) -> None:
    assert seconds(text) == found


@pytest.mark.parametrize("text", ["", "s", "soon", "-1", "nan", "inf", "1d"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no time: expected seconds"):
        seconds(text)
