"""What differs between two conversations, in their own words."""

from rechat.explain.comparison import Comparison, compare
from rechat.explain.difference import Difference, differences, readable
from rechat.explain.linediff import SIGNS

__all__ = ["SIGNS", "Comparison", "Difference", "compare", "differences", "readable"]
