"""The output of a server: a line for each request, the conversation, and problems."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from rich.console import Console as Terminal
from rich.console import Group
from rich.text import Text

from rechat.observe.entry import JournalEntry
from rechat.observe.entry import said
from rechat.observe.reporter import Savings
from rechat.observe.terminal.differences import differences_view
from rechat.observe.terminal.line import line_of
from rechat.observe.terminal.line import row_of
from rechat.observe.terminal.messages import message_view
from rechat.observe.terminal.totals import totals
from rechat.observe.terminal.visible import in_one_line
from rechat.observe.terminal.visible import visible
from rechat.store import Change
from rechat.store import Problem

# At most this many requests without an answer are repeated at the end of a log, if this many lines
# follow them.
_REPEATED = 10
_SCREEN = 24


class Console:
    """Writes entries to a terminal, a pipe or a log: one line each, and in a terminal also the new
    part of the conversation. `verbose` shows whole conversations everywhere, `quiet` only problems,
    on `talk`. People read a long log from its end, so the end repeats the requests that had no
    answer.
    """

    def __init__(
        self,
        results: Terminal,
        talk: Terminal,
        *,
        quiet: bool = False,
        verbose: bool = False,
        diff: bool = False,
    ) -> None:
        self._results = results
        self._talk = talk
        self._quiet = quiet
        self._verbose = verbose
        self._diff = diff
        self._unanswered: deque[tuple[int, Text]] = deque(maxlen=_REPEATED)
        self._lines = 0

    def wants(self, entry: JournalEntry) -> bool:
        """Whether a request is shown. That a recorded answer was given a new question is always
        shown.
        """
        return not self._quiet or _is_problem(entry) or entry.rule == "accepted"

    def entry(self, entry: JournalEntry) -> None:
        """Show one request, unless `wants` says no."""
        if not self.wants(entry):
            return
        if self._quiet:
            self._talk.print(line_of(entry), soft_wrap=True)
            return
        differences = _differences(entry) if self._diff else None
        if differences:
            entry = _brief(entry)
        is_watched = self._results.is_interactive
        if is_watched:
            self._results.print(row_of(entry, self._results.width))
        else:
            self._in_a_log(entry)
        if self._verbose or is_watched:
            self._results.print(self._conversation(entry), soft_wrap=not is_watched, end="")
        if differences:
            self._results.print(differences, soft_wrap=True, end="\n\n" if is_watched else "\n")

    def _in_a_log(self, entry: JournalEntry) -> None:
        line = line_of(entry)
        self._results.print(line, soft_wrap=True)
        self._lines += 1
        if entry.verdict in ("failed", "miss"):
            self._unanswered.append((self._lines, line))

    def dropped(self, count: int) -> None:
        """Report how many requests were too fast to be shown."""
        if not self._quiet:
            self._talk.print(Text(f"… {count:,} more requests", style="dim"), soft_wrap=True)

    def summary(self, counts: Mapping[str, int], saved: Savings) -> None:
        """Print the totals at the end."""
        counted = totals(counts)
        if self._quiet or not counted:
            return
        for number, line in self._unanswered:
            if number + _SCREEN < self._lines:
                self._talk.print(line, soft_wrap=True)
        spared = [f"{saved.milliseconds / 1000:.1f} s"] * (saved.milliseconds >= 50)
        spared += [f"{saved.tokens:,} tokens"] * bool(saved.tokens)
        end = counted + (f"; {' and '.join(spared)} saved" if spared else "")
        told = Text(f"rechat: {end}", style="dim")
        self._talk.print(told, soft_wrap=not self._talk.is_interactive)

    def change(self, change: Change) -> None:
        """Show that a transcript was reloaded, or why that failed."""
        if change.problem:
            self.problem(change.problem)
        elif not self._quiet:
            what = "gone" if change.is_gone else "reloaded"
            self._talk.print(
                Text(in_one_line(f"{change.path} {what}"), style="dim"), soft_wrap=True
            )
        if change.behind:
            self.warn(_answered_before(change.path, change.behind))

    def behind(self, found: Mapping[str, str]) -> None:
        """Report files that are not served, because others, each named here, answer the same
        requests and take precedence.
        """
        for path, before in [*found.items()][:1]:
            others = f" (so in {len(found)} files: see `rechat lint`)" if len(found) > 1 else ""
            self.warn(_answered_before(path, before) + others)

    def warn(self, text: str) -> None:
        """Show a warning."""
        self._talk.print(Text(visible(text), style="yellow"), soft_wrap=True)

    def problem(self, problem: Problem) -> None:
        """Show a problem of a transcript."""
        self._talk.print(Text(in_one_line(str(problem)), style="red"), soft_wrap=True)

    def _conversation(self, entry: JournalEntry) -> Group:
        """The new messages of a request, from the last user message on, and the answer."""
        messages = entry.request.messages if entry.request else ()
        start = (
            0
            if self._verbose
            else max(
                (at for at, message in enumerate(messages) if message.role == "user"), default=0
            )
        )
        shown = (*messages[start:], *said(entry.answer))
        return Group(*(message_view(one, thinks=self._verbose) for one in shown))


def _answered_before(path: str, before: str) -> str:
    return (
        f"{path}: {before} answers the same request and comes first: what this file says to it is "
        "never served"
    )


def _is_problem(entry: JournalEntry) -> bool:
    return entry.verdict in ("failed", "failover", "miss", "held")


def _differences(entry: JournalEntry) -> Group | None:
    """The differences from the nearest transcript, if there is one."""
    near = entry.miss.nearest if entry.miss else None
    if not near or not near.differences:
        return None
    return differences_view(near.differences, (f"transcript {near.place}", "request"))


def _brief(entry: JournalEntry) -> JournalEntry:
    """The entry without the differences in its reason, which are shown below it."""
    near = entry.miss.nearest if entry.miss else None
    if not near:
        return entry
    return replace(entry, reason=entry.reason.replace(near.reason, f"nearest {near.place}"))
