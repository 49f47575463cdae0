"""The report as Markdown, to be read in a terminal and reviewed in git."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rechat.explain import changed_words
from rechat.resend.judging.verdict import KINDS
from rechat.resend.judging.verdict import NAMES
from rechat.resend.judging.verdict import words_in
from rechat.resend.load import PERCENTILES
from rechat.resend.load import Reached
from rechat.resend.load import Spread
from rechat.resend.report.findings import Cell
from rechat.resend.report.findings import Column
from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Row
from rechat.values import Answer

DEFINITIONS = """\
TTFT (time to first token): from sending the request to the first piece with text, reasoning or a \
call. TTFT words: the same without reasoning.
TPOT (time per output token): from the first piece to the last, over the tokens less one.
gap: between two neighbouring pieces, of all answers together.
e2e (end to end): from sending to the end. e2e due: from when it was to be sent, which is `lag` \
before it was.
goodput: answers that reach all goals, a second; the interval is Wilson's for 95 %.
All in milliseconds, of the last try of each answered question; errors are in none of them. n is \
how many values there are, p90 is what 90 % of them are at most; `*`: too few values to be sure \
of it.
""".splitlines()
"""What the measures are."""

_MOST = 200
# Longer answers (in characters) are not shown in full.
_FEW = 1000
_BRIEF = 100
_TICKS = re.compile("`+")


def as_markdown(report: Report) -> str:
    """The text of a report."""
    pieces = [f"# {report.title}", report.opening]
    if drifts := [f"- **{escaped(one.name)}**: {one.drift}" for one in report.compared]:
        pieces.append("\n".join(drifts))
    pieces += _totals(report.compared)
    pieces += _differing(report)
    pieces += _measures(report.columns)
    if report.limits:
        pieces += ["## Limits", "\n".join(f"- {line}" for line in report.limits)]
    pieces += _unasked(report)
    return "\n\n".join(pieces) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "--:") -> str:
    """A table; all columns but the first contain numbers, unless `align` says otherwise."""
    lines = [head, [":--", *[align] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(escaped, line)) + " |" for line in lines)


def escaped(text: str) -> str:
    """A text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _totals(columns: Sequence[Column]) -> Iterator[str]:
    shown = [kind for kind in KINDS if kind == "same" or any(one.kinds[kind] for one in columns)]
    has_costs = any(column.cost is not None for column in columns)
    rows = [
        [
            f"{column.name} ({column.url})",
            str(column.measured.answered + column.measured.errors),
            *(str(column.kinds[kind]) for kind in shown),
            f"{column.measured.asked_tokens:,}",
            f"{column.measured.said_tokens:,}",
            str(column.measured.retries),
            *([dollars(column.cost)] if has_costs else []),
        ]
        for column in columns
    ]
    names = [NAMES[kind] for kind in shown]
    more = ["tokens in", "tokens out", "retries", *(["cost"] if has_costs else [])]
    yield table(["target", "answers", *names, *more], rows)


def dollars(cost: float | None) -> str:
    """A cost, with as many decimals as it needs; a dash if unknown."""
    return "–" if cost is None else f"${cost:,.4f}" if cost < 1 else f"${cost:,.2f}"


def _differing(report: Report) -> Iterator[str]:
    rows = [row for row in report.rows if row.rank[0]]
    if not rows:
        return
    yield "## What differs"
    names = [column.name for column in report.compared]
    same = len(report.rows) - len(rows)
    yield f"The gravest first; {same} of {len(report.rows)} questions are answered the same."
    cells = ([_named(row), *_short(row, names)] for row in rows)
    yield table(["question", *names], cells, ":--")
    for row in rows[:_MOST]:
        yield from _details(row)
    if len(rows) > _MOST:
        yield f"… and {len(rows) - _MOST} more questions."


def _named(row: Row) -> str:
    return f"{row.place} {row.first_words}".rstrip()


