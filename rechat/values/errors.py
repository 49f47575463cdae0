"""What can go wrong and is the user's to mend. Each message says where, what was read and what was
expected.
"""


class RechatError(Exception):
    """The base of all errors that rechat explains to a person."""


class UsageError(RechatError):
    """The command line or a setting cannot be used as given (exit code 2)."""


class ServerError(RechatError):
    """A server that a program started did not start, or ended by itself; in the server's words."""


class BodyError(RechatError):
    """A request's or response's body is not what its endpoint calls for."""


class TranscriptError(RechatError):
    """A transcript cannot be read. `line` counts from 1; the store adds the path in front. `code`
    is the stable name of the mistake; docs/spec lists them all.
    """

    def __init__(self, line: int, message: str, *, code: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return f"{self.line}: {self.message}"
