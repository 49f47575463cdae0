"""The commands and their options, as a person types them. What they do is imported when they run.

`rechat --help` must not wait for what it does not need: mitmproxy alone takes half a second.
"""

import os
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.options import EVERY_DUMP, FOLDER, Common, Options
from rechat.values import Policy, UsageError

Upstreams = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[UPSTREAM]...",
        help="URL[:LOCAL_PORT][:MODEL]; repeat to route by model and to balance.",
    ),
]
Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="[PATH]...", help="Transcripts, or folders of them.")
]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        "-p",
        envvar="RECHAT_PORT",
        min=0,
        max=65535,
        help="Port to listen on; 0 takes any.",
    ),
]
Host = Annotated[str, typer.Option(envvar="RECHAT_HOST", help="Address to listen on.")]
Modes = Annotated[
    list[str] | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="A mode of mitmproxy beside the port: local:python, transparent, …",
    ),
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="An option of mitmproxy.")
]
Flows = Annotated[
    list[str] | None,
    typer.Option(
        "--flow",
        "-f",
        metavar="[DUMP]",
        help=f"Answer from mitmproxy dumps too; alone: every {EVERY_DUMP} here.",
    ),
]
Diff = Annotated[
    bool,
    typer.Option("--diff", help="Show in full what differs from the nearest transcript on a miss."),
]
Fuzzy = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        metavar="RATIO",
        help="Serve the nearest transcript if it is at least so similar.",
    ),
]
Pace = Annotated[
    str,
    typer.Option(
        metavar="PACE",
        help="How fast answers leave: none (at once), recorded, or RATE[:FIRST], tokens a second "
        "and the seconds to the first.",
    ),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Show whole conversations, not only what is new."),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", envvar="RECHAT_QUIET", help="Show only what goes wrong."),
]
UntilEof = Annotated[
    bool,
    typer.Option(
        "--until-eof",
        help="Stop when standard input is closed; for programs that start rechat through a pipe.",
    ),
]
OnMiss = Annotated[
    str,
    typer.Option("--on-miss", metavar="POLICY", help="record, replay, hold, rerecord or live."),
]
Takes = Annotated[
    int, typer.Option(min=1, metavar="N", help="Record a request until it has so many answers.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
To = Annotated[
    Path,
    typer.Option(
        "--to", metavar="DIR", envvar="RECHAT_TO", help="The folder that is served and grows."
    ),
]


def record(
    upstream: Upstreams = None,
    to: To = FOLDER,
    port: Port = 8910,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    flow: Flows = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    pace: Pace = "none",
    on_miss: OnMiss = "record",
    takes: Takes = 1,
    quiet: Quiet = False,
    verbose: Verbose = False,
    until_eof: UntilEof = False,
) -> None:
    """Answer from the transcripts; ask the upstream for what is missing, and save its answers."""
    from rechat.cli.serve import serve  # noqa: PLC0415

    common = Common(
        *(host, port, _all(mode), _all(set_), _all(flow), diff, fuzzy, pace, quiet, verbose),
        until_eof,
    )
    serve(Options(common, _policy(on_miss), (to,), _all(upstream), takes))


def replay(
    path: Paths = None,
    port: Port = 8910,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    flow: Flows = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    pace: Pace = "none",
    on_miss: Annotated[
        str,
        typer.Option(
            "--on-miss", metavar="POLICY", help="replay (say no), or hold (wait for a person)."
        ),
    ] = "replay",
    quiet: Quiet = False,
    verbose: Verbose = False,
    until_eof: UntilEof = False,
) -> None:
    """Answer from the transcripts only; never open a connection to an upstream."""
    from rechat.cli.serve import serve  # noqa: PLC0415

    common = Common(
        *(host, port, _all(mode), _all(set_), _all(flow), diff, fuzzy, pace, quiet, verbose),
        until_eof,
    )
    if on_miss not in ("replay", "hold"):
        raise UsageError(f"--on-miss {on_miss}: replay takes replay or hold")
    serve(Options(common, _policy(on_miss), tuple(path or (() if flow else (FOLDER,)))))


def run(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[record|replay] [PATH]... -- COMMAND",
            help="What to serve (default: replay transcripts), then the program to run.",
        ),
    ] = None,
    upstream: Annotated[
        list[str] | None,
        typer.Option("--upstream", metavar="UPSTREAM", help="As for record; may be repeated."),
    ] = None,
    port: Port = 0,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    flow: Flows = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    pace: Pace = "none",
    takes: Takes = 1,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Show each request beside the program's output."),
    ] = False,
) -> None:
    """Serve, run a program with the clients' variables set, and exit with its code."""
    from rechat.cli.child import Child  # noqa: PLC0415
    from rechat.cli.serve import serve  # noqa: PLC0415

    command: list[str] = context.obj
    if not command:
        raise UsageError("put the program after --: rechat run replay transcripts/ -- pytest")
    policy, *paths = (
        words if words and words[0] in ("record", "replay") else ["replay", *(words or ())]
    )
    common = Common(host, port, _all(mode), _all(set_), _all(flow), diff, fuzzy, pace, not verbose)
    roots = tuple(map(Path, paths)) or (FOLDER,)
    child = Child(command, os.environ, is_replay=policy == "replay")
    serve(Options(common, _policy(policy), roots, _all(upstream), takes), child)
    raise typer.Exit(child.code)


