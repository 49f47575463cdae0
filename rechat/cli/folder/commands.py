"""The commands that keep a folder in order, as a person types them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.options import FOLDER
from rechat.cli.parameters import AsJson
from rechat.cli.parameters import Paths


def fmt(
    path: Paths = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="Write nothing; print what would change, exit with 1 if anything would."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Lay out transcripts as rechat writes them.

    Only blank lines, headings and the marks around texts change, never what a file answers. The
    paths of changed files are printed. The path - reads standard input and prints the result.
    """
    from rechat.cli.folder.fmt import fmt as format_files  # noqa: PLC0415

    format_files(path or [Path(FOLDER)], check=check, diff=diff, as_json=as_json)


def stats(path: Paths = None, as_json: AsJson = False) -> None:
    """Print what transcripts hold, in figures.

    Files, sections, answers, tokens as the APIs told them, models, and when the answers were made.
    """
    from rechat.cli.folder.stats import stats as print_stats  # noqa: PLC0415

    print_stats(path or [Path(FOLDER)], as_json=as_json)


def prune(
    path: Paths = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove them.")] = False,
    as_json: AsJson = False,
) -> None:
    """List files that no transcript needs.

    These are assets that none links to, and the wire detail of answers that are no longer there.
    With --yes they are removed. Nothing is, while a transcript cannot be read.
    """
    from rechat.cli.folder.prune import prune as prune_files  # noqa: PLC0415

    prune_files(path or [Path(FOLDER)], yes=yes, as_json=as_json)


def lsp() -> None:
    """Help editors with transcripts.

    A language server over standard input and output: mistakes as you type, completion of roles,
    parts, settings and assets, and what a section answers. The editor starts it.
    """
    from rechat.lsp import serve  # noqa: PLC0415

    raise typer.Exit(serve(sys.stdin.buffer, sys.stdout.buffer))


def mcp(
    path: Paths = None,
    port: Annotated[
        int,
        typer.Option(
            "--port",
            "-p",
            envvar="RECHAT_PORT",
            min=0,
            max=65535,
            metavar="PORT",
            help="Port of the server that runs; 0 stands for the one whose `rechat run` started "
            "the agent, or else 8910.",
        ),
    ] = 0,
) -> None:
    """Let agents use transcripts as tools.

    A server of the Model Context Protocol over standard input and output: what a running rechat was
    asked, why it missed, answers for misses, and the transcripts of a folder. The agent starts it.
    """
    from rechat.cli.folder.mcp import serve  # noqa: PLC0415

    raise typer.Exit(serve(path or [Path(FOLDER)], port=port))
