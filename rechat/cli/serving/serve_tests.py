"""The server of a run of pytest, as its plugin starts it, with `python -m` and the arguments
`[--record] [UPSTREAM]...`. The plugin opens a session for each test; the server ends with standard
input.

Every run waits for it, so it does without what reads the command lines of people.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rechat.cli.options import CommonOptions
from rechat.cli.options import ServerOptions
from rechat.cli.serving.serve import serve
from rechat.cli.settings.holding import are_set
from rechat.values import RechatError

if TYPE_CHECKING:
    from rechat.values import Policy

_RECORD = "--record"


def main() -> None:
    """Serve until standard input ends; exit with 2 and the reason if that cannot begin."""
    given = sys.argv[1:]
    policy: Policy = "record" if _RECORD in given else "replay"
    upstreams = tuple(one for one in given if one != _RECORD)
    common = CommonOptions("localhost", 0, quiet=True, until_eof=True)
    try:
        if are_set(Path(), os.environ):
            from rechat.cli.app import check_settings  # noqa: PLC0415  # most runs have none

            check_settings()
        serve(ServerOptions(common, policy, (), upstreams, has_sessions=True))
    except RechatError as error:
        sys.stderr.write(f"rechat: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
