"""What all requests came to, in one line."""

import pytest

from rechat.observe.terminal.totals import totals


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({}, ""),
        ({"hit": 1200, "miss": 1}, "1,201 requests, 99 % hits: ✓ 1,200 hit, ≠ 1 miss"),
        ({"recorded": 1}, "1 request, 0 % hits: ● 1 recorded"),
        ({"hit": 1, "failover": 2}, "1 request, 100 % hits: ✓ 1 hit, ↷ 2 failover"),
    ],
)
def test_the_totals_have_the_share_of_hits_and_all_kinds(counts: dict[str, int], told: str) -> None:
    assert totals(counts) == told


def test_a_request_that_was_held_counts_once_when_it_is_answered() -> None:
    assert totals({"held": 2, "hit": 2}) == "2 requests, 100 % hits: ✓ 2 hit, ‖ 2 held"
    assert totals({"held": 1}) == "‖ 1 held"
