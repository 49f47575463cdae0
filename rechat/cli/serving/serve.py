"""Serving: load the store, run the proxy, show on the console what happens."""

import gc
import os
import random
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console as Terminal

from rechat.answering import Endpoint
from rechat.answering import Session
from rechat.answering import Sessions
from rechat.answering import pace
from rechat.cli import standard_input
from rechat.cli.options import CommonOptions
from rechat.cli.options import ServerOptions
from rechat.cli.serving import loading
from rechat.cli.serving.greeting import address
from rechat.cli.serving.greeting import greeting
from rechat.cli.serving.greeting import say_more
from rechat.cli.serving.lines import Lines
from rechat.cli.serving.lines import Report
from rechat.cli.settings import normalise_own
from rechat.cli.settings import prices
from rechat.cli.settings import redact_own
from rechat.cli.settings import upstreams
from rechat.observe import Arriving
from rechat.observe import Console
from rechat.observe import JournalEntry
from rechat.observe import Log
from rechat.observe import Reporter
from rechat.observe import screen
from rechat.observe import totals
from rechat.observe import watching
from rechat.proxy import Hosts
from rechat.proxy import ProcessGroup
from rechat.proxy import Reading
from rechat.proxy import Router
from rechat.proxy import Upstream
from rechat.proxy import bundle
from rechat.proxy import certificate
from rechat.proxy import certificates
from rechat.proxy import is_local
from rechat.proxy import keys_of
from rechat.proxy import loop
from rechat.proxy import ports
from rechat.proxy import process_group
from rechat.proxy import server
from rechat.proxy import upstreams_of
from rechat.store import Store
from rechat.values import OFFLINE
from rechat.values import OuterProxies

if TYPE_CHECKING:
    from rechat.cli.programs.environment import Place
    from rechat.cli.serving.child import Child
    from rechat.cli.serving.spans import Spans
    from rechat.values import Policy

# New objects between garbage collections. Nothing is answered during one, and mitmproxy leaves some
# hundreds of objects behind for each request: collecting 50,000 of them takes 80 ms.
_ALLOCATIONS = 5_000


def serve(options: ServerOptions, child: "Child | None" = None) -> None:
    """Load the transcripts and serve them until stopped, or until the child or, if requested,
    standard input ends. Raises `UsageError` if the options do not allow it.
    """
    redact_own()
    normalise_own()
    common = options.common
    routes = upstreams_of(options.upstreams, upstreams)
    results, talk = _screens()
    console = Console(results, talk, quiet=common.quiet, verbose=common.verbose, diff=common.diff)
    hosts, router = _routing(options, routes, console)
    authorities = "" if options.policy in OFFLINE else certificates(_authorities(options))
    spans = _spans(common.collector, console) if common.collector else None
    ports.check_free(common.host, (common.port, *_more_ports(routes)))
    # Everything has been checked by now: a server that cannot start leaves nothing behind.
    store = loading.load(options, talk, console)
    token = os.environ.get("RECHAT_TOKEN") or secrets.token_urlsafe(16)
    answers = len(router.upstreams) if options.asks_each else 1
    endpoint, until = _answering(store, options, child, answers)
    _collect_less_garbage()
    log = Log()
    arriving = Arriving()
    reporter = Reporter(console)
    lines = Lines(sys.stdout, reporter, prices()) if common.as_json else None

    def ready(port: int, others: list[str]) -> None:
        url = address(common.host, port)
        if child:
            child.start(_place(url, token, common, hosts, router), console.warn)
        elif lines:
            lines.started(url, port, options.policy, store)
        else:
            greets = greeting(options.policy, options.roots, store, routes)
            results.print(f"{url}/v1  {greets}", soft_wrap=True)
            page = f"{url}/{'' if listen.is_private else f'?token={token}'}"
            say_more(talk, others, None if common.quiet else (url, page))

    with (
        bundle(authorities) as trusted,
        # The last line stays until all requests are shown above it.
        nullcontext() if child else _last_line(common, results, reporter, arriving),
        lines or nullcontext(),
        reporter,
        spans or nullcontext(),
        _group(child, common.modes, console.warn) as group,
    ):
        listen = _listen(options, routes, trusted, group)
        report = _before(_reporting(log, child, reporter), spans, lines)
        reports = server.Reports(ready, report, console.change, console.warn, arriving)
        pages = server.Pages(log, token, prices())
        loop.run(server.serve(endpoint, store, router, listen, reports, pages, until))
    store.keep()
    console.summary(reporter.counts, reporter.saved)
    if child:
        from rechat.cli.serving import ended  # noqa: PLC0415  # as what it tells of

        ended.tell(child, store, talk, hints=not common.silent)


def _collect_less_garbage() -> None:
    """Everything that is loaded stays, so the garbage collector need not visit it again."""
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)


def _place(url: str, token: str, common: CommonOptions, hosts: Hosts, router: Router) -> "Place":
    """What a started program needs to know about the server."""
    from rechat.cli.programs.environment import Place  # noqa: PLC0415  # only `rechat run` needs it

    asked = tuple(upstream.host for upstream in router.upstreams)
    needs_key = any(not one.key_env and one.address[0] != "localhost" for one in router.upstreams)
    return Place(url, token, certificate(common.settings), hosts.names, asked, needs_key)


