"""What a server does is written as it happens, and nothing waits for who reads."""

import io
import json
from pathlib import Path

from rechat.cli.serving.lines import Lines
from rechat.observe.entry import JournalEntry
from rechat.observe.reporter import Reporter
from rechat.observe.terminal.console import Console
from rechat.observe.terminal.screen import screen
from rechat.store.folder import Store

HIT = JournalEntry("hit", "POST /v1/chat/completions", place="a.md:3", saved_tokens=3)


def silent() -> Reporter:
    return Reporter(Console(screen(), screen(), quiet=True))


def test_a_line_for_the_start_each_exchange_and_the_end(tmp_path: Path) -> None:
    out, reporter = io.StringIO(), silent()
    with reporter, Lines(out, reporter, {}) as lines:
        lines.started("http://localhost:1", 1, "replay", Store([tmp_path]))
        report = lines.before(reporter.add)
        report(HIT, 1.26)
        report(HIT, 2.0)
    started, first, second, end = map(json.loads, out.getvalue().splitlines())
    assert started["base_url"] == "http://localhost:1/v1"
    assert (first["number"], first["ms"], first["place"]) == (1, 1.3, "a.md:3")
    assert second["number"] == 2
    assert (end["exchanges"], end["saved_tokens"]) == (2, 6)
    assert sum(end["counts"].values()) == 2


class Closed(io.StringIO):
    """Nobody reads it."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_that_nobody_reads_is_no_failure() -> None:
    reporter, seen = silent(), list[float]()
    with Lines(Closed(), reporter, {}) as lines:
        lines.before(lambda _, milliseconds: seen.append(milliseconds))(HIT, 1.0)
    assert seen == [1.0]
