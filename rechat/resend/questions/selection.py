"""Selects the questions to ask: those of some transcripts that match a filter, in a certain
order.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rechat.format import source
from rechat.observe import JournalEntry
from rechat.observe import search
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.questions.question import questions_of
from rechat.store import Store
from rechat.store import content_of
from rechat.values import UsageError


@dataclass(frozen=True, slots=True)
class Selection:
    """The questions of a run, and the places that are not asked."""

    questions: tuple[Question, ...]
    unasked: tuple[Unasked, ...]


def select(
    paths: Iterable[str], only: str = "", limit: int | None = None, seed: int | None = None
) -> Selection:
    """The questions of `PATH[#SECTION]…`: those that match the filter `only`, at most `limit`, and
    with a `seed` in a random order. Raises `UsageError` for a path that cannot be read.
    """
    found: list[Question | Unasked] = []
    for spec in paths:
        found += _questions(spec)
    terms = search.parse(only)
    questions = [
        one
        for one in {one.name: one for one in found if isinstance(one, Question)}.values()
        if search.matches(terms, _entry(one))
    ]
    if seed is not None:
        random.Random(seed).shuffle(questions)  # noqa: S311  # not for secrets
    unasked = tuple(one for one in found if isinstance(one, Unasked))
    return Selection(tuple(islice(questions, limit)), unasked)


def _questions(spec: str) -> Iterator[Question | Unasked]:
    name, _, title = spec.partition("#")
    path = Path(name)
    store = Store([path])
    store.load()
    for problem in store.problems.values():
        yield Unasked(f"{problem.path}:{problem.line}", problem.message)
    sections = 0
    for file in store.index.paths:
        chosen = [one for one in store.index.sections(file) if title in ("", one.title)]
        sections += len(chosen)
        text = source.decode(content_of(Path(file)))
        yield from questions_of(file, chosen, text)
    if title and not sections:
        raise UsageError(f"{name} has no section {title!r}")


def _entry(question: Question) -> JournalEntry:
    """The question as the filter language sees it."""
    return JournalEntry(
        "hit",
        question.request.api,
        question.request,
        next(iter(question.recorded), None),
        question.place,
    )
