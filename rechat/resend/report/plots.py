"""Plots as SVG, in the colours of the page."""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

# As wide as a phone screen, so that the text is readable there too.
_WIDTH, _HEIGHT = 440, 200
_LEFT, _BOTTOM, _TOP, _RIGHT = 50, 28, 10, 10
_STEPS = 200
_COLOURS = 6
_STEPS_OF_AXES = (1, 2, 2.5, 3, 4, 5, 6, 8, 10)


def distribution(title: str, values: Mapping[str, Sequence[float]]) -> str:
    """For each name, the cumulative share of its values (in milliseconds); empty if there are no
    values.
    """
    shown = {name: sorted(own) for name, own in values.items() if own}
    most = max((own[-1] for own in shown.values()), default=0.0)
    if not most:
        return ""
    lines = {
        name: [(own[0], 0.0), *((own[at], (at + 1) / len(own)) for at in _places(len(own)))]
        for name, own in shown.items()
    }
    return _plot(title, lines, most, 1.0, ("ms", "line"))


def curve(
    title: str, values: Mapping[str, Sequence[tuple[float, float]]], axes: str, mark: str = "line"
) -> str:
    """For each name, one number over another; empty without at least two points. `axes` is the name
    of the horizontal one. The points are joined by a line, or are dots if that is their `mark`.
    """
    points = [point for own in values.values() for point in own]
    if len(points) < 2:
        return ""
    most, highest = max(x for x, _ in points), max(y for _, y in points)
    lines = {name: sorted(own) for name, own in values.items()}
    return _plot(title, lines, most or 1.0, highest or 1.0, (axes, mark))


def _places(count: int) -> Sequence[int]:
    """Which of many values are drawn, including the last one."""
    step = max(1, count // _STEPS)
    return [*range(step - 1, count - 1, step), count - 1]


def _plot(
    title: str,
    lines: Mapping[str, Sequence[tuple[float, float]]],
    most: float,
    highest: float,
    axes: tuple[str, str],
) -> str:
    most, highest = _round(most), _round(highest)
    unit, mark = axes
    drawn = []
    for number, (name, points) in enumerate(lines.items()):
        places = [_place(x / most, y / highest) for x, y in points]
        told = f"<title>{escape(name)}</title>"
        if mark == "line":
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            drawn.append(f'<polyline class="{_look(number)}" points="{path}">{told}</polyline>')
            continue
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in places)
        drawn.append(f'<g class="{_look(number)}">{told}{dots}</g>')
    legend = "".join(
        f'<span class="{_look(number)}">{escape(name)}</span>' for number, name in enumerate(lines)
    )
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(_grid(most, highest, unit))}{''.join(drawn)}</svg>"
        f'<p class="legend">{legend}</p></figure>'
    )


def _place(across: float, up: float) -> tuple[float, float]:
    """The coordinates of a point, from shares of both axes."""
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return _LEFT + across * wide, _TOP + high - up * high


def _look(number: int) -> str:
    """The colour of a line, and its dashes once the colours are used up."""
    return f"c{number % _COLOURS}" + (
        f" d{min(number // _COLOURS, 2)}" if number >= _COLOURS else ""
    )


def _round(most: float) -> float:
    """The end of an axis with four round steps: 1, 2, 2.5, 3, 4, 5, 6, 8 or 10."""
    size = 10.0 ** math.floor(math.log10(most / 4))
    return next(step * size * 4 for step in _STEPS_OF_AXES if step * size * 4 >= most * 0.9999)


def _grid(most: float, highest: float, unit: str) -> Iterator[str]:
    for part in range(5):
        x, y = _place(part / 4, part / 4)
        yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        told = _number(highest * part / 4)
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{told}</text>'
        anchor = "end" if part == 4 else "middle"
        more = f" {unit}" if part == 4 else ""
        yield (
            f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="{anchor}">'
            f"{_number(most * part / 4)}{more}</text>"
        )


def _number(value: float) -> str:
    """A number with three significant digits, and no exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
