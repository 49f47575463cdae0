"""Where output goes: to a screen that somebody watches, or into a pipe or a log."""

import os
import sys
from contextlib import suppress

from rich.console import Console as Terminal


class _Lasting(Terminal):
    """A terminal that may go away: then nothing more is written, and nothing fails."""

    def on_broken_pipe(self) -> None:
        """Continue without it."""
        self.quiet = True
        # Output that is still buffered is discarded, also when the process ends.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.file.fileno())
            os.close(nowhere)

    def _check_buffer(self) -> None:
        try:
            super()._check_buffer()
        except OSError:  # a terminal that was closed
            self.on_broken_pipe()


def screen(*, stderr: bool = False, is_lasting: bool = False) -> Terminal:
    """Standard output, or standard error. It is interactive if a person watches: not in CI, whose
    logs may be written through a terminal too, and not just because colours are forced. A lasting
    one is for programs that keep running when nobody can read it any more.
    """
    stream = sys.stderr if stderr else sys.stdout
    may_be_watched = stream.isatty() and not os.environ.get("CI")
    kind = _Lasting if is_lasting else Terminal
    return kind(
        stderr=stderr,
        highlight=False,
        markup=False,
        force_interactive=None if may_be_watched else False,
    )
