"""The exchanges of a section: each place where a model answered, with everything above it as the
request.
"""

from collections.abc import Iterable, Iterator, KeysView, Sequence
from copy import copy
from dataclasses import dataclass
from dataclasses import replace
from itertools import islice
from typing import Self

from rechat.matching.normalise import Noise
from rechat.matching.normalise import in_force
from rechat.matching.numbering import Numbering
from rechat.matching.numbering import in_call_order
from rechat.matching.scheme import SYSTEM_ROLES
from rechat.matching.scheme import Scheme
from rechat.matching.settings import in_common
from rechat.matching.settings import listed_names
from rechat.values import Answer
from rechat.values import Given
from rechat.values import JsonObject
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
    def choices(self) -> int:
        """How many choices a request must ask for: those that a person wrote for every API; 0 if
        only the settings say so.
        """
        if self.section.api:
            return 0
        said = [reply.answer.choices for reply in self.answered if isinstance(reply.answer, Answer)]
        counts = [len(choices) for choices in said if choices[0].message.role == "assistant"]
        most = max(counts, default=0)
        return most if most > 1 else 0

    def has_choices_for(self, settings: JsonObject) -> bool:
        """Whether it has as many choices as these settings ask for."""
        return not self.choices or settings.get("n", 1) == self.choices

    @property
    def order(self) -> tuple[tuple[str, ...], int]:
        """What decides between equals: path, then line."""
        return order_of(self.path), self.line


def order_of(path: str) -> tuple[str, ...]:
    """What orders files: folder by folder, and by their names without `.md`. So a file comes before
    its copies, whatever makes them (`chat (1).md`, `chat.sync-conflict-….md`).
    """
    return tuple(path.removesuffix(".md").split("/"))


def exchanges_of(path: str, section: Section, known: Sequence[Exchange] = ()) -> Iterator[Exchange]:
    """The exchanges of a section, from the top; `known` are those that it had before there was more
    at its end.
    """
    steps: list[Step] = []
    group: list[int] = []
    if known:
        *before, last = known
        yield from (replace(exchange, section=section) for exchange in before)
        steps, group = [*last.steps], [*last.positions]
    start = group[-1] + 1 if group else 0
    for position, entry in enumerate(islice(section.entries, start, None), start):
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
    *_, last = [None, *exchanges_of("", section)]
    return steps_from(section, last)


def steps_from(section: Section, last: Exchange | None) -> tuple[Step, ...]:
    """The same, if the last exchange is known."""
    said = [*last.steps, *_said(section, last.positions)] if last else []
    start = last.positions[-1] + 1 if last else 0
    return (
        *said,
        *(
            Step((entry.message,), entry.pattern, entry.line)
            for entry in islice(section.entries, start, None)
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


def spelled_steps(scheme: Scheme, exchange: Exchange) -> Iterator[Step]:
    """The steps of an exchange in one spelling."""
    steps = exchange.steps
    spell = scheme.spelling(exchange.section.settings, (step.message for step in steps))
    spelled = (replace(step, messages=spell(step.messages)) for step in steps)
    return in_call_order(spelled, lambda step: step.message)


def scheme_of(section: Section) -> Scheme:
    """What of a request is compared with this section."""
    options = section.options
    rules = in_force(options.normalise)
    if options.match == "exact":
        return Scheme(None, ignore=options.ignore, api=section.api, normalise=rules)
    has_system = any(
        isinstance(entry, Given) and entry.message.role in SYSTEM_ROLES and entry.pattern != "any"
        for entry in section.entries
    )
    settings = section.settings if section.api else in_common(section.settings)
    names = listed_names(settings, options.ignore)
    return Scheme(names, has_system, options.ignore, bool(options.query), section.api, rules)


def keyed(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, Scheme, KeysView[bytes]]]:
    """The exchanges without patterns, each with the digests of the requests that it answers."""
    section: Section | None = None
    for exchange in exchanges:
        if exchange.section is not section:
            section = exchange.section
            follower = Follower(scheme_of(section), section, exchange.steps)
        keys = follower.follow(exchange.steps)
        if not exchange.is_pattern:
            yield exchange, follower.scheme, keys


def keys_of(scheme: Scheme, section: Section, steps: tuple[Step, ...]) -> KeysView[bytes]:
    """The digests of the requests that these steps stand for: one, or one for each way through the
    takes.
    """
    return Follower(scheme, section, steps).follow(steps)


class Follower:
    """Follows the messages of a section from one answer to the next: they are one chain, of which
    no message is followed twice. `opening` are the steps that it begins with, `done` is how many
    were followed. `without_roles` is the digest of the request of an API that knows none, as long
    as system messages are all that it cannot say.
    """

    __slots__ = ("_noise", "_numbering", "_ways", "done", "scheme", "without_roles")

    def __init__(self, scheme: Scheme, section: Section, opening: Iterable[Step]) -> None:
        self.scheme = scheme
        said = [step.message for step in opening]
        start = scheme.start(section.settings, section.options.query, said)
        self._noise = Noise(scheme.normalise, said)
        self._numbering = Numbering(section.settings)
        self._ways: _Ways = {start: (0, -1)}
        has_system = scheme.has_system and not scheme.is_exact and not scheme.api
        self.without_roles = scheme.without_roles(start) if has_system else b""
        self.done = 0

    def follow(self, steps: tuple[Step, ...]) -> KeysView[bytes]:
        """The digests of the requests that these steps stand for, which begin with those that were
        followed before.
        """
        numbered = (self._numbering(step.messages) for step in islice(steps, self.done, None))
        ordered = in_call_order(numbered, lambda messages: messages[0])
        spelled = [self._noise(messages) for messages in ordered]
        self._ways = _follow(self.scheme, self._ways, spelled)
        for message, *_ in spelled if self.without_roles else ():
            self.without_roles = self._step_without_roles(message)
        self.done = len(steps)
        return self._ways.keys()

    def _step_without_roles(self, message: Message) -> bytes:
        if message.role in SYSTEM_ROLES or not self.without_roles:
            return self.without_roles
        return self.scheme.step(self.without_roles, message) if message.role == "user" else b""

    def fork(self) -> Self:
        """Another one that goes on from the same place."""
        other = copy(self)
        other._numbering = copy(self._numbering)  # noqa: SLF001  # a copy of this
        other._noise = self._noise.fork()  # noqa: SLF001  # as above
        return other


def _follow(scheme: Scheme, ways: _Ways, spelled: Iterable[tuple[Message, ...]]) -> _Ways:
    """The ways after more messages, each with its takes; if they get too many, those that change
    least from take to take: a client that got the second answer once got the second one before.
    """
    for messages in spelled:
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
