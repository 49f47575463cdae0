"""docs/commands.md, made from the commands themselves; run this file after a change of one."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from rechat.cli.app import app
from rechat.cli.help.examples import EXAMPLES

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"

HEAD = """\
# Commands

<!-- Made from the help of the commands: python tests/support/commands_page.py -->

`rechat COMMAND --help` prints what this page says. Results go to standard output, everything else to standard error.
The exit code is 0 for success, 1 for findings or misses, and 2 if a command cannot be run as given.

Options can also be set in `[tool.rechat]` of `pyproject.toml` or in `rechat.toml`, for all commands (`quiet = true`)
or for one (`[tool.rechat.record]`). Environment variables (`RECHAT_QUIET=1`, `RECHAT_ON_MISS=hold`: a name for each option)
override these files, and the command line overrides both. A misspelt setting, or one of the wrong type, is an error with
file and line; `rechat config` shows what applies.
"""


def page() -> str:
    """The text of the page."""
    commands: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
    return "\n".join(
        [
            HEAD,
            *(_section(name, command) for name, command in commands.items() if not command.hidden),
        ]
    )


def _section(name: str, command: Any) -> str:
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(["rechat", name, *command.collect_usage_pieces(context)])
    about = inspect.cleandoc(command.help)
    examples = "\n".join(EXAMPLES.get(name, ()))
    rows = [_row(parameter) for parameter in command.params]
    return "\n".join(
        [
            *(f"## rechat {name}\n", f"```text\n{usage}\n```\n", f"{about}\n", *_table(rows)),
            f"```text\n{examples}\n```\n",
        ]
    )


def _table(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    if not rows:
        return
    yield "| | | default |"
    yield "|---|---|---|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _row(parameter: Any) -> tuple[str, str, str]:
    is_option = parameter.param_type_name == "option"
    names = sorted(parameter.opts, key=len) if is_option else []
    metavar = "" if getattr(parameter, "is_flag", False) else parameter.metavar
    name = ", ".join(names) + (" " if names and metavar else "") + metavar
    variable = f" Variable: `{parameter.envvar}`." if parameter.envvar else ""
    return f"`{name.replace('|', '\\|')}`", parameter.help + variable, _default(parameter)


def _default(parameter: Any) -> str:
    match parameter.default:
        case None | bool() | () | [] | "":
            return ""
        case Path() as path:
            return f"`{path.as_posix()}`"
        case float() as number:
            return f"`{number:g}`"
        case value:
            return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
