"""The places of a word in a text."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from rechat.values.secrets.kinds import Secret

type Finder = Callable[[str, str, str], Iterator[Secret]]
"""What finds the credentials that a word tells: called with a text that has it, the text in lower
case, letter by letter, and the word.
"""

# The letters that texts have least of, in English and in programs, the rarest first.
_RARE_LETTERS = "zqjxkvwbp"


def has_rare_letter(word: str) -> bool:
    """Whether a word is found by its rarest letter (`any_of`)."""
    return not set(_RARE_LETTERS).isdisjoint(word)


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """An expression for whether any of these words, each with a rare letter, is in a text: it stops
    at these letters alone, so one search takes less time than one for each word.
    """
    around: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        letter = next(letter for letter in _RARE_LETTERS if letter in word)
        before, _, rest = word.partition(letter)
        look = f"(?<={re.escape(before + letter)})" if before else ""
        around[letter].append(look + re.escape(rest))
    return re.compile("|".join(f"{letter}(?:{'|'.join(all_)})" for letter, all_ in around.items()))


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
