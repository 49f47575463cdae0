"""What the session of a test says of its requests."""

from typing import Any

import pytest

from rechat.testing.journal import Journal
from rechat.testing.session import OpenSession
from rechat.testing.settings import ItemSettings


class Known(Journal):
    """A journal of some rows."""

    def __init__(self, *verdicts: str) -> None:
        super().__init__("", "")
        self.rows = [
            {"number": number, "verdict": verdict, "target": "POST /", "model": "m", "words": words}
            for number, (verdict, words) in enumerate((one.split(" ") for one in verdicts), 1)
        ]

    def exchanges(self, query: str, after: int = 0) -> list[Any]:
        assert query.startswith("session:00001-test")
        assert after == 0
        verdict = query.partition(" verdict:")[2]
        return [row for row in self.rows if verdict in ("", row["verdict"])]

    def in_full(self, rows: list[Any]) -> list[Any]:
        return rows


def session(*verdicts: str, settings: ItemSettings) -> OpenSession:
    return OpenSession("00001-test", Known(*verdicts), settings, "t/a.md", {})


@pytest.fixture
def settings() -> ItemSettings:
    return ItemSettings("", (), 1, "warn", fails=True)


def words(rows: list[Any]) -> list[str]:
    return [row["words"] for row in rows]


def test_what_was_answered_when_it_was_sent_again_has_not_failed(settings: ItemSettings) -> None:
    found = session("failed a", "failed b", "recorded a", "miss c", settings=settings)
    assert words(found.failed()) == ["b"]
    assert found.asked() == 4


def test_a_miss_that_a_subtest_has_told_is_not_told_again(settings: ItemSettings) -> None:
    found = session("miss a", "hit b", settings=settings)
    assert words(found.missed()) == ["a"]
    found.is_running = True
    assert words(found.missed()) == ["a"]
    found.is_running = False
    assert words(found.missed()) == []
