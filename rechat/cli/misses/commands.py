"""The commands about a miss, as a person types them."""

from typing import Annotated

import typer

from rechat.cli.options import FOLDER
from rechat.cli.parameters import AsJson
from rechat.cli.parameters import Paths
from rechat.cli.parameters import ServerPort


def accept(
    miss: Annotated[
        str,
        typer.Argument(
            metavar="MISS",
            help="The number of a miss of the server running at --port, or what `rechat find` "
            "takes: a .json file with the body of a request, -, or the text of a user "
            "message.",
        ),
    ],
    path: Paths = None,
    into: Annotated[
        str,
        typer.Option(
            "--into",
            metavar="PLACE",
            help="The answer to keep, as FILE or FILE:LINE, if it is not the nearest one.",
        ),
    ] = "",
    port: ServerPort = 8910,
    as_json: AsJson = False,
) -> None:
    """Give a recorded answer a new question.

    For prompts that were edited: the nearest transcript is changed, only where the request differs
    from it. If it is not clear which one is meant, nothing is changed, and the exit code is 1.
    """
    from rechat.cli.misses.accept import accept as accept_miss  # noqa: PLC0415

    accept_miss(miss, path or [FOLDER], into=into, port=port, as_json=as_json)
