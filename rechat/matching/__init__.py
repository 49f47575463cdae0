"""Is it the same request? Keys, normalisation and patterns."""

from rechat.matching import normalise
from rechat.matching.exchanges import Exchange
from rechat.matching.exchanges import Follower
from rechat.matching.exchanges import Step
from rechat.matching.exchanges import exchanges_of
from rechat.matching.exchanges import keyed
from rechat.matching.exchanges import keys_of
from rechat.matching.exchanges import order_of
from rechat.matching.exchanges import scheme_of
from rechat.matching.exchanges import spelled_steps
from rechat.matching.exchanges import steps_from
from rechat.matching.exchanges import steps_of
from rechat.matching.like import TextPattern
from rechat.matching.like import compile_pattern
from rechat.matching.like import fill
from rechat.matching.like import match_patterns
from rechat.matching.like import patterns_of
from rechat.matching.named import at_home
from rechat.matching.normalise import in_force
from rechat.matching.normalise import needed
from rechat.matching.output_rules import is_result
from rechat.matching.scheme import Scheme
from rechat.matching.settings import meaningful
from rechat.matching.settings import spelled_query
from rechat.matching.spelling import canonical_message

__all__ = [
    "Exchange",
    "Follower",
    "Scheme",
    "Step",
    "TextPattern",
    "at_home",
    "canonical_message",
    "compile_pattern",
    "exchanges_of",
    "fill",
    "in_force",
    "is_result",
    "keyed",
    "keys_of",
    "match_patterns",
    "meaningful",
    "needed",
    "normalise",
    "order_of",
    "patterns_of",
    "scheme_of",
    "spelled_query",
    "spelled_steps",
    "steps_from",
    "steps_of",
]
