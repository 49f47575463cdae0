"""The reading commands `show` and `find`. None of them needs mitmproxy."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import batched
from itertools import groupby
from pathlib import Path
from typing import Any

import typer
from rich.console import Console as Terminal
from rich.console import Group
from rich.table import Table

from rechat.cli.settings import normalise_own
from rechat.cli.settings import redact_own
from rechat.dialects import request_of_body
from rechat.format import meaning
from rechat.index import Hit
from rechat.index import Index
from rechat.index import Miss
from rechat.index import found_as_json
from rechat.observe import differences_view
from rechat.observe import said
from rechat.observe import screen
from rechat.observe import transcript_view
from rechat.observe import visible
from rechat.store import Store
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Entry
from rechat.values import Given
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import UsageError
from rechat.values import jsontext

# The minimum width in columns of a take that is shown beside others.
_TAKE_WIDTH = 40


def show(path: list[str], *, as_json: bool) -> None:
    """Print the conversations of transcripts, or of `PATH#SECTION`."""
    terminal = screen()
    shown: list[dict[str, Any]] = []
    for spec in path:
        name, _, title = spec.partition("#")
        store = load([Path(name)])
        for file in store.index.paths:
            sections = [
                section for section in store.index.sections(file) if title in ("", section.title)
            ]
            if not sections and title:
                raise UsageError(f"{name} has no section {title!r}")
            for section in sections:
                if as_json:
                    shown.append({"path": file, **meaning.section_as_json(section)})
                else:
                    _print_section(terminal, file, section)
    if as_json:
        print(jsontext.dump(shown, jsontext.INDENTED))  # noqa: T201


def _print_section(terminal: Terminal, file: str, section: Section) -> None:
    if section.title:
        terminal.print(f"## {visible(section.title)}", style="bold")
    for key, value in section.settings.items():
        terminal.print(
            f"{visible(key)}: {visible(jsontext.dump(value))}", style="dim", soft_wrap=True
        )
    for is_answer, entries in groupby(section.entries, lambda entry: isinstance(entry, Reply)):
        views = [transcript_view(Path(file), _messages(entry)) for entry in entries]
        if is_answer:
            _print_takes(terminal, views)
        else:
            terminal.print(*views, sep="\n")


def _print_takes(terminal: Terminal, takes: list[Group]) -> None:
    """The takes of an answer side by side, as many as there is room for; one below the other if
    there is none, and for programs.
    """
    room = terminal.width // _TAKE_WIDTH if terminal.is_terminal else 1
    for some in batched(takes, max(1, min(room, len(takes)))):
        if len(some) == 1:
            terminal.print(*some)
            continue
        grid = Table.grid(padding=(0, 3, 0, 0), expand=True)
        for _ in some:
            grid.add_column(ratio=1)
        grid.add_row(*some)
        terminal.print(grid)


def _messages(entry: Entry) -> Iterator[tuple[int, Message, JsonObject]]:
    """The messages of an entry with their line, and the fields around an answer with its first
    choice.
    """
    match entry:
        case Given(message, _, line):
            yield line, message, {}
        case Reply(Answer(choices, fields), _, line):
            for number, choice in enumerate(choices):
                yield line, choice.message, choice.fields | ({} if number else fields)
        case Reply(answer, _, line):
            for message in said(answer):
                yield line, message, {}


def find(query: str, path: list[Path], *, as_json: bool, explain: bool) -> None:
    """Print which transcript answers a request, or the nearest one and, if asked to explain, all
    differences; exit with 1 if none does.
    """
    index = load(path).index
    request = request_of(query)
    found = index.find(request)
    if _is_text(query) and isinstance(found, Miss) and found.nearest:
        request, found = _with_its_settings(index, request, found, found.nearest.exchange.section)
    hits = index.candidates(request)
    if as_json:
        print(jsontext.dump(found_as_json(hits, found), jsontext.INDENTED))  # noqa: T201
    else:
        terminal = screen()
        _print_found(terminal, hits, found)
        if explain and isinstance(found, Miss) and found.nearest:
            near = found.nearest
            sides = f"transcript {near.place}", "request"
            terminal.print(differences_view(near.differences, sides), soft_wrap=True)
    if isinstance(found, Miss):
        raise typer.Exit(1)


def _with_its_settings(
    index: Index, request: Request, miss: Miss, section: Section
) -> tuple[Request, Hit | Miss]:
    """The same words with the settings of the nearest transcript, if that answers them so: who
    types a question seldom types a model.
    """
    asked = replace(request, settings=section.settings, api=section.api or request.api)
    found = index.find(asked)
    if isinstance(found, Miss):
        return request, miss
    names = ", ".join(section.settings)
    print(visible(f"rechat: with the settings of the transcript: {names}"), file=sys.stderr)  # noqa: T201
    return asked, found


def request_of(query: str) -> Request:
    """The request in a file, on standard input (`-`), or of one message with this text."""
    if query == "-":
        return _of_body(sys.stdin.buffer.read())
    if _is_text(query):
        return Request({}, (Message("user", query),))
    if query.lstrip()[:1] in ("{", "["):
        return _of_body(query.encode())
    try:
        return _of_body(Path(query).read_bytes())
    except OSError as error:
        raise UsageError(f"{query}: {error.strerror}") from None


def _is_text(query: str) -> bool:
    """Whether a query is the text of a message."""
    return query != "-" and query.lstrip()[:1] not in ("{", "[") and not query.endswith(".json")


def _of_body(body: bytes) -> Request:
    try:
        return request_of_body(body)
    except BodyError as error:
        raise UsageError(str(error)) from None


def _print_found(terminal: Terminal, hits: list[Hit], found: Hit | Miss) -> None:
    for hit in hits:
        state = "" if hit.exchange.answered else " (empty)"
        terminal.print(f"{hit.place}  {hit.rule}{state}", soft_wrap=True)
    if isinstance(found, Hit):
        return
    terminal.print(visible(f"no transcript answers this: {found.reason}"), soft_wrap=True)


def load(paths: list[Path], *, is_strict: bool = True) -> Store:
    """The store of some paths. If `is_strict`, a file that is named directly and cannot be read is
    an error.
    """
    redact_own()
    normalise_own()
    store = Store(paths)
    store.load()
    if is_strict:
        for problem in store.problems.values():
            if Path(problem.path) in paths:
                raise UsageError(str(problem))
            print(problem, file=sys.stderr)  # noqa: T201
    return store
