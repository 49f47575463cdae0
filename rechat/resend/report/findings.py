"""What a report says, before it is written down: questions as rows, targets as columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rechat.resend.judging.expectations import unmet
from rechat.resend.judging.verdict import KINDS
from rechat.resend.judging.verdict import Kind
from rechat.resend.judging.verdict import Verdict
from rechat.resend.judging.verdict import judge
from rechat.resend.load import Goals
from rechat.resend.load import Measured
from rechat.resend.load import Reached
from rechat.resend.load import Spread
from rechat.resend.load import measure
from rechat.resend.load import reached
from rechat.resend.load import spread
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.results.result import Result
from rechat.values import Answer

# So many milliseconds late, nothing that was measured is sure.
_LATE = 10.0


@dataclass(frozen=True, slots=True)
class Cell:
    """What one target answered to one question: its results by take, and their verdicts."""

    results: tuple[Result, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def worst(self) -> Verdict:
        """The gravest of the takes."""
        return max(self.verdicts, key=lambda verdict: verdict.rank)


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the cell of each target, by its name; one that has no cell was not asked."""

    question: Question
    cells: Mapping[str, Cell]

    @property
    def rank(self) -> tuple[int, float]:
        """How much differs, over all targets."""
        return max((cell.worst.rank for cell in self.cells.values()), default=(0, 0.0))


@dataclass(frozen=True, slots=True)
class Column:
    """A target: its name and address, what was measured, how many answers have which verdict, and
    what was not asked of it.
    """

    name: str
    url: str
    measured: Measured
    kinds: Mapping[Kind, int]
    unasked: tuple[Unasked, ...]
    unsaid: Mapping[str, int]
    lag: Spread | None = None
    reached: Reached | None = None

    @property
    def is_late(self) -> bool:
        """Whether the questions could not be sent in time: then the numbers are ours, and not the
        target's.
        """
        lag = self.measured.spreads.get("lag") or self.lag
        return lag is not None and lag.percentiles[99] > _LATE


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `rows` begin with what differs most."""

    run: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unasked: tuple[Unasked, ...]

    @property
    def left_out(self) -> Iterator[str]:
        """What was not asked, or not all of it, and why: a line each."""
        yield from (f"{one.name}: {one.reason}" for one in self.unasked)
        for column in self.columns:
            yield from (f"{column.name}: {one.name}: {one.reason}" for one in column.unasked)
            for what, count in column.unsaid.items():
                yield f"{column.name} cannot be told {what} ({count} questions)"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a target when a report is made."""

    name: str
    url: str
    results: Sequence[Result]
    unasked: tuple[Unasked, ...]
    unsaid: Sequence[str] = ()
    lags: Sequence[float] = ()
    goals: Goals = ()
    warm_up: float = 0.0


def report_of(
    run: str, questions: Iterable[Question], unasked: Iterable[Unasked], told: Sequence[Told]
) -> Report:
    """The report of these results."""
    cells = {one.name: _cells(questions, one.results) for one in told}
    rows = [
        Row(
            question,
            {name: found[question.name] for name, found in cells.items() if question.name in found},
        )
        for question in questions
    ]
    rows.sort(key=lambda row: row.rank, reverse=True)
    return Report(
        run, tuple(_column(one, cells[one.name]) for one in told), tuple(rows), tuple(unasked)
    )


def _cells(questions: Iterable[Question], results: Sequence[Result]) -> dict[str, Cell]:
    by_name: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        by_name.setdefault((result.name, result.key), []).append(result)
    found: dict[str, Cell] = {}
    for question in questions:
        own = sorted(by_name.get((question.name, question.key), ()), key=lambda one: one.take)
        if own:
            verdicts = [_judged(question, one) for one in own]
            found[question.name] = Cell(tuple(own), tuple(verdicts))
    return found


def _judged(question: Question, result: Result) -> Verdict:
    """How a result differs from the recording, and from what is expected of it."""
    verdict = judge(question.recorded, result.answer, result.failure)
    if not isinstance(result.answer, Answer):
        return verdict
    more = [*unmet(question.expected, result.answer)]
    return Verdict((*more, *verdict.findings), verdict.likeness, verdict.longer)


def _column(told: Told, cells: Mapping[str, Cell]) -> Column:
    kinds: Counter[Kind] = Counter(
        verdict.kind for cell in cells.values() for verdict in cell.verdicts
    )
    warm = [one for one in told.results if one.sent >= told.warm_up]
    measured = measure(warm)
    return Column(
        told.name,
        told.url,
        measured,
        {kind: kinds[kind] for kind in KINDS},
        told.unasked,
        Counter(told.unsaid),
        spread(told.lags),
        reached(told.goals, warm, measured.seconds) if told.goals else None,
    )
