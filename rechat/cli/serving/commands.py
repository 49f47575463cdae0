"""The commands that serve transcripts and their options, as a person types them. Their
implementation is imported when they run.
"""

import os
from typing import Annotated, NoReturn

import typer

from rechat.cli.help import completion
from rechat.cli.options import FOLDER
from rechat.cli.options import CommonOptions
from rechat.cli.options import ServerOptions
from rechat.cli.parameters import Accept
from rechat.cli.parameters import Also
from rechat.cli.parameters import AsJsonLines
from rechat.cli.parameters import Authority
from rechat.cli.parameters import Diff
from rechat.cli.parameters import Each
from rechat.cli.parameters import FirstByte
from rechat.cli.parameters import Flows
from rechat.cli.parameters import Fuzzy
from rechat.cli.parameters import Host
from rechat.cli.parameters import Modes
from rechat.cli.parameters import ModesOfRun
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
from rechat.cli.parameters import is_typed


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
    as_json: AsJsonLines = False,
) -> None:
    """Answer from transcripts and record the rest.

    What no transcript answers is sent to the upstream, and its response is streamed to the client
    and saved.
    """
    from rechat.cli.serving import words  # noqa: PLC0415
    from rechat.cli.serving.serve import serve  # noqa: PLC0415

    common = CommonOptions(
        host,
        port,
        modes=_all(mode),
        settings=_all(set_),
        flows=_all(flow),
        diff=diff,
        fuzzy=fuzzy,
        pace=pace,
        quiet=quiet or as_json,
        verbose=verbose,
        as_json=as_json,
        until_eof=until_eof,
        origins=_all(allow_origin),
        polls=poll,
        collector=otel,
        also=_all(also),
        only_upstreams=only_upstreams,
        redirects=redirect,
    )
    _check_redirect(redirect, upstream)
    options = ServerOptions(
        common,
        words.policy_of(on_miss, "record"),
        (to,),
        _all(upstream),
        takes,
        coalesces=not no_coalesce,
        authority=ca,
        first_byte=first_byte,
        asks_each=each,
    )
    words.check(options)
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
    as_json: AsJsonLines = False,
) -> None:
    """Answer from transcripts only.

    A request that no transcript answers is refused. No connection to an upstream is ever opened.
    """
    from rechat.cli.serving import words  # noqa: PLC0415
    from rechat.cli.serving.serve import serve  # noqa: PLC0415

    common = CommonOptions(
        host,
        port,
        modes=_all(mode),
        settings=_all(set_),
        flows=_all(flow),
        diff=diff,
        fuzzy=fuzzy,
        pace=pace,
        quiet=quiet or as_json,
        verbose=verbose,
        as_json=as_json,
        until_eof=until_eof,
        origins=_all(allow_origin),
        polls=poll,
        collector=otel,
        also=_all(also),
        only_upstreams=only_upstreams,
        refuses_others=offline,
    )
    roots = tuple(path or (() if flow else (FOLDER,)))
    options = ServerOptions(common, words.policy_of(on_miss, "replay"), roots, accepts=accept)
    words.check(options)
    serve(options)


def run(
    context: typer.Context,
    named: Annotated[
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
            help="Exit with 1 if a request had no answer, even if the program ended with 0.",
        ),
    ] = False,
    port: Port = 0,
    host: Host = "localhost",
    mode: ModesOfRun = None,
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
    from rechat.cli.serving import words  # noqa: PLC0415
    from rechat.cli.serving.child import Child  # noqa: PLC0415
    from rechat.cli.serving.serve import serve  # noqa: PLC0415
    from rechat.cli.settings import upstreams  # noqa: PLC0415
    from rechat.values import base_url_of  # noqa: PLC0415

    program: list[str] = context.obj
    if not program:
        _fail("put the program after --: rechat run replay transcripts/ -- pytest")
    served = words.read(named or ())
    if served.paths and is_typed(context, "to"):
        told = " ".join(map(str, served.paths))
        _fail(f"--to {to}: the transcripts are named already: {told}")
    asked = [*(upstream or ()), *served.upstreams]
    if served.command == "record":
        _check_redirect(redirect, asked)
        if not asked and not upstreams():
            # The program's key is for the endpoint that it would use by itself.
            asked = [*filter(None, [base_url_of(os.environ)])]
    common = CommonOptions(
        host,
        port,
        modes=_all(mode),
        settings=_all(set_),
        flows=_all(flow),
        diff=diff,
        fuzzy=fuzzy,
        pace=pace,
        quiet=quiet or not verbose,
        collector=otel,
        also=_all(also),
        only_upstreams=only_upstreams,
        refuses_others=offline,
        redirects=redirect,
        silent=quiet,
    )
    hint = "; for others: rechat run record"
    options = ServerOptions(
        common,
        words.policy_of(on_miss or served.command, served.command, hint),
        served.paths or (to,),
        tuple(asked),
        takes,
        coalesces=not no_coalesce,
        authority=ca,
        first_byte=first_byte,
        accepts=accept,
        asks_each=each,
    )
    words.check(options)
    child = Child(
        program,
        os.environ,
        unused=words.unused_of(unused, served.command),
    )
    serve(options, child)
    is_short = (strict and bool(child.missed)) or (unused == "fail" and child.has_unused)
    raise typer.Exit(child.code or int(is_short))


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


def _fail(problem: str) -> NoReturn:
    from rechat.values import UsageError  # noqa: PLC0415

    raise UsageError(problem)
