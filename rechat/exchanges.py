"""The exchanges of a section: each place where a model answered, with everything above it as the
request.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rechat.matching import SYSTEM_ROLES, Scheme, meaningful
from rechat.model import Given, Message, Pattern, Reply, Section, history_of

# Where several takes may stand in the history, each is a way to go on; so many ways are followed.
_MOST_PATHS = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a request as a section has it: a choice of messages (a later turn may hold any
    take), or a pattern.
    """

    messages: tuple[Message, ...]
    pattern: Pattern = ""
    line: int = 0

    @property
    def message(self) -> Message:
        """The message, or the first of the takes."""
        return self.messages[0]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answers. `positions` are where the replies stand among the section's
    entries.
    """

    path: str
    section: Section
    steps: tuple[Step, ...]
    positions: tuple[int, ...]

    @property
    def replies(self) -> tuple[Reply, ...]:
        """The takes, in order; a blank one is to be filled."""
        return tuple(
            reply
            for position in self.positions
            if isinstance(reply := self.section.entries[position], Reply)
        )

    @property
    def answered(self) -> tuple[Reply, ...]:
        """The takes that can be served."""
        return tuple(reply for reply in self.replies if reply.answer is not None)

    @property
    def line(self) -> int:
        """Where the first answer stands."""
        return self.replies[0].line

    @property
    def is_pattern(self) -> bool:
        """Whether a message of the request is a pattern."""
        return any(step.pattern for step in self.steps)

    @property
    def order(self) -> tuple[str, int]:
        """What decides between equals: path, then line."""
        return self.path, self.line


def exchanges_of(path: str, section: Section) -> Iterator[Exchange]:
    """The exchanges of a section, from the top."""
    steps: list[Step] = []
    group: list[int] = []
    for position, entry in enumerate(section.entries):
        if isinstance(entry, Reply) and (not group or entry.take > 1):
            group.append(position)
            continue
        if group:
            yield Exchange(path, section, tuple(steps), tuple(group))
            steps += _said(section, group)
            group = []
        match entry:
            case Given(message, pattern, line):
                steps.append(Step((message,), pattern, line))
            case Reply():
                group = [position]
    if group:
        yield Exchange(path, section, tuple(steps), tuple(group))


def steps_of(section: Section) -> tuple[Step, ...]:
    """All messages of a section, the last answer included: what a request that goes on begins with."""
    steps: list[Step] = []
    last: Exchange | None = None
    for last in exchanges_of("", section):
        steps = [*last.steps, *_said(section, last.positions)]
    start = last.positions[-1] + 1 if last else 0
    trailing = section.entries[start:]
    return (
        *steps,
        *(
            Step((entry.message,), entry.pattern, entry.line)
            for entry in trailing
            if isinstance(entry, Given)
        ),
    )


def _said(section: Section, positions: tuple[int, ...] | list[int]) -> list[Step]:
    """What the replies at these positions leave in the conversation."""
    replies = [
        entry for position in positions if isinstance(entry := section.entries[position], Reply)
    ]
    said = [message for reply in replies for message in history_of(reply)]
    return [Step(tuple(said), line=replies[0].line)] if said else []


def scheme_of(section: Section) -> Scheme:
    """What of a request is compared with this section."""
    options = section.options
    if options.match == "exact":
        return Scheme(None, ignore=options.ignore)
    has_system = any(
        isinstance(entry, Given) and entry.message.role in SYSTEM_ROLES and entry.pattern != "any"
        for entry in section.entries
    )
    return Scheme(
        frozenset(meaningful(section.settings, options.ignore)), has_system, options.ignore
    )


def keys_of(scheme: Scheme, section: Section, steps: tuple[Step, ...]) -> set[bytes]:
    """The digests of the requests that these steps stand for: one, or one for each way through the
    takes.
    """
    states = {scheme.start(section.settings, section.options.query)}
    for step in steps:
        following = {scheme.step(state, message) for state in states for message in step.messages}
        states = (
            following if len(following) <= _MOST_PATHS else set(sorted(following)[:_MOST_PATHS])
        )
    return states
