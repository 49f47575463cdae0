"""The exchanges of a section: each place where a model answered, with everything above it as the
request.
"""

from collections.abc import Callable, Iterable, Iterator, KeysView
from dataclasses import dataclass
from dataclasses import replace

from rechat.matching.numbering import in_call_order
from rechat.matching.scheme import SYSTEM_ROLES
from rechat.matching.scheme import Scheme
from rechat.matching.settings import listed_names
from rechat.values import Given
from rechat.values import Message
from rechat.values import Pattern
from rechat.values import Reply
from rechat.values import Section
from rechat.values import history_of

# Each take in the history is a way to go on; at most this many ways are followed.
_MOST_PATHS = 64

# The ways to one place of a section: each digest, with how often the way changed from one take to
# another and the take that it went by last.
type _Ways = dict[bytes, tuple[int, int]]


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
    """All messages of a section, the last answer too: what a request that goes on begins with."""
    steps: list[Step] = []
    *_, last = [None, *exchanges_of("", section)]
    if last:
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


def spelled_steps(scheme: Scheme, steps: tuple[Step, ...]) -> Iterator[Step]:
    """The steps in one spelling."""
    spell = scheme.spelling(step.message for step in steps)
    spelled = (replace(step, messages=spell(step.messages)) for step in steps)
    return in_call_order(spelled, lambda step: step.message)


def scheme_of(section: Section) -> Scheme:
    """What of a request is compared with this section."""
    options = section.options
    if options.match == "exact":
        return Scheme(None, ignore=options.ignore, api=section.api, normalise=options.normalise)
    has_system = any(
        isinstance(entry, Given) and entry.message.role in SYSTEM_ROLES and entry.pattern != "any"
        for entry in section.entries
    )
    names = listed_names(section.settings, options.ignore)
    return Scheme(
        names, has_system, options.ignore, bool(options.query), section.api, options.normalise
    )


def keyed(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, Scheme, KeysView[bytes]]]:
    """The exchanges without patterns, each with the digests of the requests that it answers.

    One after the other, the exchanges of a section are one chain.
    """
    section: Section | None = None
    done = 0
    for exchange in exchanges:
        if exchange.section is not section:
            section, done = exchange.section, 0
            scheme = scheme_of(section)
            spell = scheme.spelling(step.message for step in exchange.steps)
            ways = _start(scheme, section, exchange.steps)
        ways = _follow(scheme, spell, ways, exchange.steps[done:])
        done = len(exchange.steps)
        if not exchange.is_pattern:
            yield exchange, scheme, ways.keys()


def keys_of(scheme: Scheme, section: Section, steps: tuple[Step, ...]) -> KeysView[bytes]:
    """The digests of the requests that these steps stand for: one, or one for each way through the
    takes.
    """
    spell = scheme.spelling(step.message for step in steps)
    return _follow(scheme, spell, _start(scheme, section, steps), steps).keys()


def _start(scheme: Scheme, section: Section, steps: Iterable[Step]) -> _Ways:
    opening = (step.message for step in steps)
    return {scheme.start(section.settings, section.options.query, opening): (0, -1)}


def _follow(
    scheme: Scheme,
    spell: Callable[[tuple[Message, ...]], tuple[Message, ...]],
    ways: _Ways,
    steps: Iterable[Step],
) -> _Ways:
    """The ways after more steps; if they get too many, those that change least from take to take:
    a client that got the second answer once got the second one before.
    """
    spelled = (spell(step.messages) for step in steps)
    for messages in in_call_order(spelled, lambda messages: messages[0]):
        following: _Ways = {}
        for before, way in ways.items():
            for take, message in enumerate(messages):
                key = scheme.step(before, message)
                longer = _longer(way, take) if len(messages) > 1 else way
                following[key] = min(following.get(key, longer), longer)
        ways = following
        if len(ways) > _MOST_PATHS:
            kept = sorted(ways, key=lambda key: following[key])[:_MOST_PATHS]
            ways = {key: following[key] for key in kept}
    return ways


def _longer(way: tuple[int, int], take: int) -> tuple[int, int]:
    changes, last = way
    return changes + (last not in (-1, take)), take
