"""Recognises the format of a file by its content, whatever its name."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.convert.imports import aimock
from rechat.convert.imports import batch
from rechat.convert.imports import claude_code
from rechat.convert.imports import codex
from rechat.convert.imports import fine_tuning
from rechat.convert.imports import har
from rechat.convert.imports import inspect_log
from rechat.convert.imports import llm_logs
from rechat.convert.imports import vcr
from rechat.values import JsonError
from rechat.values import jsontext

FORMATS = (
    "VCR.py cassettes (also of pytest-recording and cassetter), HAR, OpenAI batch and fine-tuning "
    "JSONL, sessions of Claude Code and Codex, Inspect logs, logs of llm, fixtures of aimock, "
    "mitmproxy dumps"
)
"""What can be read, for people."""

_CASSETTE = re.compile(rb"^(?:interactions|version):", re.MULTILINE)
_TOML_CASSETTE = re.compile(rb"^\[\[interactions\]\]", re.MULTILINE)

type _Read = Callable[[Source, Any], Iterator[Found]]

_DOCUMENTS: tuple[tuple[Callable[[object], bool], _Read], ...] = (
    (vcr.is_cassette, vcr.read),
    (har.is_har, har.read),
    (inspect_log.is_log, inspect_log.read),
)
_ROWS: tuple[tuple[Callable[[object], bool], _Read], ...] = (
    (claude_code.is_row, claude_code.read),
    (codex.is_row, codex.read),
    (fine_tuning.is_row, fine_tuning.read),
)


def read(sources: Iterable[Source]) -> Iterator[Found]:
    """The contents of all files; the two halves of batches are joined at the end."""
    batches = batch.Batches()
    fixtures: dict[str, str] = {}
    for source in sources:
        try:
            yield from _read(source, batches, fixtures)
        except (ValueError, RecursionError) as error:
            yield Left(source.name, str(error))
    yield from batches.joined()


def _read(source: Source, batches: batch.Batches, fixtures: dict[str, str]) -> Iterator[Found]:
    if llm_logs.is_database(source.content):
        yield from llm_logs.read(source)
        return
    start = source.content.lstrip()[:1]
    is_toml = bool(_TOML_CASSETTE.search(source.content))
    if is_toml or start not in (b"{", b"["):
        if is_toml or _CASSETTE.search(source.content):
            document = vcr.parse_toml(source.content) if is_toml else vcr.parse(source.content)
            if vcr.is_cassette(document):
                yield from vcr.read(source, document)
                return
        raise ValueError("its format is not known")
    document, rows = _json(source.content)
    if aimock.is_fixtures(document):
        yield from aimock.read(source, document, fixtures)
        return
    for is_one, reading in _DOCUMENTS:
        if is_one(document):
            yield from reading(source, document)
            return
    if any(map(batch.is_row, rows)):
        batches.add(source, rows)
        return
    for is_one, reading in _ROWS:
        if any(map(is_one, rows)):
            yield from reading(source, rows)
            return
    raise ValueError("its format is not known")


def _json(content: bytes) -> tuple[Any, list[Any]]:
    """The JSON of a whole file, or that of its lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    try:
        document = jsontext.parse(text)
    except JsonError:
        return None, [*_rows(text)]
    return document, [document]


def _rows(text: str) -> Iterator[Any]:
    """The lines that are JSON; the last one of a session may be truncated."""
    for line in text.splitlines():
        try:
            yield jsontext.parse(line) if line.strip() else None
        except JsonError:
            yield None
