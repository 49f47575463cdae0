"""Who is asked when an upstream fails, at which time."""

import pytest

from rechat.proxy.upstreams.failover import FIRST_REST
from rechat.proxy.upstreams.failover import LONGEST_REST
from rechat.proxy.upstreams.failover import LONGEST_WISH
from rechat.proxy.upstreams.failover import MOST_ATTEMPTS
from rechat.proxy.upstreams.failover import STREAM_PATIENCE
from rechat.proxy.upstreams.failover import WHOLE_PATIENCE
from rechat.proxy.upstreams.failover import Health
from rechat.proxy.upstreams.failover import may_pass
from rechat.proxy.upstreams.failover import patience
from rechat.proxy.upstreams.upstream import parse_upstream

A, B, C = (parse_upstream(f"http://{host}:1") for host in "abc")


def test_one_that_failed_is_left_alone_longer_each_time() -> None:
    health, now = Health(), 0.0
    assert health.candidates([A, B], [], now) == (A, B)
    for rest in (FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST, 8 * FIRST_REST, LONGEST_REST):
        health = health.failed(A, now, now)
        assert health.candidates([A, B], [], now + rest - 0.1) == (B,)
        now += rest + 0.1
        assert health.candidates([A, B], [], now) == (A, B)
    health = health.works(A).failed(A, now, now)
    assert health.is_resting(A, now) == FIRST_REST


def test_what_several_requests_meet_at_once_is_one_failure() -> None:
    health = Health()
    for failed in (10.0, 10.1, 10.2):
        health = health.failed(A, 9.9, failed)
    assert health.is_resting(A, 10.2) == FIRST_REST


def test_an_upstream_is_left_alone_for_as_long_as_it_says() -> None:
    assert Health().failed(A, 0, 0, 20).is_resting(A, 0) == 20
    assert Health().failed(A, 0, 0, 0.001).is_resting(A, 0) == FIRST_REST
    assert Health().failed(A, 0, 0, 1e9).is_resting(A, 0) == LONGEST_WISH
    assert Health().failed(A, 0, 0, 20).failed(A, 0, 1).is_resting(A, 1) == 19


def test_one_request_tries_an_upstream_that_failed_before_the_others_do() -> None:
    health = Health().failed(A, 0, 0)
    now = FIRST_REST
    assert health.candidates([A, B], [], now) == (A, B)
    health = health.tried(A, now)
    assert health.candidates([A, B], [], now) == (B,)
    assert health.works(A).candidates([A, B], [], now) == (A, B)
    assert Health().tried(A, now) == Health()


def test_if_all_failed_the_one_that_is_due_first_is_asked() -> None:
    health = Health().failed(A, 0, 0).failed(B, 1, 1)
    assert health.candidates([B, A], [], 1) == (A,)
    assert health.candidates([B, A], [A], 1) == (B,)
    assert health.candidates([B, A], [A, B], 1) == ()


def test_a_request_asks_so_many_upstreams_at_most() -> None:
    many = [parse_upstream(f"http://host{n}:1") for n in range(MOST_ATTEMPTS + 1)]
    assert Health().candidates(many, many[: MOST_ATTEMPTS - 1], 0)
    assert not Health().candidates(many, many[:MOST_ATTEMPTS], 0)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_another_upstream_may_do_better(status: int) -> None:
    assert may_pass(status)


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 409, 413, 422])
def test_no_other_upstream_is_asked_for_what_the_request_is_to_blame_for(status: int) -> None:
    assert not may_pass(status)


def test_the_last_upstream_is_waited_for_unless_the_user_says_how_long() -> None:
    assert patience(None, is_stream=True, has_next=True) == STREAM_PATIENCE
    assert patience(None, is_stream=False, has_next=True) == WHOLE_PATIENCE
    assert patience(None, is_stream=True, has_next=False) is None
    assert patience(3, is_stream=True, has_next=False) == 3
