"""The server of a test run, whose tests open a session each; it ends with standard input.

The pytest plugin starts it with `python -m` and the arguments `[--record] [UPSTREAM]...`: every run
waits for it, so it does not import the command-line parser. Other languages start `rechat
serve-tests`.
"""

import os
import sys
from pathlib import Path

from rechat.cli.serving.serve import serve_sessions
from rechat.cli.settings.holding import are_set
from rechat.values import RechatError

_RECORD = "--record"


def main() -> None:
    """Serve until standard input ends; exit with 2 and the reason if that cannot begin."""
    given = sys.argv[1:]
    upstreams = [one for one in given if one != _RECORD]
    try:
        if are_set(Path(), os.environ):
            from rechat.cli.app import check_settings  # noqa: PLC0415  # most runs have none

            check_settings()
        serve_sessions(upstreams, records=_RECORD in given)
    except RechatError as error:
        sys.stderr.write(f"rechat: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
