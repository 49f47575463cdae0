"""The command line: `rechat record`, `replay`, `run`, and what reads and changes transcripts."""

import io
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from rechat import __version__
from rechat.cli import commands
from rechat.cli.convert import commands as convert_commands
from rechat.cli.folder import commands as folder_commands
from rechat.cli.help.groups import Command
from rechat.cli.help.groups import Group
from rechat.cli.merge import merge
from rechat.cli.resend import resend
from rechat.cli.settings import default_map

app = typer.Typer(
    name="rechat",
    cls=Group,
    help="A folder of Markdown transcripts is an LLM endpoint.",
    epilog="Without a command, `rechat [UPSTREAM]...` is `rechat record [UPSTREAM]...`.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"rechat {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=_show_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    pass


for _command in (
    commands.record,
    commands.replay,
    commands.run,
    commands.show,
    commands.find,
    commands.accept,
    commands.diff,
    resend,
    commands.lint,
    folder_commands.fmt,
    folder_commands.stats,
    folder_commands.prune,
    folder_commands.lsp,
    commands.init,
    commands.ca,
    merge,
):
    app.command(cls=Command)(_command)

app.command("import", cls=Command)(convert_commands.import_)
app.command("export", cls=Command)(convert_commands.export)
app.command("serve-tests", cls=Command, hidden=True)(commands.serve_tests)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 fine, 1 findings or misses, 2 usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    end = given.index("--") if "--" in given else len(given)
    program = given[end + 1 :]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may not support all characters
            stream.reconfigure(errors="backslashreplace")
    try:
        app(
            args=commands.expand_flow(given[:end]),
            obj=program,
            default_map=default_map(),
            prog_name="rechat",
        )
    except Exception as error:
        # Not before: `rechat --help` would take a third longer.
        from rechat.values import RechatError  # noqa: PLC0415

        if not isinstance(error, RechatError):
            raise
        typer.echo(f"rechat: {error}", err=True)
        sys.exit(2)
