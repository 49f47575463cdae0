"""`rechat lint`: what is wrong with transcripts, and what may not be meant."""

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import typer

from rechat.cli.read import load
from rechat.format import source
from rechat.store import Finding
from rechat.store import lint as findings_of
from rechat.store import misnamed_in
from rechat.values import jsontext


def lint(path: list[Path], *, as_json: bool, strict: bool) -> None:
    """Print the findings; exit with 1 if there are errors or, if `strict`, warnings."""
    store = load(path, is_strict=False)
    broken = [
        Finding(problem.path, problem.line, "error", problem.message, problem.code)
        for problem in store.problems.values()
    ]
    sources = {name: source.decode(Path(name).read_bytes()) for name in store.index.paths}
    misnamed = [
        Finding(str(name), 1, "warning", f"this file is not read: rename it to {name.stem}.md")
        for root in path
        for name in (misnamed_in(root) if root.is_dir() else ())
    ]
    found = sorted([*broken, *misnamed, *findings_of(store.index, sources)])
    if as_json:
        rows = [asdict(item) for item in found]
        print(jsontext.dump(rows, jsontext.INDENTED))  # noqa: T201
    else:
        for item in found:
            print(item)  # noqa: T201
    levels = Counter[str](item.level for item in found)
    if not as_json:
        print(_summary(len(store.files()), levels), file=sys.stderr)  # noqa: T201
    if levels["error"] or (strict and levels["warning"]):
        raise typer.Exit(1)


def _summary(files: int, levels: Counter[str]) -> str:
    """How many findings of each level there are."""
    counts = [
        _count(levels[level], level)
        for level in ("error", "warning", "notice")
        if levels[level] or level != "notice"
    ]
    return f"{_count(files, 'file')}: {', '.join(counts)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
