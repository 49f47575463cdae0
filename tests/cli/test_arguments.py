import pytest

from rechat.cli.arguments import with_values


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        (["replay", "-f"], ["replay", "-f", "flows_*.dump"]),
        (["replay", "-f", "--poll"], ["replay", "-f", "flows_*.dump", "--poll"]),
        (
            ["record", "-f", "http://127.0.0.1:1"],
            ["record", "-f", "flows_*.dump", "http://127.0.0.1:1"],
        ),
        (["replay", "--flow", "some.dump"], ["replay", "--flow", "some.dump"]),
        (["resend", "--as-recorded"], ["resend", "--as-recorded", "*1"]),
        (["resend", "--as-recorded", "--fresh"], ["resend", "--as-recorded", "*1", "--fresh"]),
        (["resend", "--as-recorded", "*2"], ["resend", "--as-recorded", "*2"]),
        (["resend", "--as-recorded*2"], ["resend", "--as-recorded=*2"]),
        ([], []),
    ],
)
def test_an_option_that_may_stand_alone_gets_a_value(typed: list[str], taken: list[str]) -> None:
    assert with_values(typed) == taken
