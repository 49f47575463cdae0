"""What in a transcript is not for everybody: secrets that a person wrote down, e-mail addresses,
the home folders of people.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from rechat.values import delete_from_lines
from rechat.values import secrets_in

# "@host.example.org", after a name.
_MAIL = re.compile(r"@(?<=[\w+-]@)((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w-])", re.ASCII)
_NOBODY = re.compile(
    r"(?i)(?:^|\.)(?:example\.(?:com|net|org)|noreply\.\w+\.com|\w+\.(?:example|test))$"
)
_GIT = ("git@", "noreply@", "no-reply@")
# "/home/NAME", "/Users/NAME", "C:\Users\NAME"
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\{1,4}Users\\{1,4})(?P<name>[A-Za-z0-9_.-]{1,64})")
# Before each line of a text in a quote.
_MARK = re.compile(r"^> ?", re.MULTILINE)
# What each of them has; to search for that first is quicker.
_OF_HOMES = ("/home/", "/Users/", "\\Users\\")
_ANYBODY = frozenset(
    {"app", "me", "name", "node", "runner", "shared", "ubuntu", "user", "username", "vscode", "you"}
)

type Remark = tuple[int, Literal["error", "notice"], str]


def private_in(source: str) -> Iterator[Remark]:
    """What should not be in a file: line, level and message. E-mail addresses and home folders are
    reported once, where the first one stands.
    """
    yield from _secrets(source)
    addresses = [
        match.start()
        for match in _MAIL.finditer(source)
        if not _NOBODY.search(match[1]) and not source.endswith(_GIT, 0, match.start() + 1)
    ]
    if addresses:
        message = f"e-mail addresses ({len(addresses)}): the first is in this line"
        yield _line(source, addresses[0]), "notice", message
    homes = [
        match.start()
        for match in (_HOME.finditer(source) if any(map(source.__contains__, _OF_HOMES)) else ())
        if match["name"].lower().rstrip(".") not in _ANYBODY
    ]
    if homes:
        message = f"home folders of people ({len(homes)}): the first is in this line"
        yield _line(source, homes[0]), "notice", message


def _secrets(source: str) -> Iterator[Remark]:
    found = _lines_of_secrets(source)
    if source.startswith(">") or "\n>" in source:  # what goes over lines is not seen with the marks
        found = sorted({*found, *_lines_of_secrets(delete_from_lines(_MARK, source))})
    for number, group in groupby(found, key=lambda item: item[0]):
        kinds = dict.fromkeys(kind for _, kind in group)
        placeholders = ", ".join(f"[redacted {kind}]" for kind in kinds)
        message = f"this line looks as if it held a secret: replace it with {placeholders}"
        yield number, "error", message


def _lines_of_secrets(source: str) -> list[tuple[int, str]]:
    """In which lines secrets begin, and of which kinds."""
    line, at = 1, 0
    found: list[tuple[int, str]] = []
    for secret in secrets_in(source):
        line += source.count("\n", at, secret.start)
        at = secret.start
        found.append((line, secret.kind))
    return found


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1
