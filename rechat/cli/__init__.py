"""The command line: `rechat record`, `replay`, `run`, `show`, `find`, `lint`, `init`."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from rechat import __version__
from rechat.cli import init, read, serve
from rechat.cli.settings import default_map
from rechat.errors import RechatError


class _Group(TyperGroup):
    """The commands; what is none of them is an upstream: `rechat URL` is `rechat record URL`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, with the command put in that a newcomer leaves out."""
        own = {"--help", "--version", "--install-completion", "--show-completion"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["record", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="rechat",
    cls=_Group,
    help="A folder of Markdown transcripts is an LLM endpoint.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:  # a callback of typer
    if value:
        typer.echo(f"rechat {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    pass


app.command("record")(serve.record)
app.command("replay")(serve.replay)
app.command(
    "run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)(serve.run)
app.command("show")(read.show)
app.command("find")(read.find)
app.command("lint")(read.lint)
app.command("init")(init.init)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 fine, 1 findings or misses, 2 usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(args=serve.expand_flow(given), default_map=default_map(), prog_name="rechat")
    except RechatError as error:
        typer.echo(f"rechat: {error}", err=True)
        sys.exit(2)
