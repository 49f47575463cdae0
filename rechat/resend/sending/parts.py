"""The parts of a run: what each target is asked under each load, and the outcomes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace

from rechat.resend.asking import Asked
from rechat.resend.asking import ask_in
from rechat.resend.load import Load
from rechat.resend.questions.question import Unasked
from rechat.resend.questions.selection import Selection
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import Result
from rechat.resend.results.run_folder import file_name
from rechat.resend.sending.as_recorded import timed
from rechat.resend.sending.as_recorded import untimed
from rechat.resend.sending.live import left_out
from rechat.resend.target import Target
from rechat.values import UsageError


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a run for one target: its questions, and what cannot be asked."""

    target: Target
    load: Load
    name: str
    asked: tuple[Asked, ...]
    unasked: tuple[Unasked, ...]

    def requests(self, takes: int) -> list[Asked]:
        """What is asked, repeated for each take."""
        if self.load.speed:
            return [one.asked for one in timed(self.asked)]
        return [*self.asked] * takes


def parts_of(
    selection: Selection, targets: Iterable[Target], loads: Sequence[Load] = (Load(),)
) -> list[Part]:
    """What each target is asked under each load. Raises `UsageError` for duplicate names."""
    parts: list[Part] = []
    for target in targets:
        found = [ask_in(question, target) for question in selection.questions]
        asked = tuple(one for one in found if isinstance(one, Asked))
        unasked = tuple(one for one in found if isinstance(one, Unasked))
        for load in loads:
            name = f"{target.name} {load.name}" if len(loads) > 1 else target.name
            parts.append(_with_times(Part(target, load, name, asked, unasked)))
    names = [file_name(part.name) for part in parts]
    if twice := {name for name in names if names.count(name) > 1}:
        told = f"two targets are called {twice.pop()}: tell them apart, --to URL:MODEL,name=NAME"
        raise UsageError(told)
    return parts


def _with_times(part: Part) -> Part:
    """The part without the questions that have no time, if they are asked at their recorded
    times.
    """
    if not part.load.speed:
        return part
    asked = {one.asked.question.name: one.asked for one in timed(part.asked)}
    return replace(part, asked=tuple(asked.values()), unasked=(*part.unasked, *untimed(part.asked)))


def unasked_of(part: Part, options: RunOptions, results: Iterable[Result]) -> tuple[Unasked, ...]:
    """What was not asked of a target, and why, according to the stored results."""
    if options.history != "live":
        return part.unasked
    questions = [one.question for one in part.asked]
    takes = range(1, options.takes + 1)
    return (*part.unasked, *left_out(part.target, questions, takes, latest(results)))


def latest(results: Iterable[Result]) -> dict[tuple[str, str, int], Result]:
    """The results by question, its key and its take: of several results for one, the last counts,
    unless an earlier one is an answer.
    """
    found: dict[tuple[str, str, int], Result] = {}
    for result in results:
        place = (result.name, result.key, result.take)
        before = found.get(place)
        if not before or not before.is_answered or result.is_answered:
            found[place] = result
    return found
