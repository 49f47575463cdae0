"""What to say of an exception that nobody expected: one line, for the client and the journal."""

from traceback import walk_tb

from rechat.values.errors import RechatError
from rechat.values.redact import redact_text

# So much of its message is told.
_LIMIT = 300


def reason_of(error: BaseException) -> str:
    """What went wrong, without secrets: for an error that rechat explains its message, for any
    other its type and message, and where in the code it was raised, as `file:line`.
    """
    said = " ".join(redact_text(str(error)[: 4 * _LIMIT]).split())
    told = said if len(said) <= _LIMIT else f"{said[:_LIMIT]}…"
    if isinstance(error, RechatError):
        return told
    name = type(error).__name__
    return f"{name}: {told} ({_place(error)})" if told else f"{name} ({_place(error)})"


def _place(error: BaseException) -> str:
    """The last line of our own that was running, or just the last one; a path of this machine is
    not told.
    """
    places = [
        (str(frame.f_globals.get("__name__", "?")), line)
        for frame, line in walk_tb(error.__traceback__)
    ]
    ours = [place for place in places if place[0].partition(".")[0] == "rechat"]
    module, line = (ours or places or [("?", 0)])[-1]
    return f"{module.replace('.', '/')}.py:{line}"
