"""Whether a tool failed."""

import pytest

from rechat.values.conversation import Message
from rechat.web.tools import failed


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Error: no such file", {}),
        ("ValueError: no", {}),
        ("Traceback (most recent call last):\n", {}),
        ("exit code: 2\nls: no such file", {}),
        ('{"error": "not found"}', {}),
        ('{"ok": false}', {}),
        ("fine", {"is_error": True}),
    ],
)
def test_a_failure_is_seen(text: str, fields: dict[str, bool]) -> None:
    assert failed(Message("tool", text, fields=dict(fields)))


@pytest.mark.parametrize(
    "text",
    [
        "Fine.",
        "The error is in line 3",
        '{"error": null}',
        '{"errors": 0}',
        "exit code: 0",
        "{x",
        "",
    ],
)
def test_a_result_that_only_speaks_of_errors_is_none(text: str) -> None:
    assert not failed(Message("tool", text))


def test_a_huge_result_is_not_read_to_its_end() -> None:
    assert not failed(Message("tool", "a.B" * 1_000_000 + "error:"))
    assert not failed(Message("tool", '{"a": ' * 1_000_000))
