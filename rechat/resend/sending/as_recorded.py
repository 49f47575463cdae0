"""Sends questions at their recorded times.

1. The time of a question is when the recorded answer was made: according to its file (`recorded`,
   if that is more precise than a day), or else its API (`created`, or its equivalent). An answer
   without a date has no time, and is not asked: there is nothing to guess it from.
2. Each recorded take was a separate request, and is one here.
3. The first remaining request is sent at once, the others with their recorded delays after it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rechat.resend.asking import Asked
from rechat.resend.questions.question import Unasked
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import Result
from rechat.values import UsageError


@dataclass(frozen=True, slots=True)
class Timed:
    """A question with the time of its request, in seconds since 1970, and the number of its
    take.
    """

    made: float
    asked: Asked
    take: int


def check_for_times(options: RunOptions) -> None:
    """Raises `UsageError` for options that determine in another way when questions are sent."""
    others = {
        "--takes": options.takes > 1,
        "--ramp": options.ramp > 0,
        "--find-limit": options.find_limit,
        "--workers": options.has_workers,
        "--history live": options.history == "live",
    }
    if given := [name for name, is_given in others.items() if is_given]:
        raise UsageError(
            f"--as-recorded asks each question when and as often as it was recorded, with what "
            f"stood above it: leave out {given[0]}"
        )


def timed(asked: Iterable[Asked]) -> list[Timed]:
    """The requests behind these questions that have a time, the earliest first."""
    found = [
        Timed(made, one, take)
        for one in asked
        for take, made in enumerate(one.question.made, 1)
        if made is not None
    ]
    return sorted(found, key=lambda one: one.made)


def untimed(asked: Iterable[Asked]) -> list[Unasked]:
    """The questions that are not asked because they have no time."""
    return [Unasked(one.question.name, told) for one in asked if (told := _lacking(one))]


def _lacking(asked: Asked) -> str:
    times = asked.question.made
    missing = [take for take, made in enumerate(times, 1) if made is None]
    if not missing:
        return ""
    of_it = "the answer does" if len(times) == 1 else f"{len(missing)} of {len(times)} takes do"
    return f"{of_it} not say when it was made (`created`), so it has no time to be asked at"


def left_of(part: Iterable[Asked], done: Mapping[tuple[str, str, int], Result]) -> list[Timed]:
    """The requests that have no answer yet."""
    return [one for one in timed(part) if not _is_answered(one, done)]


def _is_answered(one: Timed, done: Mapping[tuple[str, str, int], Result]) -> bool:
    question = one.asked.question
    found = done.get((question.name, question.key, one.take))
    return found is not None and found.is_answered


def seconds_of(requests: Iterable[Timed], speed: float) -> float:
    """How long it takes to send them all."""
    times = [one.made for one in requests]
    return (max(times) - min(times)) / speed if times else 0.0
