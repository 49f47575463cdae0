"""How an unexpected exception is described to the client and in the journal: in one line."""

import errno
from traceback import walk_tb

from rechat.values.errors import RechatError
from rechat.values.secrets import redact_text

# The message is shortened to this many characters.
_LIMIT = 300


def reason_of(error: BaseException) -> str:
    """The reason of a failure, without secrets: the message of a `RechatError`; for any other
    exception, its type, its message and where it was raised, as `file:line`.
    """
    said = " ".join(redact_text(str(error)[: 4 * _LIMIT]).split())
    told = said if len(said) <= _LIMIT else f"{said[:_LIMIT]}…"
    if isinstance(error, RechatError):
        return told
    name = type(error).__name__
    return f"{name}: {told} ({_place(error)})" if told else f"{name} ({_place(error)})"


def disk_reason(error: OSError) -> str:
    """Why a folder cannot be written, in plain words that are the same for every file."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    return f"the folder cannot be written ({error.strerror or redact_text(str(error))})"


def _place(error: BaseException) -> str:
    """The innermost line of rechat's code in the traceback, or else the innermost line; without the
    path of its folder.
    """
    places = [
        (str(frame.f_globals.get("__name__", "?")), line)
        for frame, line in walk_tb(error.__traceback__)
    ]
    ours = [place for place in places if place[0].partition(".")[0] == "rechat"]
    module, line = (ours or places or [("?", 0)])[-1]
    return f"{module.replace('.', '/')}.py:{line}"
