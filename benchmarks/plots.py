"""Bars as SVG: a plot of a few figures that needs no library and shows in every browser."""

from pathlib import Path
from xml.sax.saxutils import escape

_WIDTH, _ROW, _LABELS = 760, 26, 260
_STYLE = """<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .bar { fill: #8c959f } .ours { fill: #0969da } .title { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .bar { fill: #6e7681 } .ours { fill: #4493f8 }
  }
</style>"""


def bars(title: str, values: dict[str, float], unit: str) -> str:
    """A bar for each name, the longest as wide as the plot; ours in another colour."""
    most = max(values.values(), default=1.0)
    rows = []
    for number, (name, value) in enumerate(values.items()):
        top = 34 + number * _ROW
        width = max(1.0, value / most * (_WIDTH - _LABELS - 110))
        kind = "bar ours" if name.startswith("rechat") and "0.1" not in name else "bar"
        rows += [
            f'<text x="{_LABELS - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{kind}" x="{_LABELS}" y="{top}" width="{width:.1f}" height="18" rx="2"/>',
            f'<text x="{_LABELS + width + 6:.1f}" y="{top + 14}">{value:,.4g} {escape(unit)}</text>'
            if value < 10_000
            else f'<text x="{_LABELS + width + 6:.1f}" y="{top + 14}">{value:,.0f} {escape(unit)}</text>',
        ]
    height = 44 + len(values) * _ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">\n'
        f"{_STYLE}\n"
        f'<text class="title" x="8" y="20">{escape(title)}</text>\n'
        + "\n".join(rows)
        + "\n</svg>\n"
    )


def write(plots: dict[str, str], folder: Path) -> None:
    """Each plot in a file of its name."""
    for name, plot in plots.items():
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.svg").write_text(plot)
