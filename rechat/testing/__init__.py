"""Servers for programs and tests, each in a child process of its own, and what the plugin for
pytest does with them.
"""

from rechat.testing.journal import Journal
from rechat.testing.outer_run import OuterRun
from rechat.testing.recorded import Exchange
from rechat.testing.recorded import Recorded
from rechat.testing.settings import run_settings
from rechat.testing.suite import Suite
from rechat.testing.summary import Summary

# What type checkers take for typing's, which would have to be imported.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rechat.testing.process import Record
    from rechat.testing.process import Replay

__all__ = [
    "Exchange",
    "Journal",
    "OuterRun",
    "Record",
    "Recorded",
    "Replay",
    "Suite",
    "Summary",
    "run_settings",
]

if not TYPE_CHECKING:  # a checker would take every name for one of ours

    def __getattr__(name: str) -> object:
        """A server. Every run of pytest imports this folder, and few start one."""
        if name not in ("Record", "Replay"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from rechat.testing import process  # noqa: PLC0415

        return getattr(process, name)
