"""The report as one self-contained page: no script, no font, no external picture.

Questions are rows and targets are columns; differences open below their question, and the plots
follow.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from rechat.explain import changed_words
from rechat.resend.judging.verdict import KINDS
from rechat.resend.judging.verdict import NAMES
from rechat.resend.judging.verdict import calls_in
from rechat.resend.judging.verdict import words_in
from rechat.resend.load import PERCENTILES
from rechat.resend.load import gaps
from rechat.resend.report.findings import Column
from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Row
from rechat.resend.report.markdown import DEFINITIONS
from rechat.resend.report.markdown import brief
from rechat.resend.report.markdown import dollars
from rechat.resend.report.markdown import goodput_of
from rechat.resend.report.markdown import rate_of
from rechat.resend.report.plots import curve
from rechat.resend.report.plots import distribution
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import ErrorAnswer
from rechat.values import jsontext

_CODE = re.compile(r"`([^`]+)`")
_MOST = 1000
_LONGEST = 4000
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--bad:#c62828;--odd:#b26a00;--good:#2e7d32}
@media(prefers-color-scheme:dark){:root{--bad:#ff8a80;--odd:#ffcc80;--good:#a5d6a7}}
body{font:15px/1.5 system-ui,sans-serif;max-width:1200px;margin:0 auto;padding:16px;
overflow-wrap:anywhere}
h1{font-size:1.4em}h2{font-size:1.15em;margin-top:2em}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{padding:4px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;
overflow-wrap:normal}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td+td:not(.n){min-width:9em}
td:first-child,th:first-child{position:sticky;left:0;background:Canvas;max-width:22em}
.error,.refused,.expect,.schema{color:var(--bad)}.call,.finish{color:var(--bad)}
.words,.spaces{color:var(--odd)}.same{color:var(--good)}
.none{opacity:.5}
a{color:inherit;text-decoration-color:var(--line)}
small{opacity:.75;overflow-wrap:anywhere}details:has(:target){border-color:currentColor}
[id]{scroll-margin-top:3em}
details{margin:6px 0;border:1px solid var(--line);border-radius:6px;padding:4px 10px}
summary{cursor:pointer}.two{display:grid;grid-template-columns:1fr 1fr;gap:12px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:8px;margin:4px 0;
border-radius:4px;max-height:24em;overflow:auto}
a,b,bdi,small,span,li,th{unicode-bidi:isolate}pre{unicode-bidi:plaintext}
mark{background:#ffb30055;color:inherit;border-radius:2px}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:0 24px}
figure{margin:12px 0}svg{width:100%;height:auto;max-width:640px}
svg text{font-size:12px;fill:currentColor}svg line{stroke:var(--line)}
polyline{fill:none;stroke-width:2}circle{stroke:none;fill:currentColor;opacity:.7}
.d1{stroke-dasharray:6 3}.d2{stroke-dasharray:2 3}
.legend span{margin-right:16px}.legend span:before{content:"━ "}
.legend .d1:before{content:"╍ "}.legend .d2:before{content:"┅ "}
.c0{stroke:#1e88e5;color:#1e88e5}.c1{stroke:#ab47bc;color:#ab47bc}.c2{stroke:#00968f;color:#00968f}
.c3{stroke:#a1776b;color:#a1776b}.c4{stroke:#5c6bc0;color:#5c6bc0}.c5{stroke:#78909c;color:#78909c}
@media(max-width:640px){.two{grid-template-columns:1fr}body{padding:10px}
table,tbody,tr,td{display:block}tr:first-child{display:none}tr{border-bottom:2px solid var(--line);
padding:6px 0}td,td.n{border:0;padding:2px 0;text-align:left;white-space:normal}
td:first-child{position:static;max-width:none}
td.n{display:inline-block;margin-right:14px}td+td:before{content:attr(data-of) ": ";opacity:.75}}
"""


def as_html(report: Report) -> str:
    """The whole page of a report."""
    title = report.title
    pieces = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        _POLICY,
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>",
        *_opening(report),
        _totals(report.compared),
        *_matrix(report),
        *_speed(report),
        *_limits(report),
        *_unasked(report),
    ]
    return "\n".join(pieces) + "</html>\n"


