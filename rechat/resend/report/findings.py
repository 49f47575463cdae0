"""The content of a report, independent of its format: questions as rows, targets as columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from rechat.observe import Prices
from rechat.resend.judging.expectations import not_json
from rechat.resend.judging.expectations import unmet
from rechat.resend.judging.verdict import KINDS
from rechat.resend.judging.verdict import NAMES
from rechat.resend.judging.verdict import Finding
from rechat.resend.judging.verdict import Kind
from rechat.resend.judging.verdict import Verdict
from rechat.resend.judging.verdict import calls_in
from rechat.resend.judging.verdict import judge
from rechat.resend.judging.verdict import words_in
from rechat.resend.load import Goals
from rechat.resend.load import Measured
from rechat.resend.load import Reached
from rechat.resend.load import Spread
from rechat.resend.load import measure
from rechat.resend.load import reached
from rechat.resend.load import spread
from rechat.resend.questions.common import wanted_schema
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.results.result import Result
from rechat.resend.results.spending import cost_of_results
from rechat.values import Answer
from rechat.values import AnyAnswer

# If questions were sent this many milliseconds late, the measurements are unreliable.
_LATE = 10.0
_SHORT = 70


@dataclass(frozen=True, slots=True)
class Cell:
    """One target's answers to one question: its results by take, their verdicts, and the answers
    that they are compared with.
    """

    before: tuple[AnyAnswer, ...]
    results: tuple[Result, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def worst(self) -> Verdict:
        """The most serious verdict of the takes."""
        return max(self.verdicts, key=lambda verdict: verdict.rank)

    @property
    def how_many(self) -> str:
        """In how many of the takes that is the verdict, if not in all of them."""
        total, worst = len(self.verdicts), self.worst.kind
        count = sum(verdict.kind == worst for verdict in self.verdicts)
        return "" if count == total else f", {count} of {total} takes"


@dataclass(frozen=True, slots=True)
class Row:
    """A question (`asked` is its last message, `place` where its answer is) and the cell of each
    target, by name; one without a cell was not asked.
    """

    name: str
    key: str
    place: str
    asked: str
    cells: Mapping[str, Cell]

    @property
    def first_words(self) -> str:
        """The question, in a short line."""
        line = " ".join(self.asked.split())
        return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"

    @property
    def rank(self) -> tuple[int, float]:
        """How much differs, over all targets."""
        return max((cell.worst.rank for cell in self.cells.values()), default=(0, 0.0))


@dataclass(frozen=True, slots=True)
class Column:
    """A target: its name and address, its measurements, how many answers have which verdict, and
    what was not asked of it. One without `kinds` is there only for its measurements. Columns of one
    `target` are different loads. `lost` counts the questions that were asked again because a worker
    had ended with them.
    """

    name: str
    url: str
    measured: Measured
    kinds: Mapping[Kind, int]
    unasked: tuple[Unasked, ...] = ()
    unsaid: Mapping[str, int] = field(default_factory=dict)
    lag: Spread | None = None
    reached: Reached | None = None
    cost: float | None = None
    target: str = ""
    lost: int = 0

    @property
    def drift(self) -> str:
        """How many of its answers differ, and how, the most serious first."""
        total, same = sum(self.kinds.values()), self.kinds["same"]
        if total == same:
            return f"all {total} answers are the same" if total else "nothing was answered"
        what = [
            f"{NAMES[kind]} ({count})"
            for kind in reversed(KINDS)
            if kind != "same" and (count := self.kinds[kind])
        ]
        return f"{total - same} of {total} answers differ: {', '.join(what)}"

    @property
    def is_late(self) -> bool:
        """Whether the questions could not be sent in time: then the measurements are those of this
        process, not of the target.
        """
        lag = self.measured.spreads.get("lag") or self.lag
        return lag is not None and lag.percentiles[99] > _LATE


@dataclass(frozen=True, slots=True)
class Report:
    """The report of the run `run`. `rows` begin with those that differ most; `before` names the
    answers that are compared with; `limits` says under which load each target still meets the
    goals.
    """

    run: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unasked: tuple[Unasked, ...]
    before: str = "recorded"
    limits: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its heading."""
        if self.before == "recorded":
            return f"Asked again: {self.run}"
        return f"Compared: {self.run} with {self.before}"

    @property
    def opening(self) -> str:
        """What was asked, and what is compared."""
        asked = [row for row in self.rows if row.cells]
        what = f"{len(asked)} question{'' if len(asked) == 1 else 's'}"
        who = self.columns[0].name if len(self.columns) == 1 else "each target"
        most = max((len(one.verdicts) for row in asked for one in row.cells.values()), default=1)
        takes = f" Each was asked up to {most} times: its answers are takes." if most > 1 else ""
        return self._what_is_compared(what, who) + takes

    def _what_is_compared(self, what: str, who: str) -> str:
        if self.before != "recorded":
            return f"{what}: what {self.run} answered (now) beside {self.before} (before)."
        return (
            f"{what} asked again: what {who} answered now beside what is recorded (before). "
            "Answers differ if their words, calls or ends do."
        )

    @property
    def compared(self) -> tuple[Column, ...]:
        """The targets whose answers were compared."""
        return tuple(column for column in self.columns if column.kinds)

    @property
    def left_out(self) -> Iterator[str]:
        """What was not asked, in whole or in part, and why: a line each."""
        yield from (f"{one.name}: {one.reason}" for one in self.unasked)
        for column in self.columns:
            yield from (f"{column.name}: {one.name}: {one.reason}" for one in column.unasked)
            for what, count in column.unsaid.items():
                yield f"{column.name} cannot be told {what} ({count} questions)"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known about a target when a report is made."""

    name: str
    url: str
    results: Sequence[Result]
    unasked: tuple[Unasked, ...]
    unsaid: Sequence[str] = ()
    lags: Sequence[float] = ()
    goals: Goals = ()
    warm_up: float = 0.0
    prices: Prices = field(default_factory=dict)
    target: str = ""


def report_of(
    run: str, questions: Iterable[Question], unasked: Iterable[Unasked], told: Sequence[Told]
) -> Report:
    """The report of these results."""
    cells = {one.name: _cells(questions, one.results) for one in told}
    rows = [
        Row(
            question.name,
            question.key,
            question.place,
            question.asked,
            {name: found[question.name] for name, found in cells.items() if question.name in found},
        )
        for question in questions
    ]
    columns = [column_of(one, cells[one.name].values()) for one in told]
    return Report(run, tuple(columns), worst_first(rows), tuple(unasked))


def worst_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, those that differ most first."""
    return tuple(sorted(rows, key=lambda row: row.rank, reverse=True))


