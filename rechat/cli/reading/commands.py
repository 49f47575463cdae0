"""The commands that read a folder, as a person types them."""

from typing import Annotated

import typer

from rechat.cli.help import completion
from rechat.cli.options import FOLDER
from rechat.cli.parameters import AsJson
from rechat.cli.parameters import Paths


def show(
    path: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH[#SECTION]...",
            autocompletion=completion.sections,
            help="Transcripts, or sections of them.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Print the conversations in transcripts.

    Takes of an answer stand side by side where the terminal is wide enough.
    """
    from rechat.cli.reading import read  # noqa: PLC0415

    read.show(path, as_json=as_json)


def find(
    query: Annotated[
        str,
        typer.Argument(
            metavar="REQUEST",
            help="The body of a request in JSON, a .json file that contains it, - for "
            "standard input, or the text of a user message.",
        ),
    ],
    path: Paths = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print all differences from the nearest transcript.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the transcript that answers a request.

    If none does, print the nearest transcript and what differs, and exit with 1. A text is also
    tried with the settings of the nearest transcript, such as its model.
    """
    from rechat.cli.reading import read  # noqa: PLC0415

    read.find(query, path or [FOLDER], as_json=as_json, explain=explain)


def diff(
    first: Annotated[
        str,
        typer.Argument(
            metavar="PATH[#SECTION]",
            autocompletion=completion.sections,
            help="The old version.",
        ),
    ],
    second: Annotated[
        str,
        typer.Argument(
            metavar="PATH[#SECTION]",
            autocompletion=completion.sections,
            help="The new version.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Show how two transcripts differ.

    Two sections or two folders can be compared as well. Exit with 1 if there are differences.
    """
    from rechat.cli.reading.diff import diff as show_differences  # noqa: PLC0415

    show_differences(first, second, as_json=as_json)
