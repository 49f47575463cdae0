"""Servers for programs and tests, each in a child process of its own, and the implementation of the
pytest plugin.

Programs start servers where there is no pytest, and every run of pytest imports this folder, while
few start a server; so a name is imported when it is first used.
"""

# What type checkers take for typing's, which would have to be imported.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rechat.testing.journal import Journal
    from rechat.testing.outer_run import OuterRun
    from rechat.testing.places import file_name
    from rechat.testing.process import Record
    from rechat.testing.process import Replay
    from rechat.testing.recorded import Exchange
    from rechat.testing.recorded import Recorded
    from rechat.testing.settings import run_settings
    from rechat.testing.shared import SharedFixtures
    from rechat.testing.suite import Suite
    from rechat.testing.summary import Summary

__all__ = [
    "Exchange",
    "Journal",
    "OuterRun",
    "Record",
    "Recorded",
    "Replay",
    "SharedFixtures",
    "Suite",
    "Summary",
    "file_name",
    "run_settings",
]

_MODULES = {
    "Exchange": "recorded",
    "Journal": "journal",
    "OuterRun": "outer_run",
    "Record": "process",
    "Recorded": "recorded",
    "Replay": "process",
    "SharedFixtures": "shared",
    "Suite": "suite",
    "Summary": "summary",
    "file_name": "places",
    "run_settings": "settings",
}

if not TYPE_CHECKING:  # a checker would take every name for one of ours

    def __getattr__(name: str) -> object:
        """A public name, imported when it is first used."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415

        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value
