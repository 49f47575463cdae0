"""The places of a word in a text."""

import re
from collections.abc import Callable, Iterator

from rechat.values.secrets.kinds import Secret

type Finder = Callable[[str, str, str], Iterator[Secret]]
"""What finds the credentials that a word tells: called with a text that has it, the text in lower
case, letter by letter, and the word.
"""


def after(text: str, lower: str, word: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What follows each place of a word in the text, if it fits the pattern. `lower` is the text in
    lower case, letter by letter.
    """
    at = lower.find(word)
    while at >= 0:
        end = at + len(word)
        match = pattern.match(text, end)
        if match:
            yield match
            end = max(end, match.end())
        at = lower.find(word, end)
