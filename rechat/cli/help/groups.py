"""How a command is selected, and how its help looks."""

import os
from difflib import get_close_matches
from typing import Any, NoReturn

from typer.core import TyperCommand
from typer.core import TyperGroup

from rechat.cli.help.examples import EXAMPLES

_OWN = ("-h", "--help", "-V", "--version", "--install-completion", "--show-completion")


class Command(TyperCommand):
    """A command whose help shows the arguments as they are typed, and ends with examples."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The usage after the name of the command."""
        return [
            "[OPTIONS]",
            *(
                str(parameter.metavar)
                for parameter in self.get_params(ctx)
                if parameter.param_type_name == "argument"
            ),
        ]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The arguments and options, without the types that Python has for them."""
        for kind, title in (("argument", "Arguments"), ("option", "Options")):
            rows = [
                _row(ctx, parameter)
                for parameter in self.get_params(ctx)
                if parameter.param_type_name == kind
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Examples, each in a line of its own."""
        del ctx
        if lines := EXAMPLES.get(self.name or "", ()):
            with formatter.section("Examples"):
                formatter.write("".join(f"  {line}\n" for line in lines))


def _row(ctx: Any, parameter: Any) -> tuple[str, str]:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar), str(parameter.help or "")
    names, told = parameter.get_help_record(ctx)
    return names, told.replace("  [", " [")


class Group(TyperGroup):
    """The commands; with an upstream as the first word, `record`: `rechat URL`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, with `record` inserted if no command is named; a shell that completes the
        first word is offered the commands. Raises `UsageError` for a word that is neither a command
        nor an upstream.
        """
        if args == ["-v"]:
            args = ["--version"]  # the common convention
        elif args[:1] == ["help"]:
            args = [*args[1:2], "--help"]
        is_first_word = ctx.resilient_parsing and not args
        if not is_first_word and (not args or args[0] not in {*self.commands, *_OWN}):
            if args and not ctx.resilient_parsing:
                _check_upstream(
                    args[0], [name for name in self.commands if not self.commands[name].hidden]
                )
            args = ["record", *args]
        return super().parse_args(ctx, args)


def _check_upstream(word: str, commands: list[str]) -> None:
    """Raises `UsageError` if the first word is neither an option nor similar to an upstream."""
    if word.startswith("-") or ":" in word:
        return
    if os.path.exists(word):  # noqa: PTH110  # pathlib takes a tenth of `rechat --help`
        _fail(f"{word!r} is no command: did you mean `rechat replay {word}`?")
    if "." in word and not word.endswith(".md"):
        return  # a host without its scheme: the command tells what is missing
    close = get_close_matches(word, commands, 1)
    hint = f"did you mean `rechat {close[0]}`? " if close else ""
    _fail(
        f"{word!r} is no command: {hint}expected {', '.join(commands)}, or the URL of an upstream "
        "such as https://api.openai.com/v1"
    )


def _fail(problem: str) -> NoReturn:
    from rechat.values import UsageError  # noqa: PLC0415  # not needed for --help

    raise UsageError(problem)
