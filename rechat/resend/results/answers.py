"""The new answers as transcripts, in a folder beside the recorded ones: answers that say the same
keep their bytes, so that a comparison of the two folders shows only the drift.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rechat.dialects import portable
from rechat.format import reader
from rechat.format import source
from rechat.format import writer
from rechat.resend.judging.verdict import calls_in
from rechat.resend.judging.verdict import ending_of
from rechat.resend.judging.verdict import judge
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import questions_of
from rechat.resend.results.result import Result
from rechat.store import content_of
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Message
from rechat.values import ReadAsset
from rechat.values import Section
from rechat.values import TranscriptError
from rechat.values import reason_of


def write_answers(
    folder: Path, questions: Iterable[Question], results: Mapping[str, Sequence[Result]]
) -> list[str]:
    """Write the transcripts of the questions into a folder, with the recorded answers replaced by
    the new ones. Returns what could not be written.
    """
    problems: list[str] = []
    by_file: dict[str, list[Question]] = {}
    for question in questions:
        by_file.setdefault(question.file, []).append(question)
    for file, asked in by_file.items():
        try:
            problems += _write_file(folder, Path(file), asked, results)
        except (OSError, TranscriptError) as error:  # it was removed or broken meanwhile
            problems.append(f"{file}: {reason_of(error)}")
    return problems


def _write_file(
    folder: Path, path: Path, asked: Iterable[Question], results: Mapping[str, Sequence[Result]]
) -> Iterator[str]:
    target = folder / _inside(path)
    text = source.decode(content_of(path))
    stored: dict[str, bytes] = {}
    sections = _Sections(text, _assets(path, stored))
    same = sections.places(path.as_posix())
    # From the last section up, so that places above a change stay valid.
    for question in sorted(asked, key=lambda one: (-one.section.line, one.line)):
        if (question.name, question.key) not in same:
            yield f"{question.name}: it was changed since it was asked: another question now"
            continue
        try:
            given = results.get(question.name, ())
            text = _with_answers(text, question, given, sections, stored)
        except TranscriptError as error:
            yield f"{question.name}: {error}"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8", newline="")
    for link, content in stored.items():
        (target.parent / link).parent.mkdir(parents=True, exist_ok=True)
        (target.parent / link).write_bytes(content)


def _inside(path: Path) -> Path:
    """A path without components that lead out of a folder."""
    return Path(*(part for part in path.parts if part not in ("..", path.anchor)))


def _with_answers(
    text: str,
    question: Question,
    results: Sequence[Result],
    sections: "_Sections",
    stored: dict[str, bytes],
) -> str:
    """The text with the answers of a question replaced, except for those that say the same."""
    for result, position in zip(results, question.positions, strict=False):
        if result.answer is None or judge(question.recorded, result.answer).kind == "same":
            continue
        section = sections.take(text, question.section.title)
        answer = with_recorded_ids(_bare(portable(result.answer)), question.recorded)
        edit = writer.replace(text, section, position, answer)
        text = edit.source
        stored |= edit.stored
    return text


class _Sections:
    """The sections of a file that is changed from its end up: it is parsed once, and again for each
    further change of the same section.
    """

    def __init__(self, text: str, read_asset: ReadAsset) -> None:
        self._read_asset = read_asset
        self._known = self._read(text)

    def _read(self, text: str) -> dict[str, Section]:
        return {one.title: one for one in reader.parse(text, self._read_asset).sections}

    def places(self, file: str) -> set[tuple[str, str]]:
        """The names and keys of the questions before anything is changed."""
        found = questions_of(file, self._known.values())
        return {(one.name, one.key) for one in found if isinstance(one, Question)}

    def take(self, text: str, title: str) -> Section:
        """A section as it is in the text; it is changed next."""
        if title not in self._known:
            self._known = self._read(text)
        return self._known.pop(title)


def _assets(path: Path, stored: dict[str, bytes]) -> ReadAsset:
    """A reader for linked files, which also copies them."""

    def read(link: str) -> bytes:
        if link not in stored:
            stored[link] = content_of(path.parent / link)
        return stored[link]

    return read


def _bare(answer: AnyAnswer) -> AnyAnswer:
    """The answer without metadata, except for an unusual finish."""
    if not isinstance(answer, Answer):
        return answer
    usual = ending_of(answer) in ("", "stop")
    choices = [replace(one, fields={} if usual else one.fields) for one in answer.choices]
    return Answer(tuple(choices))


def with_recorded_ids(answer: AnyAnswer, recorded: Sequence[AnyAnswer]) -> AnyAnswer:
    """The answer with the ids of the recorded calls, since results below it refer to them."""
    old = next((one for one in recorded if isinstance(one, Answer)), None)
    if not isinstance(answer, Answer) or not old:
        return answer
    pairs = zip(calls_in(answer), calls_in(old), strict=False)
    ids = {new.id: before.id for new, before in pairs if new.id and before.id}
    return replace(
        answer,
        choices=tuple(
            replace(choice, message=_renamed(choice.message, ids)) for choice in answer.choices
        ),
    )


def _renamed(message: Message, ids: Mapping[str, str]) -> Message:
    return message.with_ids(ids) if ids else message