def _short(row: Row, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        cell = row.cells.get(name)
        yield _cell(cell) if cell else "not asked"


def _cell(cell: Cell) -> str:
    worst = cell.worst
    told = worst.name
    if worst.kind == "words":
        told += f" ({worst.likeness:.0%} alike, {worst.longer:.1f}× as long)"
    how = f": {brief(worst.told)}" if worst.told and worst.kind != "spaces" else ""
    return told + cell.how_many + how


def brief(text: str) -> str:
    """The beginning of a difference, for a table."""
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"


def _details(row: Row) -> Iterator[str]:
    lines = [f"- {'; '.join(names)}: {told}" for told, names in _by_difference(row).items()]
    line = " ".join(row.asked.split())
    quote = f"\n\n> {line[:200]}{'…' if len(line) > 200 else ''}" if line else ""
    yield f"### {row.place}{quote}"
    yield "\n".join(line.replace("<", "&lt;") for line in lines)
    yield from _both(row)


def _both(row: Row) -> Iterator[str]:
    """Both answers as a diff, if their words differ in more than one place, but not in too many."""
    told: set[str] = set()
    for cell in row.cells.values():
        worst = cell.worst
        new = cell.results[cell.verdicts.index(worst)].answer
        match cell.before, new:
            case [Answer() as old], Answer():
                before, after = words_in(old), words_in(new)
                is_short = max(len(before), len(after)) <= _FEW
                if after not in told and is_short and _places(before, after) > 1:
                    told.add(after)
                    yield _diff(before, after)


def _places(before: str, after: str) -> int:
    """In how many places the words of two texts differ, unless nearly all of them do."""
    return max(
        sum(is_changed for _, is_changed in pieces) for pieces in changed_words(before, after)
    )


def _diff(before: str, after: str) -> str:
    lines = [f"- {line}" for line in before.splitlines()]
    lines += [f"+ {line}" for line in after.splitlines()]
    text = "\n".join(lines)
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}diff\n{text}\n{fence}"


def _by_difference(row: Row) -> dict[str, list[str]]:
    """What differs, and for which targets and takes: many loads of a target are shown once."""
    found: dict[str, list[str]] = {}
    for name, cell in row.cells.items():
        for told, takes in _by_verdict(cell).items():
            found.setdefault(told, []).append(f"{name}{_of_takes(takes, len(cell.verdicts))}")
    return found


def _by_verdict(cell: Cell) -> dict[str, list[int]]:
    """What differs, and in which takes."""
    found: dict[str, list[int]] = {}
    for take, verdict in enumerate(cell.verdicts, 1):
        if verdict.findings:
            found.setdefault(verdict.told, []).append(take)
    return found


def _of_takes(takes: Sequence[int], count: int) -> str:
    if count == 1:
        return ""
    if len(takes) == count:
        return ", all takes"
    return f", take{'s' * (len(takes) > 1)} {', '.join(map(str, takes))}"


def _measures(columns: Sequence[Column]) -> Iterator[str]:
    rows = [
        [column.name, name, str(found.count), f"{found.mean:.1f}", *_percentiles(found)]
        for column in columns
        for name, found in column.measured.spreads.items()
    ]
    if not rows:
        return
    yield "## Speed"
    yield table(["target", "ms", "n", "mean", *(f"p{one}" for one in PERCENTILES)], rows)
    for column in columns:
        yield rate_of(column)
        if column.is_late:
            yield (
                f"**{column.name}: the questions were sent too late, or this machine was too busy "
                f"to measure: what is measured is not sure.**"
            )
        if column.reached:
            yield goodput_of(column.name, column.reached)
    yield "\n".join(f"- {line}" for line in DEFINITIONS)


def rate_of(column: Column) -> str:
    """How fast a target answered, and how late it was asked, in a line."""
    rate = f"{column.name}: {column.measured.rate:.2f} answers a second"
    if column.measured.counted < column.measured.answered:
        rate += "; no token counts came with some answers, so their pieces are counted"
    if column.lost:
        rate += f"; workers ended at {column.lost} questions, which were asked once more"
    return rate + (
        f"; our own lag: p99 {column.lag.percentiles[99]:.1f} ms." if column.lag else "."
    )


def goodput_of(name: str, found: Reached) -> str:
    """How many answers of a target met the goals, in a line."""
    told = (
        f"{name}: {found.good} of {found.count} answers reach all goals ({found.told}): "
        f"{found.share:.1%}, between {found.low:.1%} and {found.high:.1%}; {found.verdict} for "
        f"95 %; goodput {found.rate:.2f} a second"
    )
    return told + (f"; {found.unknown} have no time for each token." if found.unknown else ".")


def _percentiles(found: Spread) -> Iterator[str]:
    for percent in PERCENTILES:
        mark = "" if found.is_sure(percent) else "*"
        yield f"{found.percentiles[percent]:.1f}{mark}"


def _unasked(report: Report) -> Iterator[str]:
    lines = [f"- {line}".replace("<", "&lt;") for line in report.left_out]
    if lines:
        yield "## Not asked"
        yield "\n".join(lines)