def show(
    path: Annotated[
        list[str],
        typer.Argument(metavar="PATH[#SECTION]...", help="Transcripts, or sections of them."),
    ],
    as_json: AsJson = False,
) -> None:
    """Show the conversations of transcripts as they are read."""
    from rechat.cli import read  # noqa: PLC0415

    read.show(path, as_json=as_json)


def find(
    query: Annotated[
        str,
        typer.Argument(
            metavar="REQUEST",
            help="A .json file with a request's body, - for standard input, or a user's words.",
        ),
    ],
    path: Paths = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print in full what differs from the nearest one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show which transcript answers a request, and why; or the nearest one, and why not."""
    from rechat.cli import read  # noqa: PLC0415

    read.find(query, path or [FOLDER], as_json=as_json, explain=explain)


def diff(
    first: Annotated[str, typer.Argument(metavar="PATH[#SECTION]", help="What it was.")],
    second: Annotated[str, typer.Argument(metavar="PATH[#SECTION]", help="What it is.")],
    as_json: AsJson = False,
) -> None:
    """Show what sets two transcripts, sections or folders apart; exit with 1 if anything does."""
    from rechat.cli.diff import diff as show_differences  # noqa: PLC0415

    show_differences(first, second, as_json=as_json)


def lint(path: Paths = None, as_json: AsJson = False) -> None:
    """Check transcripts: what cannot be read, what is never served, what looks like a secret."""
    from rechat.cli import read  # noqa: PLC0415

    read.lint(path or [FOLDER], as_json=as_json)


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder to make.")] = FOLDER,
) -> None:
    """Make a folder with a first transcript; what is there already stays as it is."""
    from rechat.cli.init import make_folder  # noqa: PLC0415

    make_folder(folder)


def _all(values: list[str] | None) -> tuple[str, ...]:
    return tuple(values or ())


def _policy(name: str) -> Policy:
    match name:
        case "record" | "replay" | "hold" | "rerecord" | "live":
            return name
    raise UsageError(f"--on-miss {name}: expected record, replay, hold, rerecord or live")


def expand_flow(arguments: list[str]) -> list[str]:
    """The arguments, with a pattern put in where `-f` stands alone."""
    expanded: list[str] = []
    for argument, following in pairwise([*arguments, "-"]):
        expanded.append(argument)
        if argument in ("-f", "--flow") and (following.startswith("-") or "://" in following):
            expanded.append(EVERY_DUMP)
    return expanded