def by_question(results: Iterable[Result]) -> dict[tuple[str, str], tuple[Result, ...]]:
    """The results of each question, by its name and key: their takes in order."""
    found: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        found.setdefault((result.name, result.key), []).append(result)
    return {place: tuple(sorted(takes, key=lambda one: one.take)) for place, takes in found.items()}


def column_of(told: Told, cells: Iterable[Cell]) -> Column:
    """The column of a target, with the number of answers in these cells by verdict."""
    kinds: Counter[Kind] = Counter(verdict.kind for cell in cells for verdict in cell.verdicts)
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
        cost_of_results(told.results, told.prices),
        told.target or told.name,
        sum(one.lost for one in told.results),
    )


def _cells(questions: Iterable[Question], results: Sequence[Result]) -> dict[str, Cell]:
    answered = by_question(results)
    found: dict[str, Cell] = {}
    for question in questions:
        if own := answered.get((question.name, question.key)):
            found[question.name] = Cell(question.recorded, own, _verdicts(question, own))
    return found


def _verdicts(question: Question, results: Iterable[Result]) -> tuple[Verdict, ...]:
    """How each result differs. Under a load the same answer appears again and again: it is judged
    once.
    """
    known: dict[str, Verdict] = {}
    found = []
    for one in results:
        said = repr((one.answer, one.failure))
        if said not in known:
            known[said] = _judged(question, one)
        found.append(known[said])
    return tuple(found)


def _judged(question: Question, result: Result) -> Verdict:
    """How a result differs from the recording, and from its expectations."""
    verdict = judge(question.recorded, result.answer, result.failure)
    if not isinstance(result.answer, Answer):
        return verdict
    more = [*unmet(question.expected, result.answer), *_not_as_asked(question, result.answer)]
    return replace(verdict, findings=(*more, *verdict.findings))


def _not_as_asked(question: Question, answer: Answer) -> Iterator[Finding]:
    """Whether an answer breaks the schema that the request asks for, although the recorded one does
    not. An answer that calls a tool is not the final answer, and does not count.
    """
    schema = wanted_schema(question.request)
    if schema is None or calls_in(answer):
        return
    recorded = [one for one in question.recorded if isinstance(one, Answer)]
    was_kept = any(not_json(words_in(one), schema) is None for one in recorded)
    if was_kept and (problem := not_json(words_in(answer), schema)):
        yield Finding("schema", f"not as its response_format says: {problem}")
