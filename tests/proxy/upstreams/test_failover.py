"""Who is asked when an upstream fails."""

from rechat.proxy.upstreams.failover import FIRST_REST
from rechat.proxy.upstreams.failover import LONGEST_REST
from rechat.proxy.upstreams.failover import Failover
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import parse_upstream

A, B, C = (parse_upstream(f"http://{host}:1") for host in "abc")


class Clock:
    """Time as the test sets it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_that_failed_is_left_alone_longer_each_time() -> None:
    clock = Clock()
    failover = Failover(clock)
    assert failover.candidates([A, B]) == (A, B)
    for rest in (FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST, 8 * FIRST_REST, LONGEST_REST):
        failover.failed(A)
        clock.now += rest - 0.1
        assert failover.candidates([A, B]) == (B,)
        clock.now += 0.1
        assert failover.candidates([A, B]) == (A, B)
    failover.works(A)
    failover.failed(A)
    clock.now += FIRST_REST
    assert failover.candidates([A]) == (A,)


def test_if_all_failed_the_one_that_is_due_first_is_asked() -> None:
    clock = Clock()
    failover = Failover(clock)
    failover.failed(A)
    clock.now += 1
    failover.failed(B)
    assert failover.candidates([B, A]) == (A,)
    assert failover.candidates([B, A], [A]) == (B,)
    assert failover.candidates([B, A], [A, B]) == ()


def test_only_those_that_fit_are_next() -> None:
    router = Router([A, B, parse_upstream("http://c:1:m")])
    router.failover.failed(A)
    assert [router.choose("", 8910) for _ in range(3)] == [B, B, B]
    assert router.next_after([B], "", 8910) == A
    assert router.next_after([A, B], "", 8910) is None
