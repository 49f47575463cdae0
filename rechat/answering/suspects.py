"""Which files that cannot be read may be the reason of a miss."""

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from rechat.explain import readable
from rechat.store import Problem
from rechat.store import content_of
from rechat.values import Request

# A line has room for so many files.
_NAMED = 2
# So many files are looked into, and so far; so many words of a question are looked for.
_FILES = 50
_BYTES = 1 << 20
_CHARACTERS = 2_000
_WORDS = 50
# Such a share of them is no accident.
_SHARE = 0.5
_WORD = re.compile(r"\w+")
# What stands for any question, or has it in another file.
_OPEN = re.compile(r"^#{1,6} .*\b(?:any|like)\b", re.MULTILINE)
_ELSEWHERE = "unreadable-link"


def unread(roots: Iterable[Path], problems: Iterable[Problem], request: Request) -> str:
    """What could not be read and may have the answer to a request, in words; empty if nothing. It
    reads files.
    """
    found = [f"{root} does not exist" for root in roots if not root.exists()]
    words = _words(request)
    likely = [(_share(one, words), one) for one in islice(problems, _FILES)]
    likely.sort(key=lambda one: -one[0])
    suspects = [one for share, one in likely if share >= 0]
    found += [
        f"{one.path}:{one.line} cannot be read: {one.message.removeprefix('cannot be read: ')}"
        for one in suspects[:_NAMED]
    ]
    more = len(suspects) - _NAMED
    if more > 0:
        found.append(f"nor can {more} more {'file' if more == 1 else 'files'}")
    return "; ".join(found)


def _words(request: Request) -> set[str]:
    """The words of the question."""
    text = readable(request.messages[-1]) if request.messages else ""
    return set(islice(_WORD.findall(text[:_CHARACTERS].casefold()), _WORDS))


def _share(problem: Problem, words: set[str]) -> float:
    """The share of the words of a question that a file has, if these are most of them or the file
    may stand for questions of any words; else less than 0.
    """
    if not problem.code or problem.code == _ELSEWHERE:
        return 0
    try:
        text = content_of(Path(problem.path))[:_BYTES].decode("utf-8", "replace")
    except OSError:
        return 0
    held = text.casefold()
    share = sum(_has(held, word) for word in words) / max(1, len(words))
    return share if not words or share >= _SHARE or _OPEN.search(text) else -1


def _has(text: str, word: str) -> bool:
    """Whether a text has a word; for scripts that write words without spaces, anywhere."""
    is_there = word in text
    return is_there and (not word.isascii() or bool(re.search(rf"(?<!\w){word}(?!\w)", text)))
