"""The parts of a run: what each target is asked under each load, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rechat.resend.asking import Asked
from rechat.resend.asking import ask_in
from rechat.resend.load import Load
from rechat.resend.questions.question import Unasked
from rechat.resend.questions.selection import Selection
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import Result
from rechat.resend.results.run_folder import file_name
from rechat.resend.sending.live import left_out
from rechat.resend.target import Target
from rechat.values import UsageError


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a run that one target has: its questions there, and what cannot be asked."""

    target: Target
    load: Load
    name: str
    asked: tuple[Asked, ...]
    unasked: tuple[Unasked, ...]


def parts_of(
    selection: Selection, targets: Iterable[Target], loads: Sequence[Load] = (Load(),)
) -> list[Part]:
    """What each target is asked under each load. Raises `UsageError` if two of them have one
    name.
    """
    parts: list[Part] = []
    for target in targets:
        found = [ask_in(question, target) for question in selection.questions]
        asked = tuple(one for one in found if isinstance(one, Asked))
        unasked = tuple(one for one in found if isinstance(one, Unasked))
        for load in loads:
            name = f"{target.name} {load.name}" if len(loads) > 1 else target.name
            parts.append(Part(target, load, name, asked, unasked))
    names = [file_name(part.name) for part in parts]
    if twice := {name for name in names if names.count(name) > 1}:
        told = f"two targets are called {twice.pop()}: tell them apart, --to URL:MODEL,name=NAME"
        raise UsageError(told)
    return parts


def unasked_of(part: Part, options: RunOptions, results: Iterable[Result]) -> tuple[Unasked, ...]:
    """What was not asked of a target, and why, by the results that are there."""
    if options.history != "live":
        return part.unasked
    questions = [one.question for one in part.asked]
    takes = range(1, options.takes + 1)
    return (*part.unasked, *left_out(part.target, questions, takes, latest(results)))


def latest(results: Iterable[Result]) -> dict[tuple[str, str, int], Result]:
    """The results by question, its key and its take: what was asked again counts as it came
    last, unless an answer came before.
    """
    found: dict[tuple[str, str, int], Result] = {}
    for result in results:
        place = (result.name, result.key, result.take)
        before = found.get(place)
        if not before or not before.is_answered or result.is_answered:
            found[place] = result
    return found
