"""`rechat export`: transcripts in the formats of other tools."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import typer

from rechat.cli.settings import redact_own
from rechat.convert import FORMS
from rechat.convert import Form
from rechat.convert import Record
from rechat.convert import created
from rechat.convert import url_of
from rechat.dialects import portable
from rechat.observe import JournalEntry
from rechat.observe import Logged
from rechat.resend import Question
from rechat.resend import Target
from rechat.resend import Unasked
from rechat.resend import ask_in
from rechat.resend import select
from rechat.store import make_folder
from rechat.store import write_atomic
from rechat.values import Answer
from rechat.values import Fault
from rechat.values import Given
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import Section
from rechat.values import UsageError
from rechat.values import disk_reason
from rechat.values import jsontext

HTML = "html"
"""The one format that is made here, as the page shows it."""

_NO_MODEL = "MODEL"
# A batch may contain more than chats: requests in OpenAI's other APIs stay as they are.
_OWN = ("openai.chat", "openai.responses", "openai.completions")


def export(name: str, paths: list[str], output: Path | None, *, as_json: bool = False) -> None:
    """Print the questions in transcripts in a format, or write them to a file; what the format
    cannot express is listed. Exits with 1 if nothing can be exported.
    """
    if name not in FORMS and name != HTML:
        raise UsageError(f"{name} is no format: expected {', '.join(FORMS)}, {HTML}")
    if as_json and not output:
        raise UsageError("--json lists what was written: name the file with -o")
    form = FORMS.get(name) or Form(_page)
    redact_own()
    found = select(paths)
    left = [*found.unasked]
    records: list[Record] = []
    for question in found.questions:
        try:
            records.append(_record(question, form, name))
        except RechatError as error:
            left.append(Unasked(question.name, str(error)))
    text = form.write(records)
    if output:
        _write(output, text)
    else:
        typer.echo(text, nl=False)
    if as_json:
        reasons = [{"place": one.name, "reason": one.reason} for one in left]
        told = {"output": str(output), "exported": len(records), "left": reasons}
        typer.echo(jsontext.dump(told, jsontext.INDENTED))
    else:
        _print_summary(len(records), left)
    if not records:
        raise typer.Exit(1)


def _page(records: Sequence[Record]) -> str:
    """A page with the questions and answers, newest first as always."""
    # It renders Markdown, which the other formats need not import.
    from rechat.web import page_of  # noqa: PLC0415

    logged = [
        Logged(number, created(record.answer).timestamp(), _entry(record), 0.0)
        for number, record in enumerate(reversed(records), 1)
    ]
    return page_of(logged).decode()


def _entry(record: Record) -> JournalEntry:
    place, request = record.name, record.request
    return JournalEntry("hit", url_of(request), request, record.answer, place)


def _print_summary(count: int, left: list[Unasked]) -> None:
    for one in left:
        typer.echo(f"left out: {one.name}: {one.reason}", err=True)
    typer.echo(f"{count} exported, {len(left)} left out", err=True)


def _write(output: Path, text: str) -> None:
    try:
        make_folder(output.parent)
        write_atomic(output, text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {disk_reason(error)}") from None


def _record(question: Question, form: Form, name: str) -> Record:
    """The question in the API of the format. Raises `RechatError` if it cannot be asked there."""
    request = question.request
    is_own = name.startswith("batch") and request.api in _OWN
    api = request.api if is_own or not form.api else form.api
    answer = question.recorded[0]
    if form.holds and isinstance(answer, Fault):
        raise RechatError("its answer is a broken connection")
    if form.holds == "words" and not isinstance(answer, Answer):
        raise RechatError("its answer is an error")
    if api != request.api:
        request, answer = _in_api(question, api), portable(answer)
    title = question.section.title
    return Record(
        question.name,
        f"{question.file}#{title}",
        request,
        answer,
        question.turn == question.turns,
        frozenset(_given(question.section)),
    )


def _in_api(question: Question, api: str) -> Request:
    target = Target("https", "localhost", 443, api=api, model=question.request.model or _NO_MODEL)
    asked = ask_in(question, target)
    if isinstance(asked, Unasked):
        raise RechatError(asked.reason)
    return replace(asked.request, stream=False, include_usage=False)


def _given(section: Section) -> Iterator[int]:
    """Which of the model's messages, counted from 0, are given."""
    said = [
        isinstance(entry, Given)
        for entry in section.entries
        if (entry.message.role == "assistant" if isinstance(entry, Given) else entry.take == 1)
    ]
    return (number for number, is_given in enumerate(said) if is_given)
