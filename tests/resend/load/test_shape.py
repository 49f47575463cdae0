import math
from itertools import islice
from itertools import pairwise
from statistics import mean
from statistics import pstdev

import pytest

from rechat.resend.load.shape import Load
from rechat.resend.load.shape import dues
from rechat.resend.load.shape import parse_loads
from rechat.values.errors import UsageError


@pytest.mark.parametrize(
    ("at", "rate", "loads"),
    [
        ("8", "", [Load(8)]),
        ("1, 64", "", [Load(1), Load(64)]),
        ("8", "5", [Load(0, 5.0)]),
        ("1", "2.5/constant", [Load(0, 2.5, math.inf)]),
        ("1", "5/gamma:0.5,9/poisson", [Load(0, 5.0, 0.5), Load(0, 9.0)]),
    ],
)
def test_a_load_is_a_number_at_once_or_a_rate(at: str, rate: str, loads: list[Load]) -> None:
    assert [*parse_loads(at, rate)] == loads


@pytest.mark.parametrize(("at", "rate"), [("0", ""), ("x", ""), ("1", "0"), ("1", "5/odd")])
def test_what_is_no_load_is_told(at: str, rate: str) -> None:
    with pytest.raises(UsageError, match="--at" if not rate else "--rate"):
        parse_loads(at, rate)


@pytest.mark.parametrize("shape", [0.5, 1.0, 4.0, math.inf])
def test_a_rate_is_kept_however_its_gaps_are_spread(shape: float) -> None:
    times = [*islice(dues(Load(0, 50.0, shape), seed=3), 20_000)]
    gaps = [after - before for before, after in pairwise(times)]
    assert mean(gaps) == pytest.approx(1 / 50, rel=0.02)
    assert pstdev(gaps) / mean(gaps) == pytest.approx(1 / math.sqrt(shape), rel=0.05, abs=1e-6)


@pytest.mark.parametrize("shape", [0.5, 1.0, math.inf])
@pytest.mark.parametrize("total", [2, 30, 250])
def test_a_short_run_has_the_rate_that_was_asked_for(shape: float, total: int) -> None:
    for seed in range(5):
        times = [*islice(dues(Load(0, 20.0, shape), seed=seed, total=total), total)]
        assert times[0] == 0.0
        assert times[-1] == pytest.approx((total - 1) / 20)
        assert times == sorted(times)


def test_a_run_without_an_end_has_its_rate_in_every_hundred() -> None:
    times = [*islice(dues(Load(0, 20.0), seed=1), 501)]
    assert times[::100] == pytest.approx([0, 5, 10, 15, 20, 25])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("*1", ["as recorded"]),
        ("*2", ["as recorded*2"]),
        ("0.5", ["as recorded*0.5"]),
        ("*1,*2.5", ["as recorded", "as recorded*2.5"]),
    ],
)
def test_what_was_recorded_is_sent_at_a_speed(text: str, names: list[str]) -> None:
    assert [load.name for load in parse_loads("1", "", text)] == names


@pytest.mark.parametrize("text", ["*", "*0", "x2", "*-1"])
def test_what_is_no_speed_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="how many times as fast"):
        parse_loads("1", "", text)


def test_there_is_one_answer_to_when_questions_are_sent() -> None:
    with pytest.raises(UsageError, match="leave out one"):
        parse_loads("1", "5", "*1")


def test_a_ramp_begins_slowly_and_ends_at_the_rate() -> None:
    times = [*islice(dues(Load(0, 100.0, math.inf), ramp=10.0), 2000)]
    assert times == sorted(times)
    assert sum(time < 10 for time in times) == 500
    assert sum(time < 5 for time in times) == pytest.approx(125, abs=1)
    assert sum(10 <= time < 15 for time in times) == 500


def test_the_times_follow_from_the_seed() -> None:
    first, again, other = ([*islice(dues(Load(0, 5.0), seed=seed), 9)] for seed in (1, 1, 2))
    assert first == again != other
