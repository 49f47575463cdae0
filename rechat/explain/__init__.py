"""What differs between two conversations, in their own words, and the text of a miss."""

from rechat.explain.comparison import Comparison, compare
from rechat.explain.difference import Difference, differences, readable
from rechat.explain.linediff import SIGNS
from rechat.explain.miss_text import NO_TRANSCRIPT, nearest_differs, refusal_of, still_empty
from rechat.explain.similarity import ALMOST, Likeness, likenesses, text_of, words_of

__all__ = [
    "ALMOST",
    "NO_TRANSCRIPT",
    "SIGNS",
    "Comparison",
    "Difference",
    "Likeness",
    "compare",
    "differences",
    "likenesses",
    "nearest_differs",
    "readable",
    "refusal_of",
    "still_empty",
    "text_of",
    "words_of",
]
