"""Errors that the user can fix. Each message says where the problem is, what was found and what was
expected.
"""


class RechatError(Exception):
    """The base class of all errors that rechat explains to its user."""


class UsageError(RechatError):
    """The command line or a setting cannot be used as given (exit code 2)."""


class ServerError(RechatError):
    """A server started by a program failed to start or ended; the message is the server's."""


class BodyError(RechatError):
    """The body of a request or response is not what its endpoint requires."""


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