def _listen(
    options: ServerOptions, routes: list[Upstream], trusted: str, group: ProcessGroup | None
) -> server.Listen:
    """Where to listen, and how."""
    common = options.common
    return server.Listen(
        common.host,
        common.port,
        _more_ports(routes),
        common.modes,
        common.settings,
        coalesces=options.coalesces,
        origins=common.origins,
        trusted=trusted,
        polls=common.polls,
        asks_each=options.asks_each,
        for_tests=options.has_sessions,
        group=group,
    )


def _more_ports(routes: list[Upstream]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(route.local_port for route in routes if route.local_port))


def _reporting(log: Log, child: "Child | None", reporter: Reporter) -> Report:
    """A function that records a request everywhere where it may be requested."""

    def report(entry: JournalEntry, milliseconds: float) -> None:
        log.add(entry, milliseconds)
        if child:
            child.saw(entry)
        reporter.add(entry, milliseconds)

    return report


def _before(report: Report, spans: "Spans | None", lines: Lines | None) -> Report:
    """A function that reports a request everywhere where that was requested."""
    for one in (spans, lines):
        report = one.before(report) if one else report
    return report


def _screens() -> tuple[Terminal, Terminal]:
    """The screens for results and messages: the same one if both are terminals, so that messages do
    not overwrite the line at the bottom.
    """
    results, talk = screen(is_lasting=True), screen(stderr=True, is_lasting=True)
    return results, results if results.is_interactive and talk.is_interactive else talk


def _last_line(
    common: CommonOptions, results: Terminal, reporter: Reporter, arriving: Arriving
) -> AbstractContextManager[None]:
    """The totals so far, below everything else in a terminal."""
    if common.quiet or not results.is_interactive:
        return nullcontext()
    shown = arriving if common.verbose else None
    return watching(results, lambda: totals({**reporter.counts}), shown)


@contextmanager
def _group(
    child: "Child | None", modes: Sequence[str], warn: Callable[[str], None]
) -> Iterator[ProcessGroup | None]:
    """The group in which a program is started, so that the mode `local` intercepts nothing else."""
    if child and sys.platform == "linux" and any(map(is_local, modes)):
        with process_group(warn) as child.group:
            yield child.group
    else:
        yield None


def _spans(url: str, console: Console) -> "Spans":
    """The span exporter; it is rarely used, and its imports take a while."""
    from rechat.cli.serving.spans import Spans  # noqa: PLC0415

    return Spans(url, console.warn)


def serve_sessions(asked: Sequence[str], *, records: bool) -> None:
    """Serve tests, which open a session each, until standard input ends. The upstreams `asked` are
    used only by sessions that record.
    """
    common = CommonOptions("localhost", 0, quiet=True, until_eof=True)
    policy: Policy = "record" if records else "replay"
    serve(ServerOptions(common, policy, (), tuple(asked), has_sessions=True))


def _routing(
    options: ServerOptions, routes: list[Upstream], console: Console
) -> tuple[Hosts, Router]:
    """Whose requests are decrypted, and where they are sent: offline, nowhere."""
    common = options.common
    is_offline = options.policy in OFFLINE
    reading = Reading(common.also, common.only_upstreams, common.refuses_others, common.redirects)
    hosts = Hosts(routes, reading, is_offline=is_offline)
    keys = {} if is_offline else keys_of(routes, os.environ)
    asked = [] if is_offline else routes
    proxies = OuterProxies(os.environ, [(one.scheme, one.host, one.port) for one in asked])
    for problem in proxies.problems:  # no upstream is behind it; what passes through might be
        console.warn(problem)
    return hosts, Router(asked, proxies, hosts, options.first_byte, keys=keys)


def _answering(
    store: Store, options: ServerOptions, child: "Child | None", answers: int
) -> tuple[Endpoint, Callable[[], Awaitable[None]] | None]:
    """The endpoint, told how many takes to record, and what the server waits for before it
    stops.
    """
    if options.has_sessions:
        sessions = Sessions(options.policy, random.randrange)

        async def until_all_is_over() -> None:
            await standard_input.closed()
            await sessions.close_all()

        return sessions, until_all_is_over
    common = options.common
    session = Session(
        store.index,
        options.policy,
        takes=options.takes,
        answers=answers,
        fuzzy=common.fuzzy,
        choose=random.randrange,
    )
    until = child.wait if child else standard_input.closed if common.until_eof else None
    endpoint = Endpoint(session, store, pace.parse(common.pace), accepts=options.accepts)
    return endpoint, until


def _authorities(options: ServerOptions) -> dict[str, Path]:
    """The certificate files that are trusted beside the public ones, with their source."""
    found = os.environ.get("SSL_CERT_FILE")
    by_environment = {"SSL_CERT_FILE": Path(found)} if found else {}
    return by_environment | ({"--ca": options.authority} if options.authority else {})
