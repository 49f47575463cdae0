"""Texts that look the same but consist of different characters: composed or combining accents,
invisible characters, typographic quotes and dashes, letters of other alphabets.
"""

import re
from itertools import groupby
from unicodedata import combining
from unicodedata import normalize

from rechat.values import shared_end
from rechat.values import shared_start

# Zero-width spaces and joiners, the byte order mark, the soft hyphen.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_ALIKE = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u00b4`",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "...": "\u2026",
    "a": "\u0430",
    "c": "\u0441",
    "e": "\u0435",
    "i": "\u0456",
    "j": "\u0458",
    "o": "\u043e\u03bf",
    "p": "\u0440",
    "s": "\u0455",
    "x": "\u0445",
    "y": "\u0443",
    "A": "\u0410\u0391",
    "B": "\u0412\u0392",
    "C": "\u0421",
    "E": "\u0415\u0395",
    "H": "\u041d\u0397",
    "I": "\u0406\u0399",
    "K": "\u041a\u039a",
    "M": "\u041c\u039c",
    "N": "\u039d",
    "O": "\u041e\u039f",
    "P": "\u0420\u03a1",
    "T": "\u0422\u03a4",
    "X": "\u0425\u03a7",
    "Y": "\u03a5",
    "Z": "\u0396",
}
# The full-width letters that Chinese and Japanese keyboards produce.
_WIDE = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)}
_PLAIN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _INVISIBLE)),
    **{ord(other): plain for plain, others in _ALIKE.items() for other in others},
    **_WIDE,
}
# Texts are normalised (NFC) up to this length, and with at most this many accents on a letter,
# since the accents of a letter are sorted one by one.
_LONGEST = 200_000
_ACCENTS = 30
_FOREIGN = re.compile(rf"[^\x00-\x7f]{{{_ACCENTS},}}")
# At most this many characters form a group that looks like another one.
_GROUP = 4


def plain(text: str) -> str:
    """The text in the simplest characters that look the same; a very long one is returned
    unchanged.
    """
    if text.isascii() and "`" not in text:
        return text
    return normalize("NFC", text.translate(_PLAIN)) if _is_simple(text) else text


def _is_simple(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    return all(map(_has_few_accents, _FOREIGN.findall(text)))


def _has_few_accents(text: str) -> bool:
    runs = groupby(text, key=lambda character: combining(character) > 0)
    return all(not is_accent or sum(1 for _ in run) <= _ACCENTS for is_accent, run in runs)


def characters_that_differ(recorded: str, asked: str) -> tuple[str, str] | None:
    """`U+00E9` and `U+0065 U+0301`: the first characters that differ in two texts that look the
    same; None if they do not.
    """
    if recorded == asked or plain(recorded) != plain(asked):
        return None
    start = shared_start(recorded, asked)
    end = shared_end(recorded[start:], asked[start:])
    old, new = (text[start : len(text) - end] for text in (recorded, asked))
    first = _first_group(old, new) or (old, new)
    return _codes(first[0]), _codes(first[1])


def _first_group(old: str, new: str) -> tuple[str, str] | None:
    """The shortest beginnings of two different texts that look the same."""
    lengths = [(i, k) for i in range(_GROUP + 1) for k in range(_GROUP + 1) if i or k]
    for i, k in sorted(lengths, key=lambda both: (max(both), sum(both))):
        is_other = old[:i] != new[:k]
        if (
            is_other
            and plain(old[:i]) == plain(new[:k])
            and not _goes_on(old, i)
            and not _goes_on(new, k)
        ):
            return old[:i], new[:k]
    return None


def _goes_on(text: str, at: int) -> bool:
    """Whether the character at a position is an accent of the one before it."""
    return at < len(text) and combining(text[at]) > 0


def _codes(text: str) -> str:
    codes = [f"U+{ord(character):04X}" for character in text[:_GROUP]]
    return " ".join([*codes, "…"] if len(text) > _GROUP else codes) or "nothing"
