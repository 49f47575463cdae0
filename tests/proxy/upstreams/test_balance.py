"""Which of several equal upstreams gets a request."""

from collections import Counter
from collections import deque

import pytest

from rechat.proxy.upstreams import balance as module
from rechat.proxy.upstreams.balance import Balance
from rechat.proxy.upstreams.upstream import parse_upstream

A, B, C = (parse_upstream(f"http://{spec}") for spec in ("a:1*3", "b:1*2", "c:1"))
ALL = (A, B, C)
WEIGHTS = {A: 3, B: 2, C: 1}


@pytest.mark.parametrize("at_once", [1, 2, 5, 8, 16, 33])
def test_requests_are_shared_by_weight(at_once: int) -> None:
    balance, asked = Balance(ALL), Counter[object]()
    running: deque[object] = deque()
    for _ in range(1200):
        if len(running) == at_once:
            balance.end(running.popleft())  # type: ignore[arg-type]
        chosen = balance.choose(ALL)
        balance.begin(chosen)
        running.append(chosen)
        asked[chosen] += 1
    for upstream, weight in WEIGHTS.items():
        assert asked[upstream] == pytest.approx(1200 * weight / 6, rel=0.1)


def test_one_that_does_not_get_done_gets_no_more() -> None:
    balance, asked = Balance(ALL), Counter[object]()
    for _ in range(100):
        chosen = balance.choose(ALL)
        balance.begin(chosen)
        asked[chosen] += 1
        if chosen is not A:
            balance.end(chosen)
    assert asked[A] <= 4


def test_one_that_comes_back_is_not_owed_what_the_others_had() -> None:
    balance = Balance(ALL)
    for _ in range(600):
        assert balance.choose((B, C)) in (B, C)
    after = Counter(balance.choose(ALL) for _ in range(60))
    assert after[A] <= 33


def test_a_conversation_stays_where_its_last_turn_was() -> None:
    balance = Balance(ALL)
    balance.answered(C, 0.1, "talk")
    assert [balance.choose(ALL, "talk") for _ in range(5)] == [C] * 5
    assert balance.choose((A, B), "talk") in (A, B)
    balance.answered(B, 0.1, "talk")
    assert balance.choose(ALL, "talk") == B


def test_conversations_are_forgotten_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CONVERSATIONS", 2)
    balance = Balance(ALL)
    for name in ("one", "two", "one", "three"):
        balance.answered(C, 0.1, name)
    assert balance.choose(ALL, "one") == C
    assert balance.choose(ALL, "two") == A


def test_it_is_known_what_an_upstream_has_done() -> None:
    balance = Balance(ALL)
    balance.begin(A)
    balance.begin(A)
    balance.answered(A, 0.2, "")
    balance.failed(A, "it is gone")
    balance.end(A)
    load = balance.loads[A]
    assert (load.in_flight, load.asked, load.failed, load.reason) == (1, 2, 1, "it is gone")
    assert load.latency == pytest.approx(0.2)
    balance.answered(A, 0.3, "")
    assert 0.2 < load.latency < 0.3
