"""When a server asks to come again."""

from email.utils import formatdate

import pytest

from rechat.values.retry_after import retry_after

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("Retry-After", "7", 7.0),
        ("retry-after", " 0.5 ", 0.5),
        ("retry-after", formatdate(NOW + 9, usegmt=True), 9.0),
        ("retry-after", formatdate(NOW - 9, usegmt=True), 0.0),
        ("retry-after", formatdate(NOW + 9), 9.0),
        ("retry-after-ms", "1500", 1.5),
    ],
)
def test_a_server_says_it_in_seconds_in_milliseconds_or_as_a_date(
    name: str, value: str, seconds: float
) -> None:
    assert retry_after([(name, value)], NOW) == seconds


def test_milliseconds_count_before_the_rounded_seconds_beside_them() -> None:
    assert retry_after([("retry-after", "2"), ("retry-after-ms", "1500")], NOW) == 1.5


def test_nothing_is_said_without_the_header() -> None:
    assert retry_after([("content-type", "text/plain")], NOW) is None


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "-1", "9" * 5000, "Wed, 99 Foo 2026", "1e9", "\u0665"),
        f"21 Oct {'9' * 20} 07:28:00 GMT",
        f"21 Oct 2026 07:28:00 +{'9' * 20}",
    ],
)
def test_what_cannot_be_read_is_none(value: str) -> None:
    assert retry_after([("retry-after", value)], NOW) is None
