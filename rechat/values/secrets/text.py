r"""Credentials in a text: where they stand, and the text without them.

1. The placeholder names the kind and nothing else, and does not look like a credential: redacting
   twice is redacting once.
2. In base64 of some length only the beginning is looked at: among so many random characters any
   prefix may stand by chance.
3. Every expression is linear: what it may read far it takes.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from itertools import pairwise

from rechat.values.errors import UsageError
from rechat.values.jsontext import Json
from rechat.values.remembered import Remembered
from rechat.values.scan import overlapping
from rechat.values.secrets.context import in_context
from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.names import tells
from rechat.values.secrets.passwords import is_secret
from rechat.values.secrets.runs import in_runs

# "data:image/png;base64,…", or the bytes of a file without a name: random letters that are no
# credential.
_BYTES = re.compile(
    r"(?:data:[^,\s]{0,200};base64,[A-Za-z0-9+/]*+|(?!LS0tLS1CRUdJTi|e[wy][AoJ])[A-Za-z0-9+/]{256,}+)"
    r"={0,2}\Z",
    re.ASCII,
)
# The ids that APIs make.
_ID = re.compile(
    r"(?:(?:call|chatcmpl|gen|item|msg|req|resp|rs|run|session|thread|toolu|user|ws)[_-]|fc_)"
    r"[A-Za-z0-9]{1,64}",
    re.ASCII,
)
# No credential is shorter.
_SHORTEST = 12
# How much is remembered, in characters: the requests of some agents.
_ROOM = 1 << 24
# A credential, and what tells of it, are not longer together.
_TOGETHER = 1 << 14
# A text that changes is looked at again: what was within base64 may stand by itself now.
_ROUNDS = 4
# The names of headers and variables in lists.
_LONGEST_NAME = 60

_own: dict[str, re.Pattern[str]] = {}


def redact_text(text: str) -> str:
    """The text with `[redacted KIND]` for each credential in it; the same object if there is
    none.
    """
    if len(text) < _SHORTEST and not _own:
        return text
    redacted = _remembered(text)
    return text if redacted is None else redacted


def secrets_in(text: str) -> list[Secret]:
    """The credentials in a text, in order; none reaches into the next."""
    found = [*_own_in(text), *_known_in(text)] if _own else [*_known_in(text)]
    if not found:
        return found
    apart: list[Secret] = []
    for secret in sorted(found, key=lambda secret: secret.start):
        if apart and secret.start < apart[-1].end:
            last = apart.pop()
            apart.append(Secret(last.start, max(last.end, secret.end), last.kind))
        else:
            apart.append(secret)
    return apart


def set_own(patterns: Mapping[str, str]) -> None:
    """Take what matches these expressions, and no others, for credentials as well: from now on and
    in the whole process. Their names are the kinds. Raises `UsageError` for one that is invalid.
    """
    _own.clear()
    _remembered.clear()
    for name, pattern in patterns.items():
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            raise UsageError(f"redact: {name} = {pattern!r} is not valid: {error}") from None
        if compiled.search("") or compiled.search(_placeholder(name)):
            raise UsageError(
                f"redact: {name} = {pattern!r} also matches an empty text, or the placeholder "
                f"{_placeholder(name)}: make it match secrets only"
            )
        _own[name] = compiled


def own_patterns() -> dict[str, str]:
    """The expressions that count in this process as well, by their names."""
    return {name: compiled.pattern for name, compiled in _own.items()}


def redact_arguments(items: list[Json]) -> list[Json]:
    """The items of a list without the credentials that an item before them tells, as in `["mysql",
    "-p…"]` or `["Authorization", "…"]`: the same objects where there is none.
    """
    texts = [item if isinstance(item, str) else "" for item in items]
    named = [
        number
        for number, (name, value) in enumerate(pairwise(texts), 1)
        if 0 < len(name) <= _LONGEST_NAME and value and tells(name) and is_secret(name, value)
    ]
    is_command = any(text.startswith("-") for text in texts)
    if not named and not is_command:
        return items
    redacted: list[Json] = [*items]
    if is_command:
        _redact_command(texts, redacted)
    for number in named:
        redacted[number] = _placeholder("secret")
    return redacted


def _redact_command(texts: list[str], redacted: list[Json]) -> None:
    """Replace the credentials among the arguments of a command."""
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    for secret in reversed(secrets_in(" ".join(texts))):
        for number, text in enumerate(texts):
            at, to = secret.start - starts[number], secret.end - starts[number]
            if at >= 0 and to <= len(text):
                said = str(redacted[number])
                redacted[number] = f"{said[:at]}[redacted {secret.kind}]{said[to:]}"


def _redacted(text: str) -> str | None:
    """The text without credentials; None if it has none."""
    before = text
    for _ in range(_ROUNDS):
        found = secrets_in(text)
        if not found:
            break
        text = _without(text, found)
    return None if text is before else text


_remembered = Remembered(_redacted, _ROOM)


def _without(text: str, found: list[Secret]) -> str:
    pieces: list[str] = []
    at = 0
    for secret in found:
        pieces += [text[at : secret.start], _placeholder(secret.kind)]
        at = secret.end
    return "".join([*pieces, text[at:]])


def _placeholder(kind: str) -> str:
    return f"[redacted {kind}]"


def _own_in(text: str) -> Iterator[Secret]:
    for name, pattern in _own.items():
        yield from (Secret(*match.span(), name) for match in pattern.finditer(text) if match[0])


def _known_in(text: str) -> Iterator[Secret]:
    """What looks like a credential; the first of those that begin alike is right about its kind."""
    if _BYTES.match(text) or _ID.fullmatch(text):
        return
    for at, piece in overlapping(text, _TOGETHER):
        # One byte for each character, so that places are the same.
        data = piece.encode("latin-1", "replace")
        for found in (in_context(piece, data.lower().decode("latin-1")), in_runs(piece, data)):
            for secret in found:
                yield Secret(at + secret.start, at + secret.end, secret.kind)
