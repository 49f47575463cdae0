"""Is it the same request? Keys, normalisation and patterns."""

from rechat.matching import normalise
from rechat.matching.exchanges import (
    Exchange,
    Step,
    exchanges_of,
    keyed,
    keys_of,
    scheme_of,
    spelled_steps,
    steps_of,
)
from rechat.matching.like import match_patterns, patterns_of
from rechat.matching.normalise import RULES, needed
from rechat.matching.scheme import (
    Scheme,
    TextPattern,
    canonical_message,
    compile_pattern,
    fill,
    meaningful,
    spelled_query,
)

__all__ = [
    "RULES",
    "Exchange",
    "Scheme",
    "Step",
    "TextPattern",
    "canonical_message",
    "compile_pattern",
    "exchanges_of",
    "fill",
    "keyed",
    "keys_of",
    "match_patterns",
    "meaningful",
    "needed",
    "normalise",
    "patterns_of",
    "scheme_of",
    "spelled_query",
    "spelled_steps",
    "steps_of",
]
