"""What the report of a failing test says about its requests."""

from collections.abc import Sequence
from typing import Any

from rechat.testing.journal import SHOWN

TITLE = "rechat: no transcript answers"


def told(misses: Sequence[Any]) -> str:
    """The misses in the words of the conversation: a line for each, then its differences."""
    lines = [line for miss in misses[:SHOWN] for line in _lines(miss)]
    more = len(misses) - SHOWN
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)


def _lines(miss: Any) -> list[str]:
    # Every run of pytest loads the plugin, few need the rest of rechat.
    from rechat.explain import SIGNS  # noqa: PLC0415

    lines = [f"{miss['model'] or miss['target']}  {miss['words']}"]
    if not miss["differences"]:
        return [*lines, f"  {miss['reason']}"]
    lines.append(f"  nearest {miss['nearest']}")
    for difference in miss["differences"]:
        lines.append(f"  {difference['reason']}")
        for line in difference["lines"]:
            text = "".join(text for text, _ in line["pieces"])
            lines.append(f"    {SIGNS[line['kind']]}{text}")
    return lines
