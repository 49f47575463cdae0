"""What differs between two conversations, in their own words, and the text of a miss."""

from rechat.explain.comparison import Comparison
from rechat.explain.comparison import compare
from rechat.explain.difference import Difference
from rechat.explain.difference import count_differences
from rechat.explain.difference import differences
from rechat.explain.difference import readable
from rechat.explain.linediff import SIGNS
from rechat.explain.linediff import DiffLine
from rechat.explain.linediff import Fragment
from rechat.explain.linediff import changed_words
from rechat.explain.miss_text import NO_TRANSCRIPT
from rechat.explain.miss_text import nearest_differs
from rechat.explain.miss_text import refusal_of
from rechat.explain.miss_text import still_empty
from rechat.explain.miss_text import told
from rechat.explain.pairs import pairs
from rechat.explain.sides import TRANSCRIPT_AND_REQUEST
from rechat.explain.sides import Sides
from rechat.explain.similarity import ALMOST
from rechat.explain.similarity import Likeness
from rechat.explain.similarity import likenesses
from rechat.explain.similarity import text_of
from rechat.explain.similarity import words_of
from rechat.explain.wording import values_that_differ
from rechat.explain.wording import words_that_differ

__all__ = [
    "ALMOST",
    "NO_TRANSCRIPT",
    "SIGNS",
    "TRANSCRIPT_AND_REQUEST",
    "Comparison",
    "DiffLine",
    "Difference",
    "Fragment",
    "Likeness",
    "Sides",
    "changed_words",
    "compare",
    "count_differences",
    "differences",
    "likenesses",
    "nearest_differs",
    "pairs",
    "readable",
    "refusal_of",
    "still_empty",
    "text_of",
    "told",
    "values_that_differ",
    "words_of",
    "words_that_differ",
]
