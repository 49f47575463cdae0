"""The commands and their options, as a person types them. What they do is imported when they run.

`rechat --help` must not wait for what it does not need: mitmproxy alone takes half a second.
"""

from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.help import completion
from rechat.cli.options import EVERY_DUMP
from rechat.cli.options import FOLDER
from rechat.cli.parameters import AsJson
from rechat.cli.parameters import Paths
from rechat.cli.parameters import ServerPort
from rechat.cli.parameters import Settings


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
    from rechat.cli import read  # noqa: PLC0415

    read.show(path, as_json=as_json)


def find(
    query: Annotated[
        str,
        typer.Argument(
            metavar="REQUEST",
            help="The body of a request in JSON, a .json file that holds it, - for standard input, "
            "or the text of a user message.",
        ),
    ],
    path: Paths = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print all differences from the nearest transcript.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the transcript that answers a request.

    If none does, print the nearest transcript and what differs, and exit with 1.
    """
    from rechat.cli import read  # noqa: PLC0415

    read.find(query, path or [FOLDER], as_json=as_json, explain=explain)


def accept(
    miss: Annotated[
        str,
        typer.Argument(
            metavar="MISS",
            help="The number of a miss of the server that runs at --port, or what `rechat find` "
            "takes: a .json file with the body of a request, -, or the text of a user message.",
        ),
    ],
    path: Paths = None,
    into: Annotated[
        str,
        typer.Option(
            "--into",
            metavar="PLACE",
            help="The answer that is meant, as FILE or FILE:LINE, if the nearest one is not.",
        ),
    ] = "",
    port: ServerPort = 8910,
    as_json: AsJson = False,
) -> None:
    """Give an old answer a new question.

    For prompts that were edited: the nearest transcript is changed, only where the request differs
    from it. If it is not clear which one is meant, nothing is changed, and the exit code is 1.
    """
    from rechat.cli.misses.accept import accept as accept_miss  # noqa: PLC0415

    accept_miss(miss, path or [FOLDER], into=into, port=port, as_json=as_json)


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
    from rechat.cli.diff import diff as show_differences  # noqa: PLC0415

    show_differences(first, second, as_json=as_json)


def lint(
    path: Paths = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for warnings too, not only for errors.")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="First correct headings that can only mean one thing, and lay out the files as "
            "`rechat fmt` does.",
        ),
    ] = False,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="How findings are printed: text, json, github (annotations of a workflow), gitlab "
            "(a Code Quality report), or sarif.",
        ),
    ] = "text",
    as_json: AsJson = False,
) -> None:
    """Check transcripts for mistakes.

    Errors are what cannot be read and what looks like a secret. Warnings are answers that are never
    served, and what may not mean what its author thinks. Exit with 1 if there are errors.
    """
    from rechat.cli.lint import lint as check  # noqa: PLC0415

    check(path or [FOLDER], form="json" if as_json else form, strict=strict, fix=fix)


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder to create.")] = FOLDER,
    github: Annotated[
        bool, typer.Option("--github", help="Write a workflow that checks the transcripts.")
    ] = False,
    gitlab: Annotated[
        bool, typer.Option("--gitlab", help="Write a job that checks the transcripts.")
    ] = False,
    pre_commit: Annotated[
        bool, typer.Option("--pre-commit", help="Write hooks that lay out and check transcripts.")
    ] = False,
    vscode: Annotated[
        bool, typer.Option("--vscode", help="Write a task that shows findings as problems.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create a folder with an example transcript.

    It gets settings for git, editors and formatters too. Files that exist are not changed.
    """
    from rechat.cli.init import make_folder  # noqa: PLC0415

    hosts = {"github": github, "gitlab": gitlab, "pre-commit": pre_commit, "vscode": vscode}
    wanted = [name for name, is_wanted in hosts.items() if is_wanted]
    make_folder(folder, wanted, as_json=as_json)


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
            help="Write it into a file, with the certificates that programs trust anyway.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the certificate to trust.

    Without options, print where it is and how platforms and languages trust it.
    """
    from rechat.cli.programs.ca import show as show_certificate  # noqa: PLC0415

    show_certificate(tuple(set_ or ()), bundle, install=install, as_json=as_json)


def with_values(arguments: list[str]) -> list[str]:
    """The arguments, with a value where an option that may do without stands alone: a pattern for
    `-f`, the recorded pace for `--as-recorded`, which may have one behind it (`--as-recorded*2`).
    """
    found: list[str] = []
    for argument, following in pairwise([*arguments, "-"]):
        if argument.startswith("--as-recorded*"):
            found.append(argument.replace("*", "=*", 1))
            continue
        found.append(argument)
        if argument in ("-f", "--flow") and (following.startswith("-") or "://" in following):
            found.append(EVERY_DUMP)
        elif argument == "--as-recorded" and not following.startswith("*"):
            found.append("*1")
    return found