def _opening(report: Report) -> Iterator[str]:
    """What was asked, and how much each target differs."""
    yield f"<p>{escape(report.opening)}</p>"
    lines = [f"<li><b>{escape(one.name)}</b>: {escape(one.drift)}" for one in report.compared]
    if lines:
        yield f"<ul>{''.join(lines)}</ul>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table of cells that are HTML already; those from column `numbers` on are numbers. Each cell
    has the name of its column, since on a phone a row is shown as a list.
    """
    names = [escape(name, quote=True) for name in head]
    lines = [
        "".join(
            f'<td{' class="n"' if at >= numbers else ""} data-of="{name}">{cell}</td>'
            for at, (name, cell) in enumerate(zip(names, row, strict=True))
        )
        for row in rows
    ]
    top = "".join(
        f'<th class="n">{escape(cell)}</th>' if at >= numbers else f"<th>{escape(cell)}</th>"
        for at, cell in enumerate(head)
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'


def _totals(columns: Sequence[Column]) -> str:
    kinds = [kind for kind in KINDS if kind == "same" or any(one.kinds[kind] for one in columns)]
    rows = [
        [
            f"<b>{escape(column.name)}</b><br><small>{escape(column.url)}</small>",
            *(_counted(kind, column.kinds[kind]) for kind in kinds),
            f"{column.measured.asked_tokens:,}",
            f"{column.measured.said_tokens:,}",
            dollars(column.cost),
        ]
        for column in columns
    ]
    head = ["target", *(NAMES[one] for one in kinds), "tokens in", "tokens out", "cost"]
    return _table(head, rows, 1)


def _counted(kind: str, count: int) -> str:
    """A number in the colour of its kind; zero is not highlighted."""
    return f'<span class="{kind if count else "none"}">{count}</span>'


def _matrix(report: Report) -> Iterator[str]:
    names = [column.name for column in report.compared]
    rows = [row for row in report.rows if row.rank[0]]
    same = len(report.rows) - len(rows)
    told = f"The gravest first; {same} of {len(report.rows)} questions are answered the same."
    yield f"<h2>What differs</h2><p>{told}</p>"
    if rows:
        cells = (
            [f'<a href="#q{number}">{_named(row)}</a>', *_short(row, names)]
            for number, row in enumerate(rows[:_MOST])
        )
        yield _table(["question", *names], cells, len(names) + 1)
    for number, row in enumerate(rows[:_MOST]):
        yield _opened(row, number, report.before)


def _short(row: Row, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        cell = row.cells.get(name)
        if not cell:
            yield "not asked"
            continue
        worst = cell.worst
        more = f" ({worst.likeness:.0%} alike)" if worst.kind == "words" else ""
        how = f"<br><small>{escape(brief(worst.told))}</small>" if worst.told else ""
        yield f'<span class="{worst.kind}">{worst.name}{more}</span>{cell.how_many}{how}'


def _named(row: Row) -> str:
    """A question by its words and place."""
    words = f"{escape(row.first_words)}<br>" if row.first_words else ""
    return f"{words}<small>{escape(row.place)}</small>"


def _opened(row: Row, number: int, before: str) -> str:
    pieces = _differences(row, before)
    asked = f"<p>asked:</p><pre>{escape(_cut(row.asked))}</pre>" if row.asked else ""
    summary = f"<summary>{escape(row.place)}: <bdi>{escape(row.first_words)}</bdi></summary>"
    # A link to an element inside opens it, one to the element itself does not.
    inside = f'<div id="q{number}">{asked}{"".join(pieces)}</div>'
    return f"<details>{summary}{inside}</details>"


def _differences(row: Row, before: str) -> Iterator[str]:
    """What differs, each with the targets to which it applies: many loads of a target are shown
    once.
    """
    names: dict[tuple[str, str, str, str], list[str]] = {}
    for name, cell in row.cells.items():
        worst = cell.worst
        if not worst.findings:
            continue
        result = cell.results[cell.verdicts.index(worst)]
        old = "\n\n".join(_text_of(answer) for answer in cell.before)
        new = _text_of(result.answer) if result.answer else result.failure
        names.setdefault((worst.kind, worst.told, old, new), []).append(f"{name}{cell.how_many}")
    for (kind, told, old, new), own in names.items():
        left, right = _marked(_cut(old), _cut(new))
        yield (
            f'<p><b>{escape("; ".join(own))}</b>: <span class="{kind}">{escape(told)}</span></p>'
            f'<div class="two"><div>{escape(before)}<pre>{left}</pre></div>'
            f"<div>now<pre>{right}</pre></div></div>"
        )


def _marked(old: str, new: str) -> Iterator[str]:
    """Two texts with the differing words marked, unless nearly all differ."""
    for pieces in changed_words(old, new):
        yield "".join(
            f"<mark>{escape(text)}</mark>" if is_changed else escape(text)
            for text, is_changed in pieces
        )


def _text_of(answer: AnyAnswer) -> str:
    """An answer as text: its words and calls."""
    if isinstance(answer, ErrorAnswer):
        return f"error {answer.status}\n{jsontext.dump_visible(answer.body, jsontext.INDENTED)}"
    if not isinstance(answer, Answer):
        return "(another response)"
    calls = [f"call {call.name} {call.arguments}" for call in calls_in(answer)]
    return "\n".join(filter(None, [words_in(answer), *calls]))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _speed(report: Report) -> Iterator[str]:
    rows = [
        [
            escape(column.name),
            name,
            str(found.count),
            *(
                f"{found.percentiles[one]:,.1f}{'' if found.is_sure(one) else '*'}"
                for one in PERCENTILES
            ),
        ]
        for column in report.columns
        for name, found in column.measured.spreads.items()
    ]
    if not rows:
        return
    yield "<h2>Speed</h2>"
    late = [column.name for column in report.columns if column.is_late]
    if late:
        told = "sent too late, or this machine was too busy: the numbers are not sure"
        yield f'<p class="error">{escape(", ".join(late))}: {told}.</p>'
    yield _table(["target", "ms", "n", *(f"p{one}" for one in PERCENTILES)], rows, 2)
    rates = [rate_of(column) for column in report.columns]
    rates += [goodput_of(one.name, one.reached) for one in report.columns if one.reached]
    yield f"<ul>{''.join(f'<li>{escape(rate)}</li>' for rate in rates)}</ul>"
    lines = "".join(f"<li>{_with_code(line)}</li>" for line in DEFINITIONS)
    yield f"<ul><small>{lines}</small></ul>"
    yield from _plots(report)


def _with_code(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _plots(report: Report) -> Iterator[str]:
    results = {
        column.name: [
            result
            for row in report.rows
            if column.name in row.cells
            for result in row.cells[column.name].results
            if result.is_good
        ]
        for column in report.compared
    }
    if not any(results.values()):
        return
    yield '<div class="plots">'
    first = {name: [one.times[0] for one in own if one.times] for name, own in results.items()}
    yield distribution("TTFT: the share of answers that had begun", first)
    gaps_of = {name: [gap for one in own for gap in gaps(one)] for name, own in results.items()}
    yield distribution("gap: the share of pieces that came so soon after the one before", gaps_of)
    whole = {name: [one.ms for one in own] for name, own in results.items()}
    yield distribution("e2e: the share of answers that were whole", whole)
    over = {
        name: [(one.sent, one.ms) for one in own[:_MOST]] for name, own in results.items() if own
    }
    yield curve("e2e over the run: milliseconds by when it was sent", over, "s", "dots")
    yield "</div>"


def _limits(report: Report) -> Iterator[str]:
    if report.limits:
        items = "".join(f"<li>{escape(line)}</li>" for line in report.limits)
        yield f"<h2>Limits</h2><ul>{items}</ul>"
    points: dict[str, list[tuple[float, float]]] = {}
    for column in report.compared:
        if found := column.measured.spreads.get("e2e"):
            place = (column.measured.rate, found.percentiles[50])
            points.setdefault(column.target, []).append(place)
    loads = {name: own for name, own in points.items() if len(own) > 1}
    yield curve("e2e over throughput: the median in ms by answers a second", loads, "/s")


def _unasked(report: Report) -> Iterator[str]:
    items = "".join(f"<li>{escape(line)}</li>" for line in report.left_out)
    if items:
        yield f"<h2>Not asked</h2><ul>{items}</ul>"
