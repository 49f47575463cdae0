from rechat.resend.report.plots import curve
from rechat.resend.report.plots import distribution


def test_a_distribution_ends_where_all_are_whole() -> None:
    drawn = distribution("ms", {"a&b": [20.0, 10.0, 40.0], "none": []})
    assert drawn.count("<polyline") == 1
    assert drawn.count("a&amp;b") == 2
    assert ' 630.0,10.0"' in drawn


def test_many_values_are_drawn_with_few_points() -> None:
    drawn = distribution("ms", {"a": [float(value) for value in range(100_000)]})
    assert drawn.count(",") < 1000


def test_nothing_is_no_plot() -> None:
    assert distribution("ms", {}) == ""
    assert curve("ms", {"a": [(1.0, 2.0)]}, "s") == ""
