"""The totals of all requests: at the end of the output, and at the bottom of the terminal while
rechat runs.
"""

from collections.abc import Mapping

from rechat.observe.signs import SIGNS

# Entries that report the progress of a request; a later entry reports its outcome.
_UNDER_WAY = ("failover", "held")


def totals(counts: Mapping[str, int]) -> str:
    """How many requests there were, how many of them were hits, and how many of each kind; empty if
    there were none.
    """
    told = ", ".join(
        f"{sign.mark} {counts[sign.word]:,} {sign.word}" for sign in SIGNS if counts.get(sign.word)
    )
    count = sum(number for word, number in counts.items() if word not in _UNDER_WAY)
    if not count:
        return told
    noun = "request" if count == 1 else "requests"
    return f"{count:,} {noun}, {100 * counts.get('hit', 0) // count} % hits: {told}"
