"""What the expressions of several rules are made of."""

import re
from collections.abc import Callable

type Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
"""What a rule finds, and what stands in its place."""

# Where a word begins; in the arguments of a call one begins after `\n`, too.
BEGIN = r"(?:(?<!\w)|(?<=\\[nrt]))"

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
WEEKDAY = (
    r"(?:Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:r(?:s(?:day)?)?)?|Fri(?:day)?"
    r"|Sat(?:urday)?|Sun(?:day)?)"
)


def word(text: str) -> str:
    """An expression for words that begin as one. The text stands first, which makes the search
    fast.
    """
    return rf"{text}(?:(?<!\w{text})|(?<=\\[nrt]{text}))"
