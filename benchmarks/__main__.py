"""All benchmarks in one run: `python -m benchmarks [--quick] [SECTION]...`.

It needs wrk, and for the peers npm, nginx and a way to install packages; who is missing is named in
the report. Everything is compared within its section: the machine may be busy, and another run on it
may be twice as fast. Sections that are named replace theirs in `docs/benchmarks.md` and leave the
others as they are.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import agents
from benchmarks import asking
from benchmarks import folders
from benchmarks import kills
from benchmarks import load
from benchmarks import numbered
from benchmarks import paced
from benchmarks import page
from benchmarks import plots
from benchmarks import questions
from benchmarks import record
from benchmarks import report
from benchmarks import routing
from benchmarks import suites
from benchmarks import tidying
from benchmarks import waits
from benchmarks.load import Rate
from benchmarks.servers import Contenders
from benchmarks.servers import Missing
from benchmarks.servers import Running

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SECTIONS = (
    *("hits", "streams", "client", "pace", "record", "waits", "folders", "nearest", "agents"),
    *("kills", "pytest", "routing", "resend", "tidying"),
)


class Run:
    """What this run measures, and how much of it."""

    def __init__(self, scratch: Path, *, quick: bool, rounds: int = 200) -> None:
        self.kills = 3 if quick else rounds
        self.scratch = scratch
        self.contenders = Contenders(scratch, ROOT / "build" / "peers")
        self.rounds = 1 if quick else 3
        self.seconds = 1.0 if quick else 4.0
        self.many = 1000 if quick else 10_000
        self.missing: dict[str, str] = {}
        self.plots: dict[str, str] = {}

    def each(self, names: dict[str, Callable[[], Any]]) -> dict[str, Any]:
        """What can be had of these."""
        found = {}
        for name, make in names.items():
            try:
                found[name] = make()
            except Missing as missing:
                self.missing[name] = str(missing)
        return found

    def rates(
        self,
        starts: dict[str, Any],
        scripts: Callable[[str], Path],
        connections: tuple[int, ...] = (16,),
    ) -> dict[int, dict[str, Rate]]:
        """For each number of connections the median of some rounds, in each of which all contenders
        take their turn.
        """
        rounds: dict[int, dict[str, list[Rate]]] = {count: {} for count in connections}
        for _ in range(self.rounds):
            for name, start in starts.items():
                if name in self.missing:
                    continue
                try:
                    for count, rate in load.measure(
                        start, scripts(name), connections, self.seconds
                    ):
                        say(f"{name}, {count} connections: {rate.per_second:,.0f}/s")
                        rounds[count].setdefault(name, []).append(rate)
                except Missing as missing:
                    self.missing[name] = str(missing)
        return {
            count: {name: load.median(rates) for name, rates in found.items()}
            for count, found in rounds.items()
        }

    def folder(self, count: int, answer: str) -> Path:
        folder = self.scratch / f"transcripts-{count}-{len(answer)}"
        if not folder.exists():
            questions.transcripts(folder, count, answer)
        return folder

    def script(self, count: int, *, stream: bool = False) -> Path:
        return load.script(self.scratch / f"ask-{count}-{stream}.lua", count, stream=stream)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def rate_table(rates: dict[str, Rate]) -> list[str]:
    head = ["| | answers/s | p50 ms | p99 ms | CPU µs/answer |", "|---|--:|--:|--:|--:|"]
    return head + [
        f"| {name} | {rate.per_second:,.0f} | {rate.p50:.3f} | {rate.p99:.2f} | {rate.cpu:.1f} |"
        for name, rate in rates.items()
    ]


def ratio(rates: dict[str, Rate], ours: str, theirs: str) -> str:
    if ours not in rates or theirs not in rates:
        return "not measured"
    return f"{rates[ours].per_second / rates[theirs].per_second:.2f}"


def hits(run: Run) -> list[str]:
    """Answers from the store, whole."""
    make, many = run.contenders, run.many
    one, hundred, all_ = (run.folder(count, questions.ANSWER) for count in (1, 100, many))
    names = {1: "rechat", 100: "rechat, 100", many: f"rechat, {many:,}"}
    tls = make.rechat(one, "--set", f"confdir={run.scratch / 'ca'}")
    starts = run.each(
        {
            names[1]: lambda: make.rechat(one),
            names[100]: lambda: make.rechat(hundred),
            names[many]: lambda: make.rechat(all_),
            "rechat, no uvloop": lambda: make.rechat_without_uvloop(one),
            "rechat, TLS": lambda: lambda: _over_tls(tls),
            "rechat, page open": lambda: lambda: page.watched(make.rechat(one)),
            "aimock": lambda: make.aimock(1, questions.ANSWER),
            f"aimock, {many:,}": lambda: make.aimock(many, questions.ANSWER),
            "uvicorn": lambda: make.uvicorn(1),
            f"uvicorn, {many:,}": lambda: make.uvicorn(many),
            "mitmproxy server replay": make.server_replay,
            "rechat 0.1.7": make.seed,
            "nginx, fixed answer": make.nginx,
        }
    )
    scripts = {count: run.script(count) for count in (1, 100, many)}

    def script_of(name: str) -> Path:
        counts = [count for count in (many, 100) if name.endswith(f", {count:,}")]
        return scripts[counts[0] if counts else 1]

    lines = [
        "## Hits",
        "",
        "One core for the server, one for wrk; keep-alive; requests of 1.1 KB with the headers of an "
        "SDK, answers of 1 KB. A number behind a name is how many transcripts (or fixtures) there "
        "are, all of them asked in turn. rechat runs with uvloop but where it says not. uvicorn runs with httptools and uvloop and does no more than "
        "a SHA-256 of the body and a look into a dictionary.",
    ]
    found = run.rates(starts, script_of, (16, 1, 64))
    for connections, rates in found.items():
        noun = "connection" if connections == 1 else "connections"
        lines += ["", f"### {connections} {noun}", "", *rate_table(rates)]
    rates = found[16]
    run.plots["hits"] = plots.bars(
        "Hits, 16 connections", {name: rate.per_second for name, rate in rates.items()}, "/s"
    )
    big = names[many]
    lines += [
        "",
        "![Hits at 16 connections](benchmarks/hits.svg)",
        "",
        "| ratio, 16 connections | |",
        "|---|--:|",
        f"| to aimock, one fixture | {ratio(rates, 'rechat', 'aimock')} |",
        f"| … without uvloop | {ratio(rates, 'rechat, no uvloop', 'aimock')} |",
        f"| to aimock, {many:,} | {ratio(rates, big, f'aimock, {many:,}')} |",
        f"| to mitmproxy server replay | {ratio(rates, 'rechat', 'mitmproxy server replay')} |",
        f"| to uvicorn | {ratio(rates, 'rechat', 'uvicorn')} |",
        f"| to uvicorn, {many:,} | {ratio(rates, big, f'uvicorn, {many:,}')} |",
        f"| {many:,} transcripts to one | {ratio(rates, big, 'rechat')} |",
        f"| with a page open to none | {ratio(rates, 'rechat, page open', 'rechat')} |",
        f"| TLS to plain | {ratio(rates, 'rechat, TLS', 'rechat')} |",
    ]
    return lines


@contextmanager
def _over_tls(start: Callable[[], Any]) -> Iterator[Running]:
    with start() as running:
        yield replace(running, url=running.url.replace("http:", "https:"))


def streams(run: Run) -> list[str]:
    """Answers from the store, as 50 events."""
    make, answer = run.contenders, questions.STREAMED
    size = str(len(answer) // 47)
    starts = run.each(
        {
            "rechat": lambda: make.rechat(run.folder(1, answer)),
            "aimock": lambda: make.aimock(1, answer, "-c", size),
        }
    )
    script = run.script(1, stream=True)
    rates = run.rates(starts, lambda _: script)[16]
    return [
        "## Streamed hits",
        "",
        "The same with an answer that is streamed in about 50 events, 16 connections.",
        "",
        *rate_table(rates),
        "",
        f"rechat to aimock: {ratio(rates, 'rechat', 'aimock')}.",
    ]


def client(run: Run) -> list[str]:
    """What a call costs a Python program."""
    lines = [
        "## From a Python program",
        "",
        "A call of httpx, median of 400, three runs: answered by a cassette of vcrpy inside of the "
        "program, and by rechat over a socket.",
        "",
        "| | ms/call |",
        "|---|--:|",
    ]
    try:
        python = run.contenders.vcrpy()
        with run.contenders.rechat(run.folder(1, questions.ANSWER))() as running:
            ours = load.client_call(python, running.url, run.scratch, is_vcr=False)
            theirs = load.client_call(python, running.url, run.scratch, is_vcr=True)
    except Missing as missing:
        run.missing["vcrpy"] = str(missing)
        return []
    return [*lines, f"| rechat | {ours:.2f} |", f"| vcrpy, in process | {theirs:.2f} |"]


def pace(run: Run) -> list[str]:
    """How late paced events are."""
    make, answer = run.contenders, questions.STREAMED
    size = str(len(answer) // 47)
    starts = run.each(
        {
            "rechat `--pace 50:0.02`": lambda: make.rechat(
                run.folder(1, answer), "--pace", "50:0.02"
            ),
            "aimock `--latency 20`": lambda: make.aimock(1, answer, "-c", size, "-l", "20"),
        }
    )
    lines = [
        "## Paced streams",
        "",
        "200 streams at once, 50 events a second each; how long after it was due an event arrived.",
        "",
        "| | p50 ms | p99 ms | events |",
        "|---|--:|--:|--:|",
    ]
    for name, start in starts.items():
        found = []
        for _ in range(run.rounds):
            with start() as running:
                port = int(running.url.rpartition(":")[2])
                found.append(paced.measure(port, 200, 50))
        late = sorted(found, key=lambda late: late.p99)[len(found) // 2]
        say(f"{name}: p99 {late.p99:.1f} ms")
        lines.append(f"| {name} | {late.p50:.1f} | {late.p99:.1f} | {late.events:,} |")
    return lines


def recorded(run: Run) -> list[str]:
    """What recording adds."""
    measured = record.measure(20 if run.rounds == 1 else 100)
    rows = [
        f"| {name} | {delay.first[0]:.2f} | {delay.first[1]:.2f} | {delay.later[0]:.2f} | "
        f"{delay.later[1]:.2f} | {'yes' if delay.is_held_back else 'no'} |"
        for name, delay in measured.items()
    ]
    return [
        "## Recording",
        "",
        "From the upstream's write to the client's read, streams of some 20 chunks.",
        "",
        "| | first p50 ms | p95 | later p50 ms | p95 | a chunk waited for the next |",
        "|---|--:|--:|--:|--:|---|",
        *rows,
    ]


def waiting(run: Run) -> list[str]:
    """How long a client waits while others keep rechat busy."""
    is_quick = run.rounds == 1
    found = waits.measure(8 if is_quick else 40, 20 if is_quick else 60)
    missed = waits.misses(20 if is_quick else 100)
    took = waits.turns(20 if is_quick else 100)
    ways = (took.direct, took.passed, took.recorded, took.disk)
    direct, passed, recorded, disk = map(statistics.median, ways)
    rows = [f"| {name} | {wait.longest:.1f} | {wait.p50:.2f} |" for name, wait in found.items()]
    return [
        "## Hits while others keep rechat busy",
        "",
        "One client asks for a hit every few milliseconds, and others do this:",
        "",
        "| | longest wait ms | p50 |",
        "|---|--:|--:|",
        *rows,
        "",
        "| conversations of an agent, 150 KB | ms |",
        "|---|--:|",
        f"| a miss with its explanation, p50 | {statistics.median(missed):.0f} |",
        f"| … p95 | {statistics.quantiles(missed, n=20)[-1]:.0f} |",
        f"| a turn at the upstream, p50 | {direct:.1f} |",
        f"| what passing through rechat adds | {passed - direct:.1f} |",
        f"| what recording adds to that | {recorded - passed:.1f} |",
        f"| … of it what the disk takes to replace a file of that size for good | {disk:.1f} |",
    ]


def large_folders(run: Run) -> list[str]:
    """Starts, misses and edits in a large folder."""
    folder = run.scratch / "large"
    questions.large_transcripts(folder, run.many)
    size = sum(path.stat().st_size for path in folder.iterdir()) / run.many / 1000
    time.sleep(2.1)  # older than the tick of any file system's clock, or they are read again
    loaded = folders.load(folder, run.scratch)
    say(f"cold {loaded.cold:.2f} s, warm {loaded.warm:.2f} s")
    near = folders.nearest(folder, 100)
    edits = folders.edit(folder, 40)
    return [
        f"## {run.many:,} transcripts",
        "",
        f"Conversations of four turns, {size:.1f} KB each.",
        "",
        "| | |",
        "|---|--:|",
        f"| load, cold | {loaded.cold:.2f} s |",
        f"| load, warm | {loaded.warm:.2f} s |",
        f"| from the command to listening, warm | {loaded.served:.2f} s |",
        f"| resident memory | {loaded.memory:.0f} MB |",
        f"| … after 100 explained misses | {near.memory:.0f} MB |",
        f"| a miss with the nearest transcript, p50 | {near.p50:.1f} ms |",
        f"| … p95 | {near.p95:.1f} ms |",
        f"| from saving an edit to the first new reply, p50 | {edits.p50:.0f} ms |",
        f"| … p95 | {edits.p95:.0f} ms |",
        f"| `rechat --help` | {folders.command_line():.2f} s |",
    ]


def nearest(run: Run) -> list[str]:
    """Questions that were altered, each asked of transcripts that differ in one number."""
    rows = []
    for kind, named in numbered.measure(run.scratch, run.many):
        say(f"{kind}: {named.right} of {named.asked}, p95 {named.p95:.0f} ms")
        rows.append(
            f"| {kind} | {named.right} of {named.asked} | {named.p50:.1f} | {named.p95:.1f} "
            f"| {named.cpu:.1f} |"
        )
    return [
        f"## The nearest of {run.many:,} transcripts that differ in one number",
        "",
        "In each question a word was changed, misspelled, added or left out, beside the number or "
        "elsewhere, or all were put in another order or case, but the number is the same. Right is "
        "the miss that names the file with the same number.",
        "",
        "| | right | p50 ms | p95 ms | CPU ms/miss |",
        "|---|--:|--:|--:|--:|",
        *rows,
    ]


def agent_hits(run: Run) -> list[str]:
    """Hits of coding agents, whose ids differ each time."""
    costs = agents.measure(run.scratch, 20 if run.rounds == 1 else 100)
    return [
        "## Agents",
        "",
        "Requests of a coding agent, 60 messages and 15 tools, with a folder and dates to look past "
        "and other ids each time; CPU time, and how many times `json.loads` of the same body that is; "
        "then the same for the next turn of the conversation.",
        "",
        "| | KB | hit ms | `json.loads` ms | agent hit / json.loads | next turn ms | next turn / json.loads | the first one saved, ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {api} | {cost.size:.0f} | {cost.hit:.2f} | {cost.loads:.2f} | {cost.ratio:.1f} "
            f"| {cost.next:.2f} | {cost.next_ratio:.1f} | {cost.saved:.1f} |"
            for api, cost in costs.items()
        ),
    ]


def killed(run: Run) -> list[str]:
    """What `kill -9` takes away."""
    toll = kills.measure(run.kills, say)
    return [
        "## `kill -9`",
        "",
        f"{run.kills} rounds, in each of which {kills.CLIENTS} clients record until rechat is killed. An "
        "answer that a client had in full, up to the event that ends its stream, is asked of what is "
        "on the disk then.",
        "",
        "| answers that a client had in full | lost |",
        "|--:|--:|",
        f"| {toll.answers:,} | {len(toll.lost)} |",
        *(f"\nLost: `{lost}`" for lost in toll.lost[:5]),
    ]


def small_suites(run: Run) -> list[str]:
    """What a few small tests cost with the plugin for pytest."""
    rows = []
    for client, cost in suites.measure(run.scratch / "suites", 3 if run.rounds == 1 else 9):
        none, replayed = cost.none, cost.replayed
        more = replayed.wall - none.wall
        say(f"8 tests of {client}: {more:.2f} s more")
        rows.append(
            f"| {client} | {none.wall:.2f} | {replayed.wall:.2f} | **{more:.2f}** "
            f"| {none.cpu:.2f} | {replayed.cpu:.2f} |"
        )
    return [
        "## pytest",
        "",
        "A run of pytest with 8 small tests, answered by a function in the test, and the same tests "
        "replayed by rechat, whose server each run starts and stops. Seconds, medians of runs in turns.",
        "",
        "| client | without | replayed | more | CPU without | CPU replayed |",
        "|---|--:|--:|--:|--:|--:|",
        *rows,
    ]


def routed(run: Run) -> list[str]:
    """What a gateway adds to the time to the first token."""
    make = run.contenders
    with routing.Upstream() as upstream, ExitStack() as stack:
        starts = run.each(
            {
                "rechat": lambda: make.gateway(upstream.url),
                "rechat `--on-miss live`": lambda: make.gateway(upstream.url, "--on-miss", "live"),
                "LiteLLM": lambda: make.litellm(upstream.url),
            }
        )
        gateways = {}
        for name, start in starts.items():
            try:
                gateways[name] = stack.enter_context(start())
            except Missing as missing:
                run.missing[name] = str(missing)
        found = routing.measure(upstream.url, gateways, 50 if run.rounds == 1 else 300)
    return [
        "## A gateway before one upstream",
        "",
        "Time to the first token of a stream, in milliseconds: from the client's request to the first "
        "event. All are asked in turns, on connections that stay open; each question is new, and "
        "rechat saves the answers but with `--on-miss live`. CPU is that of the gateway for the whole "
        "of an answer. The last column is what LiteLLM says of "
        "its own overhead (`x-litellm-overhead-duration-ms`).",
        "",
        "| | p50 | p95 | added, p50 | CPU, each | its own word |",
        "|---|--:|--:|--:|--:|--:|",
        *(
            f"| {name} | {first.p50:.2f} | {first.p95:.2f} | {first.added:.2f} "
            f"| {first.cpu:.1f} | {'' if first.told is None else f'{first.told:.1f}'} |"
            for name, first in found.items()
        ),
    ]


def asked_again(run: Run) -> list[str]:
    """How true the numbers of `rechat resend` are, and what it can do."""
    is_quick = run.rounds == 1
    load = os.getloadavg()[0]
    folder = run.folder(20 if is_quick else 100, questions.STREAMED)
    rows, rates = [], []
    for pace in ("50:0.2", "25:0.4"):
        told: dict[int, asking.Told] = {}
        with asking.replaying(folder, run.scratch, pace) as target:
            for at in (1, 8, 64):
                count = {1: 4 if is_quick else 20}.get(at, len([*folder.iterdir()]))
                takes = "4" if at == 64 else "1"
                options = ("--at", str(at), "--limit", str(count), "--takes", takes)
                told[at] = asking.resend(folder, run.scratch, target.url, *options)
                say(f"{pace}, {at} at once")
        for at, found in told.items():
            for name, one in asking.compared(target.streams, found).items():
                off, share = one.most_off
                rows.append(
                    f"| `{pace}` | {at} | {name} | {one.count} | {one.true['p50']:.2f} "
                    f"| {one.told['p50']:.2f} | {one.true['p99']:.2f} | {one.told['p99']:.2f} "
                    f"| {off:.2f} ms ({share:.1%}) | {'yes' if one.is_near else '**no**'} |"
                )
    sent: dict[str, asking.Told] = {}
    with asking.pacing(run.scratch, "50:0.2") as target:
        for rate in ("5", "40", "200"):
            for kind in ("constant", "poisson"):
                takes = str(max(1, int(rate) * 5 // len([*folder.iterdir()])))
                spread = ("--rate", f"{rate}/{kind}", "--takes", takes)
                sent[f"{rate}/{kind}"] = asking.resend(folder, run.scratch, target.url, *spread)
                say(f"{rate}/{kind}")
    for name, found in sent.items():
        rate_now = asking.rate_of(target.streams, found)
        lag = found.report["ms"]["lag"]["p99"]
        wanted = float(name.partition("/")[0])
        rates.append(f"| `{name}` | {rate_now:.2f} | {rate_now / wanted - 1:+.2%} | {lag:.2f} |")
    return [
        "## Asking again: `rechat resend`",
        "",
        "What it reports of a `rechat replay --pace` beside what passed on the wire between the two, by "
        "the kernel's clock; milliseconds. Near is within 3 % or 2 ms in the mean and each percentile "
        "(50, 90, 95, 99). All programs that take part run before all others of the machine (`chrt`). "
        f"Its load before was {load:.2f}.",
        "",
        "| pace | at once | | n | true p50 | told p50 | true p99 | told p99 | most off | near |",
        "|---|--:|---|--:|--:|--:|--:|--:|--:|---|",
        *rows,
        "",
        "Rates, against a server that does nothing but keep the pace (so are those below):",
        "",
        "| `--rate` | requests a second that came | off | sent late, p99 ms |",
        "|---|--:|--:|--:|",
        *rates,
        *_many_at_once(run, folder),
        *_fast(run, folder),
    ]


def _many_at_once(run: Run, folder: Path) -> list[str]:
    """A thousand paced streams from one process, by a rate and by their number."""
    rate, seconds, at = (40, 3, 100) if run.rounds == 1 else (200, 15, 1000)
    count = len([*folder.iterdir()])
    loads = {
        f"{rate} begun each second": (
            "--rate",
            f"{rate}/constant",
            "--takes",
            rate * seconds // count,
        ),
        f"{at:,} at once, 2,000 begun each second": ("--at", at, "--takes", 2 * at // count),
    }
    rows = []
    with asking.pacing(run.scratch, "10:0.5") as target:
        found = {
            name: asking.resend(folder, run.scratch, target.url, *map(str, options))
            for name, options in loads.items()
        }
    for name, told in found.items():
        own = asking.within(target.streams, told)
        late = told.report["ms"].get("lag")
        near = asking.compared(own, told)
        off = ", ".join(f"{measure} {one.most_off[1]:.1%}" for measure, one in near.items())
        rows.append(
            f"| {name} | {asking.most_at_once(own, told):,} | {len(own):,} "
            f"| {late['p99'] if late else asking.sent_late(own, told, at):.2f} | {told.report['lag']['p99']:.2f} | {off} "
            f"| {told.memory:.0f} | {told.cpu:.1f} of {told.ended - told.begun:.1f} |"
        )
    return [
        "",
        "Streams of 10 tokens a second from one process. What is late is so "
        "on the wire (of the second row, in its beginning). CPU is that of the whole command with its report.",
        "",
        "| | at once, at most | answers | sent late, p99 ms | its loop was late, p99 ms | most off "
        "| memory, MB | CPU, s |",
        "|---|--:|--:|--:|--:|---|--:|--:|",
        *rows,
    ]


def _fast(run: Run, folder: Path) -> list[str]:
    """Requests a second against a server that answers at once, from one core and from all."""
    count = len([*folder.iterdir()])
    takes = (500 if run.rounds == 1 else 10_000) // count
    rate = 200 if run.rounds == 1 else 2000
    loads: dict[str, tuple[tuple[str, ...], int | None]] = {
        f"`--rate {rate}/constant`, one core": (("--rate", f"{rate}/constant"), 0),
        "`--at 8`, one core": (("--at", "8"), 0),
        "`--at 64`, one core": (("--at", "64"), 0),
        "`--at 64`, all cores": (("--at", "64"), None),
    }
    with asking.pacing(run.scratch, "0", core=1) as target:
        told = {}
        for name, (options, core) in loads.items():
            own = (*options, "--takes", str(takes))
            told[name] = asking.resend(folder, run.scratch, target.url, *own, core=core)
            say(name)
    rows = []
    for name, one in told.items():
        off = asking.waited(target.streams, one)
        rows.append(
            f"| {name} | {asking.rate_of(target.streams, one):,.0f} | {one.report['lag']['p99']:.2f} "
            f"| {off.true['p50']:.2f} | {off.told['p50']:.2f} | {off.true['p99']:.2f} "
            f"| {off.told['p99']:.2f} |"
        )
    return [
        "",
        "Against a server that answers at once and has the other core. A generator that sends as fast "
        "as it can waits for itself, and its report says so.",
        "",
        "| | answers/s | its loop was late, p99 ms | true p50 | told p50 | true p99 | told p99 |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *rows,
    ]


def tidied(run: Run) -> list[str]:
    """`lint` and `fmt --check` over a folder of many files."""
    folder = run.scratch / "mixed"
    tidying.mixed_transcripts(folder, run.many)
    found = {
        command: statistics.median(tidying.seconds(command, folder) for _ in range(run.rounds))
        for command in ("lint", "fmt --check")
    }
    size = sum(path.stat().st_size for path in folder.rglob("*.md")) / run.many / 1000
    return [
        f"## Checking {run.many:,} transcripts",
        "",
        f"Of ten, five are a question and its answer, three are conversations of 10 KB, and two were "
        f"recorded with a tool: {size:.1f} KB each.",
        "",
        "| | seconds |",
        "|---|--:|",
        *(f"| `rechat {command}` | {took:.1f} |" for command, took in found.items()),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="a first look: short runs, few files")
    parser.add_argument("--rounds", type=int, default=200, help="how often kills kills (200)")
    parser.add_argument("--print", action="store_true", help="print the report, write nothing")
    given = parser.parse_args()
    parts = dict(
        zip(
            SECTIONS,
            (
                *(hits, streams, client, pace, recorded, waiting, large_folders, nearest),
                *(agent_hits, killed, small_suites, routed, asked_again, tidied),
            ),
            strict=True,
        )
    )
    path = DOCS / "benchmarks.md"
    written = "" if given.print or not given.sections else path.read_text()
    with tempfile.TemporaryDirectory() as scratch:
        for name in given.sections or SECTIONS:
            run = Run(Path(scratch), quick=given.quick, rounds=given.rounds)
            found = parts[name](run)
            written = report.merged(written, report.section(found, run.missing))
            if not given.print:
                path.write_text(written)
                plots.write(run.plots, DOCS / "benchmarks")
    if given.print:
        print(written)


if __name__ == "__main__":
    main()
