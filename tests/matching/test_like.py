"""Requests against exchanges with patterns."""

import pytest

from rechat.format import reader
from rechat.index.cards import exchanges_in
from rechat.matching.like import match_patterns
from rechat.matching.like import patterns_of
from rechat.values.conversation import Message
from rechat.values.conversation import Request

ASKED = Request({"model": "m"}, (Message("system", "Be brief."), Message("user", "I am Ada.")))


def holes(text: str, request: Request = ASKED) -> dict[str, str] | None:
    """What the holes of a transcript catch, up to its answer."""
    (exchange,) = exchanges_in(
        "a.md", reader.parse(f"{text}\n\n### assistant\n\n> Hello!\n").sections
    )
    return match_patterns(exchange, patterns_of(exchange), request)


def test_only_messages_that_say_so_have_a_pattern() -> None:
    text = "### system\n\n> [..]\n\n### user, like\n\n> [..]\n\n### assistant\n\n> Hello!\n"
    (exchange,) = exchanges_in("a.md", reader.parse(text).sections)
    assert [bool(pattern) for pattern in patterns_of(exchange)] == [False, True]


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("### user, like\n\n> I am {{name}}.", {"name": "Ada"}),
        ("### system, any\n\n### user, like\n\n> I am [..]", {}),
        ("### system, like\n\n> Be {{how}}.\n\n### user, any", {"how": "brief"}),
        ("### system, like\n\n> {{x}} brief.\n\n### user, like\n\n> {{x}} am Ada.", None),
        ("### system\n\n> Be long.\n\n### user, any", None),
        ("### user, any\n\n### user, any", None),
        ("---\nmodel: other\n---\n\n### user, any", None),
    ],
)
def test_a_request_matches_message_by_message(text: str, caught: dict[str, str] | None) -> None:
    assert holes(text) == caught
