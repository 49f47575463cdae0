"""What an answer costs."""

from collections.abc import Mapping

type Prices = Mapping[str, tuple[float, float]]
"""The dollars that a million input and a million output tokens of each model cost."""


def cost_of(tokens: tuple[int, int], price: tuple[float, float]) -> float:
    """The cost in dollars of this many input and output tokens."""
    asked, said = tokens
    return (asked * price[0] + said * price[1]) / 1e6
