"""What differs between two conversations, in their own words."""

from rechat.explain.comparison import Comparison, compare
from rechat.explain.difference import Difference, differences, readable
from rechat.explain.linediff import SIGNS
from rechat.explain.similarity import ALMOST, Likeness, likenesses, text_of, words_of

__all__ = [
    "ALMOST",
    "SIGNS",
    "Comparison",
    "Difference",
    "Likeness",
    "compare",
    "differences",
    "likenesses",
    "readable",
    "text_of",
    "words_of",
]
