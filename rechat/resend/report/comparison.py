"""Compares two runs: how the answers of the second differ from those of the first.

The results contain all that is compared, so a run may be compared after its transcripts have
changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace

from rechat.resend.judging.verdict import Finding
from rechat.resend.judging.verdict import Verdict
from rechat.resend.judging.verdict import judge
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.report.findings import Cell
from rechat.resend.report.findings import Report
from rechat.resend.report.findings import Row
from rechat.resend.report.findings import Told
from rechat.resend.report.findings import by_question
from rechat.resend.report.findings import column_of
from rechat.resend.report.findings import worst_first
from rechat.resend.results.result import Result
from rechat.values import AnyAnswer
from rechat.values import UsageError

type Place = tuple[str, str]
"""The name of a question and its key: in two runs that share both, the same was asked."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished run, and what is known about its targets."""

    name: str
    told: Sequence[Told]

    @property
    def places(self) -> set[Place]:
        """All questions that were asked."""
        return {(one.name, one.key) for told in self.told for one in told.results}


def comparison_of(
    first: Ran, second: Ran, questions: Iterable[Question] = (), *, forced: bool = False
) -> Report:
    """How the second run differs from the first. `questions` is what is known about those that were
    asked. Raises `UsageError` if the runs asked different questions, unless `forced`: then the ones
    in both are compared.
    """
    left_out = [*_only_in(first, second), *_only_in(second, first)]
    if not first.places & second.places:
        raise UsageError(f"no question was asked in both {first.name} and {second.name}")
    if left_out and not forced:
        raise UsageError(_refusal(first, second))
    columns, cells = [], {}
    for old, new in _pairs(first, second):
        own = cells[new.name] = _cells(old, new)
        reference = column_of(replace(old, name=f"{old.name}, {first.name}"), ())
        columns += [replace(reference, kinds={}), column_of(new, own.values())]
    known = {(one.name, one.key): one for one in questions}
    rows = [_row(place, known.get(place), cells) for place in sorted(first.places & second.places)]
    return Report(second.name, tuple(columns), worst_first(rows), tuple(left_out), first.name)


def _only_in(one: Ran, other: Ran) -> list[Unasked]:
    names = sorted(name for name, _ in one.places - other.places)
    return [Unasked(name, f"it was asked only in {one.name}") for name in names]


def _refusal(first: Ran, second: Ran) -> str:
    shared = len(first.places & second.places)
    only = [
        f"{len(places)} only in {run.name} ({min(places)[0]}{' …' if len(places) > 1 else ''})"
        for run, places in (
            (first, first.places - second.places),
            (second, second.places - first.places),
        )
        if places
    ]
    asked = "1 question was" if shared == 1 else f"{shared} questions were"
    return f"{asked} asked in both runs, {' and '.join(only)}; --force compares those in both"


def _pairs(first: Ran, second: Ran) -> list[tuple[Told, Told]]:
    """Each target of the second run with the one of the same name in the first, or with the only
    one.
    """
    if len(first.told) == 1:
        return [(first.told[0], new) for new in second.told]
    by_name = {one.name: one for one in first.told}
    names = ", ".join(by_name)
    for new in second.told:
        if new.name not in by_name:
            raise UsageError(f"{second.name} asked {new.name}, but {first.name} asked {names}")
    return [(by_name[new.name], new) for new in second.told]


def _cells(old: Told, new: Told) -> dict[Place, Cell]:
    before = by_question(old.results)
    return {
        place: _cell(before[place], results)
        for place, results in by_question(new.results).items()
        if place in before
    }


def _cell(before: Sequence[Result], results: tuple[Result, ...]) -> Cell:
    answers = tuple(one.answer for one in before if one.answer is not None)
    failure = next((one.failure for one in before if one.failure), "")
    return Cell(answers, results, tuple(_judged(answers, failure, one) for one in results))


def _judged(answers: Sequence[AnyAnswer], failure: str, result: Result) -> Verdict:
    if answers or not failure:
        return judge(answers, result.answer, result.failure)
    if result.answer is None:
        return Verdict()
    return Verdict((Finding("finish", f"an answer, and there was none: {failure}"),), 0.0, 0.0)


def _row(place: Place, question: Question | None, cells: Mapping[str, Mapping[Place, Cell]]) -> Row:
    own = {name: found[place] for name, found in cells.items() if place in found}
    name, key = place
    if question:
        return Row(name, key, question.place, question.asked, own)
    return Row(name, key, name, "", own)
