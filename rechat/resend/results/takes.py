"""The new answers as further takes of what was asked, in the transcripts themselves.

1. What says the same as a take that is there already is not written: a run that is printed again
   adds nothing.
2. Errors are no takes: nobody wants them served.
3. The question is looked up again in the file as it is now. One that was edited since is another
   one, and keeps its takes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

from rechat.dialects import portable
from rechat.resend.judging.verdict import judge
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import questions_of
from rechat.resend.results.answers import with_recorded_ids
from rechat.resend.results.result import Result
from rechat.store import Recording
from rechat.store import Store
from rechat.store import placement
from rechat.values import AnyAnswer
from rechat.values import Entry
from rechat.values import RechatError
from rechat.values import Reply


@dataclass(frozen=True, slots=True)
class Added:
    """How many takes were added, and what could not be, and why."""

    count: int
    problems: tuple[str, ...]


def add_takes(
    paths: Iterable[str],
    questions: Iterable[Question],
    results: Mapping[str, Sequence[Result]],
    source: str,
) -> Added:
    """Add what `source` answered to the transcripts at `paths`, in which the questions were
    found.
    """
    left = {question.name: question for question in questions if question.name in results}
    count, problems = 0, []
    for path in dict.fromkeys(spec.partition("#")[0] for spec in paths):
        store = Store([Path(path)])
        store.load()
        files = {*store.index.paths}
        for question in [one for one in left.values() if one.file in files]:
            del left[question.name]
            for result in results[question.name]:
                try:
                    count += _added(store, question, result, source)
                except (RechatError, OSError) as error:
                    problems.append(f"{question.name}: {error}")
    problems += [f"{name}: the file is not there any more" for name in left]
    return Added(count, tuple(problems))


def _added(store: Store, question: Question, result: Result, source: str) -> bool:
    """Whether an answer became a take. Raises `RechatError` if it cannot be one."""
    if not result.is_good or result.answer is None:
        return False
    answer = _answer(question, result)
    note = f"{result.ms:.0f} ms · {escape(source)}"
    recording = Recording(question.request, answer, note)
    return store.change(recording, partial(_place, store, question, answer)) is not None


def _answer(question: Question, result: Result) -> AnyAnswer:
    """The answer as the transcript has it: all of it, if it is of the same API."""
    assert result.answer is not None
    is_own = result.api == question.request.api
    answer = result.answer if is_own else portable(result.answer)
    return with_recorded_ids(answer, question.recorded)


def _place(store: Store, question: Question, answer: AnyAnswer) -> placement.Put | None:
    """Behind the last take as the file is now, or where a blank waits; None if a take says it
    already. Raises `RechatError` if the question is not there any more.
    """
    now = next((one for one in _questions(store, question) if one.key == question.key), None)
    if not now:
        raise RechatError("it was changed since it was asked, and is another question now")
    if judge(now.recorded, answer).kind == "same":
        return None
    blanks = [at for at in now.positions if _is_blank(now.section.entries[at])]
    if blanks:
        return placement.Put(now.file, now.section, blanks[0], "in place")
    return placement.Put(now.file, now.section, now.positions[-1], "behind")


def _is_blank(entry: Entry) -> bool:
    return isinstance(entry, Reply) and entry.answer is None


def _questions(store: Store, question: Question) -> Iterator[Question]:
    sections = store.index.sections(question.file)
    same = [one for one in sections if one.title == question.section.title]
    for one in questions_of(question.file, same):
        if isinstance(one, Question):
            yield one
