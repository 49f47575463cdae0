"""Requests held against an exchange with patterns (`like`, `any`), message by message. No key finds
these.
"""

import re
from dataclasses import dataclass

from rechat.matching import wildcards
from rechat.matching.exchanges import Exchange
from rechat.matching.exchanges import Step
from rechat.matching.exchanges import scheme_of
from rechat.matching.exchanges import spelled_steps
from rechat.matching.scheme import SYSTEM_ROLES
from rechat.matching.scheme import Scheme
from rechat.matching.settings import meaningful
from rechat.matching.settings import spelled_query
from rechat.values import Message
from rechat.values import Request
from rechat.values import Text
from rechat.values import canonical


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A hand-written text that stands for many. `literals` counts the characters that are meant as
    they are.
    """

    tokens: tuple[wildcards.Token, ...]
    literals: int
    names: tuple[str, ...]

    def match(self, text: str) -> dict[str, str] | None:
        """What the holes caught; None if the text does not match."""
        return wildcards.match(self.tokens, text)


def compile_pattern(text: str) -> TextPattern:
    """The pattern that a text after `### user, like` describes."""
    tokens = wildcards.tokens_of(text)
    literals = sum(len(token) for token in tokens if isinstance(token, str))
    return TextPattern(tokens, literals, tuple(dict.fromkeys(wildcards.names_of(tokens))))


def fill(text: str, holes: dict[str, str]) -> str:
    """The text with `{{name}}` replaced by what the request had there; names that were not caught
    stay.
    """
    return (
        re.sub(r"\{\{(\w+)\}\}", lambda hole: holes.get(hole[1], hole[0]), text) if holes else text
    )


def patterns_of(exchange: Exchange) -> list[TextPattern | None]:
    """The pattern of each message that has one, in the order of the spelled steps."""
    return [
        compile_pattern(step.message.text) if step.pattern == "like" else None
        for step in spelled_steps(scheme_of(exchange.section), exchange)
    ]


def match_patterns(
    exchange: Exchange, patterns: list[TextPattern | None], request: Request
) -> dict[str, str] | None:
    """What the holes caught, if a request matches an exchange with patterns."""
    scheme = scheme_of(exchange.section).heard_from(request)
    if not scheme.takes(request) or not _same_settings(exchange, scheme, request):
        return None
    steps = [
        (step, pattern)
        for step, pattern in zip(spelled_steps(scheme, exchange), patterns, strict=True)
        if scheme.counts(step.message) and not _is_free(step)
    ]
    free = {scheme.role(step.message) for step in exchange.steps if _is_free(step)}
    free -= {scheme.role(step.message) for step, _ in steps}
    if "input" in free and all(message.role != "input" for message in request.messages):
        return None
    messages = [
        message
        for message in scheme.spelled(request)
        if scheme.counts(message) and scheme.role(message) not in free
    ]
    if len(steps) != len(messages):
        return None
    holes: dict[str, str] = {}
    for (step, pattern), message in zip(steps, messages, strict=True):
        caught = _match_step(scheme, step, pattern, message)
        if caught is None or any(holes.get(name, text) != text for name, text in caught.items()):
            return None
        holes |= caught
    return holes


def _is_free(step: Step) -> bool:
    """Whether this is `### system, any`, which stands for none too, or `### input, any`, which
    stands for as many as there are.
    """
    return step.pattern == "any" and step.message.role in (*SYSTEM_ROLES, "input")


def _same_settings(exchange: Exchange, scheme: Scheme, request: Request) -> bool:
    if scheme.counts_query and spelled_query(exchange.section.options.query) != spelled_query(
        request.query
    ):
        return False
    ours, theirs = (
        scheme.worded(meaningful(settings, scheme.ignore))
        for settings in (exchange.section.settings, scheme.settings_of(request))
    )
    names = ours.keys() | theirs.keys() if scheme.names is None else scheme.names
    return all(canonical(ours.get(name)) == canonical(theirs.get(name)) for name in names)


def _match_step(
    scheme: Scheme, step: Step, pattern: TextPattern | None, theirs: Message
) -> dict[str, str] | None:
    if scheme.role(step.message) != scheme.role(theirs):
        return None
    if pattern:
        plain = all(isinstance(part, Text) for part in theirs.parts)
        return pattern.match(theirs.text) if plain else None
    if step.pattern == "any" or scheme.canonical(theirs) in map(scheme.canonical, step.messages):
        return {}
    return None
