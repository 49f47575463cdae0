"""The report as JSON, for programs."""

from rechat.resend.load import Reached
from rechat.resend.load import Spread
from rechat.resend.report.findings import Cell
from rechat.resend.report.findings import Column
from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Row
from rechat.values import JsonObject


def as_json(report: Report) -> JsonObject:
    """The JSON of a report."""
    return {
        "run": report.run,
        "before": report.before,
        "targets": [_column(column) for column in report.columns],
        "questions": [_row(row) for row in report.rows],
        "unasked": [{"question": one.name, "reason": one.reason} for one in report.unasked],
        "limits": list(report.limits),
    }


def _column(column: Column) -> JsonObject:
    measured = column.measured
    return {
        "name": column.name,
        "url": column.url,
        "verdicts": dict(column.kinds),
        "answered": measured.answered,
        "errors": measured.errors,
        "retries": measured.retries,
        "lost": column.lost,
        "seconds": round(measured.seconds, 3),
        "rate": round(measured.rate, 3),
        "cost": column.cost if column.cost is None else round(column.cost, 6),
        "tokens": {"in": measured.asked_tokens, "out": measured.said_tokens},
        "ms": {name: _spread(found) for name, found in measured.spreads.items()},
        "lag": _spread(column.lag) if column.lag else None,
        "late": column.is_late,
        "slo": _reached(column.reached) if column.reached else None,
        "unsaid": dict(column.unsaid),
        "unasked": [{"question": one.name, "reason": one.reason} for one in column.unasked],
    }


def _spread(found: Spread) -> JsonObject:
    return {
        "n": found.count,
        "mean": round(found.mean, 3),
        "min": round(found.least, 3),
        "max": round(found.most, 3),
        **{f"p{percent}": round(value, 3) for percent, value in found.percentiles.items()},
        "unsure": [f"p{one}" for one in found.percentiles if not found.is_sure(one)],
    }


def _reached(found: Reached) -> JsonObject:
    return {
        "good": found.good,
        "of": found.count,
        "unknown": found.unknown,
        "share": round(found.share, 4),
        "between": [round(found.low, 4), round(found.high, 4)],
        "verdict": found.verdict,
        "goodput": round(found.rate, 4),
    }


def _row(row: Row) -> JsonObject:
    return {
        "question": row.name,
        "place": row.place,
        "key": row.key,
        "targets": {name: _cell(cell) for name, cell in row.cells.items()},
    }


def _cell(cell: Cell) -> JsonObject:
    return {
        "verdict": cell.worst.kind,
        "takes": [
            {
                "verdict": verdict.kind,
                "told": verdict.told,
                "likeness": round(verdict.likeness, 4),
                "ms": round(result.ms, 3),
            }
            for result, verdict in zip(cell.results, cell.verdicts, strict=True)
        ],
    }
