"""`rechat diff`: how two transcripts, two sections or two folders differ."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from rich.console import Console as Terminal
from rich.text import Text

from rechat.explain import Comparison
from rechat.explain import compare
from rechat.observe import differences_view
from rechat.observe import screen
from rechat.observe import visible
from rechat.store import Store
from rechat.values import Section
from rechat.values import UsageError
from rechat.values import jsontext


def diff(first: str, second: str, *, as_json: bool) -> None:
    """Print the differences; exit with 1 if there are any."""
    found = list(_compare(first, second))
    changed = [(name, one) for name, one in found if not one.is_same]
    if as_json:
        rows = [_json(name, one) for name, one in changed]
        print(jsontext.dump(rows, jsontext.INDENTED))  # noqa: T201
    else:
        terminal = screen()
        for name, one in changed:
            _print(terminal, name, one, (first, second))
    if changed:
        raise typer.Exit(1)


def _compare(first: str, second: str) -> Iterator[tuple[str, Comparison]]:
    ours, theirs = _sections(first), _sections(second)
    are_files = len(ours) == len(theirs) == 1 and not (
        Path(first).is_dir() or Path(second).is_dir()
    )
    if are_files:
        ours, theirs = ({"": sections} for sections in (*ours.values(), *theirs.values()))
    for name in sorted({**ours, **theirs}):
        for one in compare(ours.get(name, ()), theirs.get(name, ())):
            yield name, one


def _sections(spec: str) -> dict[str, tuple[Section, ...]]:
    """The sections by file name, relative to the given folder."""
    name, _, title = spec.partition("#")
    path = Path(name)
    store = Store([path])
    store.load()
    for problem in store.problems.values():
        raise UsageError(str(problem))
    found = {
        file: tuple(one for one in store.index.sections(file) if title in ("", one.title))
        for file in store.index.paths
    }
    if title and not any(found.values()):
        raise UsageError(f"{name} has no section {title!r}")
    if not path.is_dir():
        return found
    return {Path(file).relative_to(path).as_posix(): sections for file, sections in found.items()}


def _title(name: str, one: Comparison) -> str:
    section = one.first or one.second
    title = f"#{section.title}" if section and section.title else ""
    return f"{name}{title}" or "the transcripts"


def _only(one: Comparison, specs: tuple[str, str]) -> str:
    """Which side has a section that the other lacks; empty if both have it."""
    if one.first and one.second:
        return ""
    return specs[0] if one.first else specs[1]


def _print(terminal: Terminal, name: str, one: Comparison, specs: tuple[str, str]) -> None:
    only = _only(one, specs)
    if only:
        terminal.print(f"{visible(_title(name, one))} is only in {visible(only)}", soft_wrap=True)
        return
    terminal.print(Text(visible(_title(name, one)), style="bold"), soft_wrap=True)
    terminal.print(differences_view(one.differences, specs), soft_wrap=True)


def _json(name: str, one: Comparison) -> dict[str, Any]:
    return {
        "file": name,
        "section": (one.first or one.second).title,  # type: ignore[union-attr]
        "first": one.first.line if one.first else None,
        "second": one.second.line if one.second else None,
        "differences": [
            {"reason": found.reason, "first": found.recorded, "second": found.asked}
            for found in one.differences
        ],
    }
