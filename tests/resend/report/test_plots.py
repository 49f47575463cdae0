from rechat.resend.report.plots import curve
from rechat.resend.report.plots import distribution


def test_a_distribution_ends_where_all_are_whole() -> None:
    drawn = distribution("ms", {"a&b": [20.0, 10.0, 40.0], "none": []})
    assert drawn.count("<polyline") == 1
    assert drawn.count("a&amp;b") == 2
    assert ' 430.0,10.0"' in drawn
    assert 'points="145.0,172.0 ' in drawn  # it rises from the smallest one


def test_axes_have_steps_that_people_count_in() -> None:
    drawn = distribution("ms", {"a": [3.0, 337.0]})
    assert [f">{step}</text>" in drawn for step in (0, 100, 200, 300)] == [True] * 4
    assert ">400 ms</text>" in drawn
    assert ">0.25</text>" in drawn


def test_what_came_one_after_the_other_is_dots() -> None:
    drawn = curve("e2e", {"a": [(0.0, 5.0), (1.0, 9.0)]}, "s", "dots")
    assert (drawn.count("<circle"), drawn.count("<polyline")) == (2, 0)


def test_a_seventh_line_has_dashes() -> None:
    drawn = distribution("ms", {f"line {number}": [1.0, 2.0] for number in range(8)})
    assert '<polyline class="c1 d1"' in drawn
    assert '<span class="c1 d1">line 7</span>' in drawn


def test_many_values_are_drawn_with_few_points() -> None:
    drawn = distribution("ms", {"a": [float(value) for value in range(100_000)]})
    assert drawn.count(",") < 1000


def test_nothing_is_no_plot() -> None:
    assert distribution("ms", {}) == ""
    assert curve("ms", {"a": [(1.0, 2.0)]}, "s") == ""
