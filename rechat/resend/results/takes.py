"""Adds the new answers as further takes of their questions, in the transcripts themselves.

1. An answer that says the same as an existing take is not written: printing a run again adds
   nothing.
2. Errors are not takes: nobody wants them served.
3. The question is looked up again in the current file. One that was edited since is a different
   question, and keeps its takes.
4. A file is read once and written once, atomically. If the process ends between two files, the next
   one that prints the run adds what is missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rechat.dialects import portable
from rechat.format import reader
from rechat.format import source
from rechat.format import writer
from rechat.resend.judging.verdict import judge
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import questions_of
from rechat.resend.results.answers import with_recorded_ids
from rechat.resend.results.result import Result
from rechat.store import Rewrite
from rechat.store import Store
from rechat.store import content_of
from rechat.store import put_in_place
from rechat.store import write_new
from rechat.values import AnyAnswer
from rechat.values import Entry
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import reason_of

# How often a file is read again that somebody else has just changed.
_ATTEMPTS = 5

type _Take = tuple[AnyAnswer, str]
"""A new answer, and a note on it for people."""


@dataclass(frozen=True, slots=True)
class Added:
    """How many takes were added, and what could not be added, and why."""

    count: int
    problems: tuple[str, ...]


def add_takes(
    paths: Iterable[str],
    questions: Iterable[Question],
    results: Mapping[str, Sequence[Result]],
    source: str,
) -> Added:
    """Add the answers of `source` to the transcripts at `paths`, in which the questions were
    found.
    """
    roots = [Path(spec.partition("#")[0]) for spec in paths]
    by_file: dict[str, list[Question]] = {}
    for question in questions:
        if question.name in results:
            by_file.setdefault(question.file, []).append(question)
    count, problems = 0, []
    for file, asked in by_file.items():
        path = Path(file)
        root = next((one for one in roots if one == path or one in path.parents), path)
        try:
            added = _add_to(path, root, asked, results, source)
        except FileNotFoundError:
            problems += [f"{one.name}: the file is not there any more" for one in asked]
        except (RechatError, OSError) as error:
            problems.append(f"{file}: {reason_of(error)}")
        else:
            count += added.count
            problems += added.problems
    return Added(count, tuple(problems))


def _add_to(
    path: Path,
    root: Path,
    asked: Sequence[Question],
    results: Mapping[str, Sequence[Result]],
    source: str,
) -> Added:
    """Add to one file. Raises `RechatError` or `OSError` if it cannot be written."""
    for _ in range(_ATTEMPTS):
        before = content_of(path)
        file = _File(path, before)
        for question in asked:
            file.add(question, results[question.name], source)
        if file.is_same or file.put(Store([root]).home):
            return Added(file.count, tuple(file.problems))
    raise RechatError("it keeps changing: nothing was added")


class _File:
    """A file with more takes. They are inserted from its end up, so that places above a change stay
    valid.
    """

    def __init__(self, path: Path, before: bytes) -> None:
        self._path = path
        self._before = before
        self._text = source.decode(before)
        self._stored: dict[str, bytes] = {}
        self._now = self._read()
        self._takes: list[tuple[Question, list[_Take]]] = []
        self.problems: list[str] = []

    @property
    def count(self) -> int:
        """How many takes are added."""
        return sum(len(takes) for _, takes in self._takes)

    @property
    def is_same(self) -> bool:
        """Whether nothing is."""
        return not self._takes

    def add(self, question: Question, results: Iterable[Result], source: str) -> None:
        """Add the answers that are not yet takes of a question."""
        now = self._now.get((question.name, question.key))
        if not now:
            told = "it was changed since it was asked, and is another question now"
            self.problems.append(f"{question.name}: {told}")
        elif takes := [*_new_takes(now, results, source)]:
            self._takes.append((now, takes))

    def put(self, home: Path) -> bool:
        """Write the file; False if somebody else has changed it meanwhile."""
        for now, takes in sorted(self._takes, key=lambda one: -one[0].line):
            self._write(now, takes)
        reader.parse(self._text, self._read_asset)  # what cannot be read is never written
        for link, content in self._stored.items():
            write_new(self._path.parent / link, content)
        after = source.splice(self._before, self._text)
        return put_in_place(home, Rewrite(self._path, self._before, after))

    def _write(self, now: Question, takes: Sequence[_Take]) -> None:
        """Fill the blanks that wait for takes of a question, and append the other takes after the
        last one.
        """
        left = [*takes]
        while left and (blank := _blank_of(now)) is not None:
            self._change(writer.replace(self._text, now.section, blank, *left.pop(0)))
            now = self._read()[now.name, now.key]
        last = now.section.entries[now.positions[-1]]
        assert isinstance(last, Reply)
        if left:
            numbered = enumerate(left, last.take + 1)
            more = [(Reply(answer, take), note) for take, (answer, note) in numbered]
            self._change(writer.insert(self._text, now.section, now.positions[-1], more))

    def _change(self, edit: writer.Edit) -> None:
        self._text = edit.source
        self._stored |= edit.stored

    def _read(self) -> dict[tuple[str, str], Question]:
        """The questions of the text, by name and key. Raises `RechatError` if it cannot be read."""
        sections = reader.parse(self._text, self._read_asset).sections
        found = questions_of(self._path.as_posix(), sections)
        return {(one.name, one.key): one for one in found if isinstance(one, Question)}

    def _read_asset(self, link: str) -> bytes:
        if link in self._stored:
            return self._stored[link]
        return content_of(self._path.parent / link)


def _new_takes(now: Question, results: Iterable[Result], source: str) -> Iterator[_Take]:
    """The answers that are not yet takes of a question."""
    known = [*now.recorded]
    for result in results:
        if not result.is_good or result.answer is None:
            continue
        answer = _answer(now, result)
        if judge(known, answer).kind != "same":
            known.append(answer)
            yield answer, f"{result.ms:.0f} ms · {escape(source)}"


def _answer(question: Question, result: Result) -> AnyAnswer:
    """The answer for the transcript: with all metadata, if it is of the same API."""
    assert result.answer is not None
    is_own = result.api == question.request.api
    answer = result.answer if is_own else portable(result.answer)
    return with_recorded_ids(answer, question.recorded)


def _blank_of(question: Question) -> int | None:
    """The first blank that waits for a take."""
    entries = question.section.entries
    return next((at for at in question.positions if _is_blank(entries[at])), None)


def _is_blank(entry: Entry) -> bool:
    return isinstance(entry, Reply) and entry.answer is None
