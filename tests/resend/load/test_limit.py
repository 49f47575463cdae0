import pytest

from rechat.resend.load.limit import LimitSearch
from rechat.resend.load.shape import Load


def searched(first: Load, limit: float) -> tuple[list[float], LimitSearch]:
    """The loads that were tried with a server that is fast enough up to a limit."""
    search, tried = LimitSearch(first), []
    while load := search.next_load():
        tried.append(load.rate or load.at)
        search.tell(is_reached=tried[-1] <= limit)
    return tried, search


@pytest.mark.parametrize(
    ("first", "limit", "tried", "told"),
    [
        (Load(1), 11, [1, 2, 4, 8, 16, 12, 10, 11], "11 at once reach the goals, 12 miss them"),
        (Load(4), 3, [4, 2, 3], "3 at once reach the goals, 4 miss them"),
        (Load(1), 0, [1], "1 at once is too much for the goals, and less was not tried"),
        (
            Load(0, 10.0),
            33.0,
            [10.0, 20.0, 40.0, 30.0, 35.0, 32.5],
            "32.5 questions a second reach the goals, 35 miss them",
        ),
    ],
)
def test_the_load_is_doubled_and_then_halved_between_the_two(
    first: Load, limit: float, tried: list[float], told: str
) -> None:
    found, search = searched(first, limit)
    assert found == tried
    assert search.told == told


def test_a_server_without_a_limit_is_left_after_some_probes() -> None:
    tried, search = searched(Load(1), float("inf"))
    assert tried[-1] == 2**14
    assert search.told == "16384 at once reach the goals, and more was not tried"


def test_the_shape_of_the_load_stays() -> None:
    search = LimitSearch(Load(0, 10.0, 0.5))
    first = search.next_load()
    search.tell(is_reached=True)
    assert (first, search.next_load()) == (Load(0, 10.0, 0.5), Load(0, 20.0, 0.5))
