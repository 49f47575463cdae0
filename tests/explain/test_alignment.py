"""What two sequences have in common."""

import difflib
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.explain import alignment
from rechat.explain.alignment import runs

ITEMS = st.text("abcde", max_size=30)
EFFORTS = st.sampled_from([0, 1, 10, 100, 1000, alignment.EFFORT])


def made(old: Sequence[str], new: Sequence[str], effort: int) -> list[str]:
    """What the runs make of the first sequence; they say where each stands in both."""
    found: list[str] = []
    before = (0, 0)
    for run in runs(old, new, effort):
        assert (run.i, run.k) == before
        before = (run.j, run.m)
        if run.kind == "equal":
            assert old[run.i : run.j] == new[run.k : run.m]
        assert (run.i == run.j) == (run.kind == "insert")
        assert (run.k == run.m) == (run.kind == "delete")
        found += new[run.k : run.m] if run.kind != "equal" else old[run.i : run.j]
    assert before == (len(old), len(new))
    return found


@given(old=ITEMS, new=ITEMS, effort=EFFORTS)
def test_the_runs_make_one_sequence_of_the_other(old: str, new: str, effort: int) -> None:
    assert made(old, new, effort) == list(new)


@given(old=ITEMS, new=ITEMS)
def test_short_sequences_are_compared_as_difflib_does(old: str, new: str) -> None:
    expected = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    assert [tuple(run) for run in runs(old, new)] == expected


def test_a_line_that_is_new_far_inside_is_the_only_change() -> None:
    old = [*map(str, range(20_000))]
    new = [*old[:9000], "x", *old[9000:15_000], *old[15_001:]]
    assert [run.kind for run in runs(old, new)] == ["equal", "insert", "equal", "delete", "equal"]


def test_lines_that_repeat_are_kept_between_those_that_do_not() -> None:
    """Between two that stand once, `}` belongs to `}`."""
    old = [line for number in range(3000) for line in (f"f{number}", "}", "}", "")]
    new = [*old]
    new[6000:6000] = ["g", "}", "}", ""]
    new[9001] = "]"
    changed = [run for run in runs(old, new) if run.kind != "equal"]
    assert sum(run.m - run.k for run in changed) == 5
    assert sum(run.j - run.i for run in changed) == 1


def test_where_all_repeats_most_is_still_found() -> None:
    chosen = random.Random(1)
    old = chosen.choices("abcdefghij", k=20_000)
    new = [*old]
    for place in chosen.sample(range(20_000), 20):
        new[place] = "x"
    same = sum(run.j - run.i for run in runs(old, new) if run.kind == "equal")
    assert same > 10_000


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["}"] * 50_000, ["x", *["}"] * 50_001, "y"]),
        (["a", "b"] * 25_000, ["b", "b", "a"] * 20_000),
        ([str(number % 7) for number in range(50_000)], [str(number % 11) for number in range(50_000)]),
        ([*map(str, range(50_000))], [*map(str, reversed(range(50_000)))]),
        ([*map(str, range(50_000))], [*map(str, range(50_000, 100_000))]),
    ],
    ids=["one line", "two lines", "some lines", "backwards", "nothing in common"],
)  # fmt: skip
def test_the_worst_sequences_take_bounded_time(old: list[str], new: list[str]) -> None:
    assert made(old, new, alignment.EFFORT) == new
