"""Which message of a request corresponds to which of a transcript."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rechat.explain.alignment import runs
from rechat.matching import Scheme
from rechat.matching import Step
from rechat.matching import compile_pattern
from rechat.values import Message


@dataclass(frozen=True, slots=True)
class Pair:
    """The numbers of a step and of a message that correspond, or None where one side has no
    counterpart.
    """

    step: int | None
    message: int | None
    is_same: bool = False


def pairs(scheme: Scheme, steps: Sequence[Step], messages: Sequence[Message]) -> Iterator[Pair]:
    """All steps and messages in order, both as the scheme spells them."""
    takes = [[*map(scheme.canonical, step.messages)] for step in steps]
    ours = [first for first, *_ in takes]
    theirs = [scheme.canonical(message) for message in messages]
    for position, step in enumerate(steps[: len(theirs)]):
        if theirs[position] in takes[position] or _stands_for(scheme, step, messages[position]):
            ours[position] = theirs[position]
    for kind, i, j, k, m in runs(ours, theirs):
        paired = min(j - i, m - k)
        for offset in range(paired):
            yield Pair(i + offset, k + offset, kind == "equal")
        yield from (Pair(step, None) for step in range(i + paired, j))
        yield from (Pair(None, message) for message in range(k + paired, m))


def _stands_for(scheme: Scheme, step: Step, message: Message) -> bool:
    """Whether a pattern matches a message."""
    if scheme.role(step.message) != scheme.role(message):
        return False
    if step.pattern == "like":
        return compile_pattern(step.message.text).match(message.text) is not None
    return step.pattern == "any"
