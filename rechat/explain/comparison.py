"""Compares two transcripts, in the same words as a request and its recording."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from rechat.explain.difference import Difference
from rechat.explain.difference import differences
from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.matching import steps_of
from rechat.values import Request
from rechat.values import Section

_EVERYTHING = Scheme(None, has_query=True, api="any")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two corresponding sections differ; `first` or `second` is None if a file lacks the
    section.
    """

    first: Section | None
    second: Section | None
    differences: tuple[Difference, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether both sections say the same."""
        return self.first is not None and self.second is not None and not self.differences


def compare(first: Iterable[Section], second: Iterable[Section]) -> Iterator[Comparison]:
    """The sections of two files in pairs: by title, and those without a title by position."""
    rest = list(second)
    left: list[Section] = []
    for section in first:
        found = next((one for one in rest if section.title and one.title == section.title), None)
        if found:
            rest.remove(found)
            yield Comparison(section, found, tuple(_differences(section, found)))
        else:
            left.append(section)
    for ours, theirs in zip_longest(left, rest):
        found_differences = tuple(_differences(ours, theirs)) if ours and theirs else ()
        yield Comparison(ours, theirs, found_differences)


def _differences(first: Section, second: Section) -> list[Difference]:
    """The differences in the settings and in the whole conversation, including the answers."""
    whole = Exchange("", first, steps_of(first), ())
    messages = tuple(step.message for step in steps_of(second))
    asked = Request(second.settings, messages, query=second.options.query, api=second.api)
    return differences(whole, _EVERYTHING, asked)
