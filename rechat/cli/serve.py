"""The commands that serve: `record`, `replay` and `run`."""

import asyncio
import os
import random
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console as Terminal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from rechat import upstreams
from rechat.cli.child import Child
from rechat.console import Console
from rechat.errors import UsageError
from rechat.journal import Entry
from rechat.session import Policy, Session
from rechat.store import Store

FOLDER = Path("transcripts")
EVERY_DUMP = "flows_*.dump"

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
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", envvar="RECHAT_QUIET", help="Say nothing but what goes wrong."),
]
OnMiss = Annotated[
    str | None,
    typer.Option("--on-miss", metavar="POLICY", help="record, replay, rerecord or live."),
]
Takes = Annotated[
    int, typer.Option(min=1, metavar="N", help="Record a request until it has so many answers.")
]
To = Annotated[
    Path,
    typer.Option(
        "--to", metavar="DIR", envvar="RECHAT_TO", help="The folder that is served and grows."
    ),
]


@dataclass(frozen=True, slots=True)
class Options:
    """What the serving commands have in common."""

    port: int
    host: str
    modes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    diff: bool = False
    fuzzy: float | None = None
    quiet: bool = False
    takes: int = 1
    policy: Policy = "record"
    upstreams: tuple[str, ...] = ()
    roots: tuple[Path, ...] = field(default=())


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
    on_miss: OnMiss = None,
    takes: Takes = 1,
    quiet: Quiet = False,
) -> None:
    """Answer from the transcripts; ask the upstream for what is missing, and save its answers."""
    common = (tuple(mode or ()), tuple(set_ or ()), tuple(flow or ()), diff, fuzzy, quiet, takes)
    options = Options(port, host, *common, _policy(on_miss, "record"), tuple(upstream or ()), (to,))
    serve(options)


def replay(
    path: Paths = None,
    port: Port = 8910,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    flow: Flows = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    quiet: Quiet = False,
) -> None:
    """Answer from the transcripts only; never open a connection to an upstream."""
    roots = tuple(path or (() if flow else (FOLDER,)))
    common = (tuple(mode or ()), tuple(set_ or ()), tuple(flow or ()), diff, fuzzy, quiet)
    serve(Options(port, host, *common, policy="replay", roots=roots))


def run(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="[record|replay] [PATH]... -- COMMAND",
            help="What to serve, then the program to run.",
        ),
    ],
    port: Port = 0,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    upstream: Annotated[
        list[str] | None,
        typer.Option("--upstream", metavar="UPSTREAM", help="As for record; repeatable."),
    ] = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    takes: Takes = 1,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Show each request beside the program's own output."),
    ] = False,
) -> None:
    """Serve, run a program with the clients' variables set, and exit with its code."""
    policy, paths, command = _split(arguments)
    common = (tuple(mode or ()), tuple(set_ or ()), (), diff, fuzzy, not verbose, takes)
    options = Options(port, host, *common, policy, tuple(upstream or ()), tuple(paths or (FOLDER,)))
    child = Child(command, os.environ, is_replay=policy == "replay")
    serve(options, child)
    raise typer.Exit(child.code)


def _split(arguments: list[str]) -> tuple[Policy, list[Path], list[str]]:
    """The policy, the paths and the program of `run`."""
    if "--" not in sys.argv:
        raise UsageError("put the program after --: rechat run replay transcripts/ -- pytest")
    count = len(sys.argv) - sys.argv.index("--") - 1
    words, command = arguments[: len(arguments) - count], arguments[len(arguments) - count :]
    words = [word for word in words if word != "--"]
    if not command:
        raise UsageError("no program after --")
    policy: Policy = "replay"
    if words and words[0] in ("record", "replay"):
        policy = "record" if words.pop(0) == "record" else "replay"
    return policy, [Path(word) for word in words], command


def _policy(name: str | None, default: Policy) -> Policy:
    match name:
        case None:
            return default
        case "record" | "replay" | "rerecord" | "live":
            return name
    raise UsageError(f"--on-miss {name}: expected record, replay, rerecord or live")


def expand_flow(arguments: list[str]) -> list[str]:
    """The arguments, with a pattern put in where `-f` stands alone."""
    expanded: list[str] = []
    for position, argument in enumerate(arguments):
        if argument == "--":
            return expanded + arguments[position:]
        expanded.append(argument)
        following = arguments[position + 1] if position + 1 < len(arguments) else "-"
        if argument in ("-f", "--flow") and (following.startswith("-") or "://" in following):
            expanded.append(EVERY_DUMP)
    return expanded


def serve(options: Options, child: Child | None = None) -> None:
    """Load the transcripts and serve them until stopped, or until the child ends."""
    from rechat.proxy import server  # noqa: PLC0415  # mitmproxy takes half a second to import

    routes = [upstreams.parse(spec) for spec in options.upstreams or (upstreams.DEFAULT,)]
    results, talk = (
        Terminal(highlight=False, markup=False),
        Terminal(stderr=True, highlight=False, markup=False),
    )
    console = Console(results, talk, quiet=options.quiet, diff=options.diff)
    store = _load(options, talk, console)
    session = Session(
        store.index,
        options.policy,
        takes=options.takes,
        fuzzy=options.fuzzy,
        choose=random.randrange,
    )
    ports = tuple(dict.fromkeys(route.local_port for route in routes if route.local_port))
    listen = server.Listen(options.host, options.port, ports, options.modes, options.settings)
    router = None if options.policy == "replay" else upstreams.Router(routes)
    missed = list[Entry]()

    def entry(entry: Entry) -> None:
        if entry.verdict == "miss":
            missed.append(entry)
        console.entry(entry)

    def ready(port: int) -> None:
        host = "localhost" if options.host in ("", "0.0.0.0", "::") else options.host  # noqa: S104
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        if child:
            child.start(url)
            return
        results.print(f"{url}/v1  {_greeting(options, store, routes)}", soft_wrap=True)
        if not options.quiet:
            talk.print(f"export OPENAI_BASE_URL={url}/v1", style="dim", soft_wrap=True)

    reports = server.Reports(ready, entry, console.change)
    asyncio.run(
        server.serve(session, store, router, listen, reports, child.wait if child else None)
    )
    if child and missed:
        talk.print(f"rechat: {len(missed)} requests had no answer", style="yellow")


def _greeting(options: Options, store: Store, routes: list[upstreams.Upstream]) -> str:
    files = len(store.index.paths)
    answers = sum(len(exchange.answered) for exchange in store.index.exchanges())
    where = ", ".join(shlex.quote(str(root)) for root in options.roots) or "the dumps"
    held = (
        f"{answers} answer{'' if answers == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    )
    if options.policy == "replay":
        return f"replays {where} ({held})"
    return f"{options.policy} to {where} ({held}) from {', '.join(map(str, routes))}"


def _load(options: Options, talk: Terminal, console: Console) -> Store:
    """The store, read with a progress bar if that takes longer than half a second."""
    for root in options.roots:
        if options.policy != "replay" and not root.exists():
            root.mkdir(parents=True)
    store = Store(options.roots)
    columns = (TextColumn("loading"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=talk, transient=True, disable=options.quiet) as progress:
        task = progress.add_task("loading", total=None, visible=False)

        def done(number: int, count: int) -> None:
            is_slow = (progress.tasks[0].elapsed or 0) > 0.5
            progress.update(task, completed=number, total=count, visible=is_slow)

        store.load(done)
    for problem in store.problems.values():
        console.problem(problem)
    if options.flows:
        from rechat.proxy import dumps  # noqa: PLC0415

        dumps.load(options.flows, store.index, lambda text: talk.print(text, style="yellow"))
    return store
