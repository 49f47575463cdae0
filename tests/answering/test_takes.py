"""The order of takes, as a session serves them."""

import pytest
from conversations import ONE
from conversations import TAKES
from conversations import ask
from conversations import index_of
from conversations import serves

from rechat.answering.policy import Serve
from rechat.answering.policy import Session
from rechat.format.reader import parse
from rechat.values import ErrorAnswer


@pytest.mark.parametrize(
    ("takes", "served"),
    [
        ("last", ["Ho", "He", "He", "He"]),
        ("cycle", ["Ho", "He", "Ho", "He"]),
        ("error", ["Ho", "He", "refused", "refused"]),
        ("random", ["He", "He", "He", "He"]),
    ],
)
def test_takes_follow_their_policy(takes: str, served: list[str]) -> None:
    session = Session(index_of(a=TAKES.format(takes)), "replay", choose=lambda count: count - 1)
    assert [serves(session) for _ in range(4)] == served


def test_a_single_take_can_be_used_up_too() -> None:
    session = Session(index_of(a="---\nrechat: {takes: error}\n---\n\n" + ONE), "replay")
    assert [serves(session), serves(session)] == ["Ho", "refused"]


def test_each_client_goes_through_the_takes_on_its_own() -> None:
    session = Session(index_of(a=TAKES.format("last")), "replay")
    assert [serves(session, "a"), serves(session, "b"), serves(session, "a")] == ["Ho", "Ho", "He"]


def test_takes_are_counted_for_each_request() -> None:
    source = TAKES.format("last").replace("### user\n\n> Hi", "### user, any")
    session = Session(index_of(a=source), "replay")
    assert [serves(session), serves(session)] == ["Ho", "He"]
    other = session.decide(ask("Another"))
    assert isinstance(other, Serve)
    assert other.reply.take == 1


def test_the_order_of_takes_survives_a_change_of_the_file() -> None:
    index = index_of(a=TAKES.format("last"))
    session = Session(index, "replay")
    assert serves(session) == "Ho"
    index.put("a.md", parse(TAKES.format("last").replace("He", "Hu")))
    assert serves(session) == "Hu"


def test_errors_are_takes() -> None:
    source = "### user\n\n> Hi\n\n### error 429\n\n> slow\n\n### assistant\n\n> Ho\n"
    session = Session(index_of(a=source), "replay")
    first = session.decide(ask("Hi"))
    assert isinstance(first, Serve)
    assert first.answer == ErrorAnswer(429, "slow")
    assert [serves(session), serves(session)] == ["Ho", "Ho"]


def test_a_blank_take_is_not_served() -> None:
    session = Session(index_of(a=ONE + "\n### assistant, take 2\n"), "replay")
    assert [serves(session), serves(session)] == ["Ho", "Ho"]


def test_a_session_without_chance_takes_the_first() -> None:
    session = Session(index_of(a=TAKES.format("random")), "replay")
    assert [serves(session), serves(session)] == ["Ho", "Ho"]


def test_a_reset_begins_with_the_first_take_again() -> None:
    session = Session(index_of(a=TAKES.format("last")), "replay")
    assert [serves(session), serves(session)] == ["Ho", "He"]
    session.reset()
    assert serves(session) == "Ho"
