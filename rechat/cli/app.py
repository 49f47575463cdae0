"""The command line: each command is registered here; its options are in the `commands` module of
its folder.

What a command does is imported when it runs. `rechat --help` must not wait for anything that it
does not need: mitmproxy alone takes half a second.
"""

import errno
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rechat import __version__
from rechat.cli.arguments import with_values
from rechat.cli.convert import commands as convert_commands
from rechat.cli.folder import commands as folder_commands
from rechat.cli.help.groups import Command
from rechat.cli.help.groups import Group
from rechat.cli.misses import commands as misses_commands
from rechat.cli.parameters import AsJson
from rechat.cli.programs import commands as programs_commands
from rechat.cli.reading import commands as reading_commands
from rechat.cli.resend import compare
from rechat.cli.resend import resend
from rechat.cli.resend import verify_tests
from rechat.cli.serving import commands as serving_commands
from rechat.cli.settings.holding import Commands
from rechat.cli.settings.holding import default_map
from rechat.cli.settings.holding import held

app = typer.Typer(
    name="rechat",
    cls=Group,
    help="A folder of Markdown transcripts is an LLM endpoint.",
    epilog="Without a command, `rechat [UPSTREAM]...` is `rechat record [UPSTREAM]...`.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


# A full disk, or a broken one, behind `> FILE`.
_OUTPUT_FAILURES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


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
    serving_commands.record,
    serving_commands.replay,
    serving_commands.run,
    reading_commands.show,
    reading_commands.find,
    misses_commands.accept,
    reading_commands.diff,
    resend,
    compare,
    folder_commands.lint,
    folder_commands.fmt,
    folder_commands.stats,
    folder_commands.prune,
    folder_commands.lsp,
    folder_commands.mcp,
    folder_commands.init,
    programs_commands.ca,
    folder_commands.merge,
):
    app.command(cls=Command)(_command)

app.command("import", cls=Command)(convert_commands.import_)
app.command("export", cls=Command)(convert_commands.export)


@app.command("config", cls=Command)
def _config(
    command: Annotated[
        str, typer.Argument(metavar="[COMMAND]", help="Whose settings (default: record).")
    ] = "record",
    as_json: AsJson = False,
) -> None:
    """Show which settings apply to a command.

    Each is shown with its source: a line of pyproject.toml or rechat.toml, an environment variable,
    or the default. Options on the command line override all of them.
    """
    from rechat.cli.settings.show import show  # noqa: PLC0415

    show(_with_settings(), command, as_json=as_json)


app.command("verify-tests", cls=Command, hidden=True)(verify_tests)
app.command("serve-tests", cls=Command, hidden=True)(serving_commands.serve_tests)


def _with_settings() -> Commands:
    """The commands whose options may be set in files, by name."""
    return {
        info.name or info.callback.__name__: info.callback
        for info in app.registered_commands
        if info.callback and not info.hidden and info.name != "config"
    }


def check_settings() -> None:
    """Raises `UsageError` for unknown settings in files and environment."""
    held(_with_settings(), Path(), os.environ)


def _defaults(given: Sequence[str]) -> dict[str, dict[str, object]]:
    """The settings in files and environment. `--help` and `rechat config` are not stopped here by
    an error in them.
    """
    if {"-h", "--help", "-V", "--version"} & {*given} or given[:1] == ["config"]:
        return {}
    return default_map(held(_with_settings(), Path(), os.environ, " ".join(given)))


def _open_streams() -> None:
    """Opens those of the standard streams that are closed (`<&-`): the number of a closed one would
    be given to a socket, which libuv and whoever prints take for the stream.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number free
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 fine, 1 findings or misses, 2 usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    end = given.index("--") if "--" in given else len(given)
    program = given[end + 1 :]
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may not support all characters
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            app(
                args=with_values(given[:end]),
                obj=program,
                default_map=_defaults(given[:end]),
                prog_name="rechat",
            )
        finally:
            sys.stdout.flush()  # not at the very end, where nobody could report that it failed
    except OSError as error:
        if error.filename is not None or error.errno not in _OUTPUT_FAILURES:
            raise
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # what is left is for nobody
        typer.echo(f"rechat: the output cannot be written: {error.strerror}", err=True)
        sys.exit(2)
    except Exception as error:
        # Not earlier: `rechat --help` would take a third longer.
        from rechat.values import RechatError  # noqa: PLC0415

        if not isinstance(error, RechatError):
            raise
        typer.echo(f"rechat: {error}", err=True)
        sys.exit(2)
