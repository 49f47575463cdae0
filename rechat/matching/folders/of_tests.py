r"""The temporary folders that pytest makes: `/tmp/pytest-of-me/pytest-7/test_reads0`.

Each run has another one, and nobody writes such a path by hand. The number of the run counts up, a
worker of pytest-xdist has a folder of its own (`popen-gw1`), the name of a test is cut after 30
characters and numbered, and where temporary files lie differs between machines.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice

from rechat.matching.folders.paths import NAME
from rechat.matching.folders.paths import START
from rechat.values import Call
from rechat.values import Message

# A test has one such folder, or some more.
_MOST = 20
_SEPARATOR = r"(?:/|\\{1,2})"


@cache
def folder_of_tests() -> re.Pattern[str]:
    """Such a folder, up to the one of a test if there is one."""
    return re.compile(
        rf"(?=/|[A-Za-z]:){START}(?:[A-Za-z]:)?+(?:{_SEPARATOR}(?!pytest-of-)[.{NAME}]++)*+"
        rf"{_SEPARATOR}pytest-of-[\w.-]++{_SEPARATOR}pytest-\d++(?:{_SEPARATOR}popen-gw\d++)?+"
        rf"(?:{_SEPARATOR}test_\w{{1,120}}+(?<=\d)(?![.{NAME}]))?+(?![{NAME}])"
    )


def folders_of_tests(messages: Iterable[Message]) -> tuple[str, ...]:
    """The folders of tests that a conversation names, in the order in which it does; the
    first ones of many.
    """
    texts = (
        text
        for message in messages
        for text in (message.text, *(call.arguments for call in message.parts_of(Call)))
        if "pytest-of-" in text
    )
    found = (
        folder[0].replace("\\\\", "\\")
        for text in texts
        for folder in islice(folder_of_tests().finditer(text), _MOST)
    )
    return tuple(islice(dict.fromkeys(found), _MOST))
