"""Plots as SVG, in the colours of the page."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 640, 220
_LEFT, _BOTTOM, _TOP, _RIGHT = 44, 28, 10, 10
_STEPS = 200


def distribution(title: str, values: Mapping[str, Sequence[float]]) -> str:
    """For each name, the share of its values (in milliseconds) that are at most so large; empty if
    there are no values.
    """
    shown = {name: sorted(own) for name, own in values.items() if own}
    most = max((own[-1] for own in shown.values()), default=0.0)
    if not most:
        return ""
    lines = {
        name: [(0.0, 0.0), *((own[at], (at + 1) / len(own)) for at in _places(len(own)))]
        for name, own in shown.items()
    }
    return _plot(title, lines, most, 1.0, ("ms", "share"))


def curve(title: str, values: Mapping[str, Sequence[tuple[float, float]]], axes: str) -> str:
    """For each name, one number over another; empty without at least two points. `axes` is the
    name of the horizontal one.
    """
    points = [point for own in values.values() for point in own]
    if len(points) < 2:
        return ""
    most, highest = max(x for x, _ in points), max(y for _, y in points)
    lines = {name: sorted(own) for name, own in values.items()}
    return _plot(title, lines, most or 1.0, highest or 1.0, (axes, ""))


def _places(count: int) -> Sequence[int]:
    """Which of many values are drawn: the last one is."""
    step = max(1, count // _STEPS)
    return [*range(step - 1, count - 1, step), count - 1]


def _plot(
    title: str,
    lines: Mapping[str, Sequence[tuple[float, float]]],
    most: float,
    highest: float,
    axes: tuple[str, str],
) -> str:
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    drawn = []
    for number, (name, points) in enumerate(lines.items()):
        path = " ".join(
            f"{_LEFT + x / most * wide:.1f},{_TOP + high - y / highest * high:.1f}"
            for x, y in points
        )
        drawn.append(
            f'<polyline class="c{number % 6}" points="{path}"><title>{escape(name)}</title>'
            "</polyline>"
        )
    legend = "".join(
        f'<span class="c{number % 6}">{escape(name)}</span>' for number, name in enumerate(lines)
    )
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(_grid(most, highest, axes))}{''.join(drawn)}</svg>"
        f'<p class="legend">{legend}</p></figure>'
    )


def _grid(most: float, highest: float, axes: tuple[str, str]) -> Iterator[str]:
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    for part in range(5):
        x, y = _LEFT + wide * part / 4, _TOP + high - high * part / 4
        yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        told = _number(highest * part / 4)
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{told}</text>'
        anchor = "end" if part == 4 else "middle"
        unit = f" {axes[0]}" if part == 4 else ""
        yield (
            f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="{anchor}">'
            f"{_number(most * part / 4)}{unit}</text>"
        )


def _number(value: float) -> str:
    """A number with three digits that count, and no exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
