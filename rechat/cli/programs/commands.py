"""The commands about programs that use rechat, as a person types them."""

from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.parameters import AsJson
from rechat.cli.parameters import Settings


def ca(
    set_: Settings = None,
    install: Annotated[
        bool,
        typer.Option("--install", help="Print the command that makes this machine trust it."),
    ] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write it to a file, with the certificates that programs trust anyway.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the certificate to trust.

    Without options, print where it is and how to make platforms and languages trust it.
    """
    from rechat.cli.programs.ca import show as show_certificate  # noqa: PLC0415

    show_certificate(tuple(set_ or ()), bundle, install=install, as_json=as_json)
