"""Where output goes: to a screen that somebody watches, or into a pipe or a log."""

import os
import sys

from rich.console import Console as Terminal


def screen(*, stderr: bool = False) -> Terminal:
    """Standard output, or standard error. It is interactive if a person watches: not in CI, whose
    logs may be written through a terminal too, and not just because colours are forced.
    """
    stream = sys.stderr if stderr else sys.stdout
    may_be_watched = stream.isatty() and not os.environ.get("CI")
    return Terminal(
        stderr=stderr,
        highlight=False,
        markup=False,
        force_interactive=None if may_be_watched else False,
    )
