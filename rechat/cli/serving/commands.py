"""The commands that serve transcripts and their options, as a person types them. What they do is
imported when they run.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast

import typer

from rechat.cli.help import completion
from rechat.cli.options import FOLDER
from rechat.cli.options import CommonOptions
from rechat.cli.options import ServerOptions
from rechat.cli.parameters import Accept
from rechat.cli.parameters import Also
from rechat.cli.parameters import Authority
from rechat.cli.parameters import Diff
from rechat.cli.parameters import Each
from rechat.cli.parameters import FirstByte
from rechat.cli.parameters import Flows
from rechat.cli.parameters import Fuzzy
from rechat.cli.parameters import Host
from rechat.cli.parameters import Modes
from rechat.cli.parameters import NoCoalesce
from rechat.cli.parameters import Offline
from rechat.cli.parameters import OnlyUpstreams
from rechat.cli.parameters import OnMiss
from rechat.cli.parameters import Origins
from rechat.cli.parameters import Otel
from rechat.cli.parameters import Pace
from rechat.cli.parameters import Paths
from rechat.cli.parameters import Poll
from rechat.cli.parameters import Port
from rechat.cli.parameters import Quiet
from rechat.cli.parameters import Redirect
from rechat.cli.parameters import Settings
from rechat.cli.parameters import Takes
from rechat.cli.parameters import To
from rechat.cli.parameters import UntilEof
from rechat.cli.parameters import Upstreams
from rechat.cli.parameters import Verbose

if TYPE_CHECKING:
    from rechat.cli.serving.child import Unused
    from rechat.values import Policy


def record(
    upstream: Upstreams = None,
    to: To = FOLDER,
    port: Port = 8910,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    flow: Flows = None,
    allow_origin: Origins = None,
    ca: Authority = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    pace: Pace = "none",
    on_miss: OnMiss = "record",
    takes: Takes = 1,
    no_coalesce: NoCoalesce = False,
    otel: Otel = "",
    also: Also = None,
    only_upstreams: OnlyUpstreams = False,
    redirect: Redirect = False,
    first_byte: FirstByte = None,
    each: Each = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    until_eof: UntilEof = False,
    poll: Poll = False,
) -> None:
    """Answer from transcripts and record the rest.

    What no transcript answers is sent to the upstream, and its response is streamed to the client
    and saved.
    """
    from rechat.cli.serving.serve import serve  # noqa: PLC0415

    common = CommonOptions(
        *(host, port, _all(mode), _all(set_), _all(flow), diff, fuzzy, pace, quiet, verbose),
        until_eof,
        _all(allow_origin),
        poll,
        collector=otel,
        also=_all(also),
        only_upstreams=only_upstreams,
        redirects=redirect,
    )
    _check_redirect(redirect, upstream)
    options = ServerOptions(
        *(common, _policy(on_miss), (to,), _all(upstream), takes, not no_coalesce, ca),
        first_byte=first_byte,
        asks_each=each,
    )
    _check_each(options)
    serve(options)


def replay(
    path: Paths = None,
    port: Port = 8910,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    flow: Flows = None,
    allow_origin: Origins = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    accept: Accept = False,
    pace: Pace = "none",
    on_miss: Annotated[
        str,
        typer.Option(
            "--on-miss",
            metavar="POLICY",
            autocompletion=completion.policies_offline,
            help="When no transcript answers: replay (refuse), or hold (wait until a person has "
            "answered).",
        ),
    ] = "replay",
    otel: Otel = "",
    also: Also = None,
    only_upstreams: OnlyUpstreams = False,
    offline: Offline = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    until_eof: UntilEof = False,
    poll: Poll = False,
) -> None:
    """Answer from transcripts only.

    A request that no transcript answers is refused. No connection to an upstream is ever opened.
    """
    from rechat.cli.serving.serve import serve  # noqa: PLC0415

    common = CommonOptions(
        *(host, port, _all(mode), _all(set_), _all(flow), diff, fuzzy, pace, quiet, verbose),
        until_eof,
        _all(allow_origin),
        poll,
        collector=otel,
        also=_all(also),
        only_upstreams=only_upstreams,
        refuses_others=offline,
    )
    if on_miss not in ("replay", "hold"):
        _fail(f"--on-miss {on_miss}: replay takes replay or hold")
    roots = tuple(path or (() if flow else (FOLDER,)))
    serve(ServerOptions(common, _policy(on_miss), roots, accepts=accept))


def run(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[record [UPSTREAM]...|replay] [PATH]... -- COMMAND",
            help="What to serve (default: replay transcripts), then the program to run after --.",
        ),
    ] = None,
    upstream: Annotated[
        list[str] | None,
        typer.Option(
            "--upstream",
            metavar="UPSTREAM",
            help="API to ask, as for `rechat record`; repeatable.",
        ),
    ] = None,
    to: To = FOLDER,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit with 1 if a request had no answer, though the program ended with 0.",
        ),
    ] = False,
    port: Port = 0,
    host: Host = "localhost",
    mode: Modes = None,
    set_: Settings = None,
    flow: Flows = None,
    ca: Authority = None,
    diff: Diff = False,
    fuzzy: Fuzzy = None,
    accept: Accept = False,
    pace: Pace = "none",
    takes: Takes = 1,
    no_coalesce: NoCoalesce = False,
    otel: Otel = "",
    also: Also = None,
    only_upstreams: OnlyUpstreams = False,
    offline: Offline = False,
    redirect: Redirect = False,
    first_byte: FirstByte = None,
    each: Each = False,
    on_miss: Annotated[
        str | None,
        typer.Option(
            "--on-miss",
            metavar="POLICY",
            autocompletion=completion.policies,
            help="When no transcript answers, as for `rechat record`, or replay and hold for "
            "`rechat replay` (default: record or replay, as the first word says).",
        ),
    ] = None,
    unused: Annotated[
        str,
        typer.Option(
            "--unused",
            metavar="ignore|warn|fail",
            autocompletion=completion.unused,
            help="What to do about answers that the program did not ask for, if it ended with 0 "
            "and had all its answers: ignore, warn, or fail (exit with 1).",
        ),
    ] = "ignore",
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="Print only misses and errors, and no hints."),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Print each request too."),
    ] = False,
) -> None:
    """Serve transcripts while a program runs.

    The environment variables of the common clients are set to the server's address, OPENAI_BASE_URL
    among them. The exit code is the program's.
    """
    from rechat.cli.serving.child import Child  # noqa: PLC0415
    from rechat.cli.serving.serve import serve  # noqa: PLC0415
    from rechat.values import OFFLINE  # noqa: PLC0415

    command: list[str] = context.obj
    if not command:
        _fail("put the program after --: rechat run replay transcripts/ -- pytest")
    word, *paths = (
        words if words and words[0] in ("record", "replay") else ["replay", *(words or ())]
    )
    named = [path for path in paths if "://" in path]  # as `rechat record URL` has it
    if named and word == "replay":
        _fail(f"{named[0]}: replay asks nobody; to record from there: rechat run record {named[0]}")
    upstream, paths = [*(upstream or ()), *named], [path for path in paths if path not in named]
    policy = _policy(on_miss or word)
    if word == "replay" and policy not in OFFLINE:
        _fail(f"--on-miss {policy}: replay takes replay or hold; for others: rechat run record")
    if unused not in ("ignore", "warn", "fail"):
        _fail(f"--unused {unused}: expected ignore, warn or fail")
    if unused != "ignore" and word == "record":
        _fail(f"--unused {unused} is for replay: what a program records it has asked for")
    common = CommonOptions(
        *(host, port, _all(mode), _all(set_), _all(flow), diff, fuzzy, pace),
        quiet=quiet or not verbose,
        collector=otel,
        also=_all(also),
        only_upstreams=only_upstreams,
        refuses_others=offline,
        redirects=redirect,
        silent=quiet,
    )
    if paths and _is_typed(context, "to"):
        _fail(f"--to {to}: the transcripts are named already: {' '.join(paths)}")
    if word == "record":
        _check_redirect(redirect, upstream)
    roots = tuple(map(Path, paths)) or (to,)
    child = Child(command, os.environ, is_replay=policy in OFFLINE, unused=cast("Unused", unused))
    options = ServerOptions(
        *(common, policy, roots, _all(upstream), takes, not no_coalesce, ca),
        first_byte=first_byte,
        accepts=accept,
        asks_each=each,
    )
    _check_each(options)
    if accept and policy != "replay":
        _fail("--accept is for replay: what is missing is recorded")
    serve(options, child)
    is_short = (strict and child.misses > 0) or (unused == "fail" and child.has_unused)
    raise typer.Exit(child.code or int(is_short))


def _is_typed(context: typer.Context, parameter: str) -> bool:
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"


def _all(values: list[str] | None) -> tuple[str, ...]:
    return tuple(values or ())


def serve_tests(
    upstream: Upstreams = None,
    record: Annotated[bool, typer.Option("--record", help="Let sessions record.")] = False,
) -> None:
    """Serve tests, which open a session each, until standard input ends.

    Helpers for the test runners of other languages start this.
    """
    from rechat.cli.serving.serve import serve_sessions  # noqa: PLC0415

    serve_sessions(upstream or (), records=record)


def _check_redirect(redirects: bool, upstream: list[str] | None) -> None:
    from rechat.cli.settings import upstreams  # noqa: PLC0415

    if redirects and not upstream and not upstreams():
        _fail("--redirect: name the upstream to ask instead, such as http://localhost:8000/v1")


def _check_each(options: ServerOptions) -> None:
    """Refuse what does not go together with `--each`."""
    if not options.asks_each:
        return
    if options.policy != "record":
        _fail(f"--each is for recording: with {options.policy} nothing is recorded side by side")
    if options.takes > 1:
        _fail("--each and --takes do not go together: each upstream gives one take")
    if not options.coalesces:
        _fail("--each and --no-coalesce do not go together: equal requests would mix their takes")


def _policy(name: str) -> "Policy":
    match name:
        case "record" | "replay" | "hold" | "rerecord" | "live":
            return name
    return _fail(f"--on-miss {name}: expected record, replay, hold, rerecord or live")


def _fail(problem: str) -> NoReturn:
    from rechat.values import UsageError  # noqa: PLC0415

    raise UsageError(problem)
