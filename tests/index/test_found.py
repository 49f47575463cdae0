"""A hit that is the same request, and why there is none."""

import pytest
from conversations import ONE
from conversations import ask
from conversations import index_of

from rechat.index.found import Hit
from rechat.index.found import Miss


@pytest.mark.parametrize(
    ("rule", "is_same"),
    [("exact", True), ("normalised", True), ("listed", True), ("like", False), ("any", False)],
)
def test_only_a_match_without_patterns_is_the_same_request(rule: str, is_same: bool) -> None:
    [exchange] = index_of(a=ONE).exchanges()
    assert Hit(exchange, rule).is_same is is_same


def test_a_miss_says_why() -> None:
    index = index_of(a=ONE)
    [exchange] = index.exchanges()
    assert "no transcript" in Miss().reason
    assert "a.md:5" in Miss(None, exchange).reason
    assert Miss(nearest := index.nearest(ask("Hello"))).reason == (nearest and nearest.reason)
