"""`rechat lint`: what is wrong with transcripts, and what may not be meant."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import typer

from rechat.cli.folder.findings import printed
from rechat.cli.folder.fmt import write_all
from rechat.cli.settings import own_rules
from rechat.store import NOT_CHECKED_OUT
from rechat.store import Finding
from rechat.store import assets_in
from rechat.store import content_of
from rechat.store import lint_files
from rechat.store import misnamed_in
from rechat.store import missing_submodules_in
from rechat.values import assets

_REPAIRED = (
    "git or an editor changed the line ends of this file; it is read as it was stored. "
    "`rechat init` writes a .gitattributes that keeps git from it: then check the file out again"
)


def lint(path: list[Path], *, form: str, strict: bool, fix: bool) -> None:
    """Print the findings in a form; exit with 1 if there are errors or, if `strict`, warnings. If
    `fix`, what can only mean one thing is corrected first.
    """
    if fix:
        write_all(path)
    own_rules()
    count, findings = lint_files(path, own_rules)
    misnamed = [
        Finding(str(name), 1, "warning", f"this file is not read: rename it to {_renamed(name)}")
        for root in path
        for name in (misnamed_in(root) if root.is_dir() else ())
    ]
    missing = [
        Finding(str(folder), 1, "warning", f"this folder {NOT_CHECKED_OUT}")
        for root in path
        for folder in missing_submodules_in(root)
    ]
    found = sorted([*findings, *misnamed, *missing, *_repaired(path)])
    print(printed(found, form), end="")  # noqa: T201
    levels = Counter[str](item.level for item in found)
    if form == "text":
        print(_summary(count, levels), file=sys.stderr)  # noqa: T201
    if levels["error"] or (strict and levels["warning"]):
        raise typer.Exit(1)


def _renamed(path: Path) -> str:
    """The name with which a file is read."""
    if path.name == "README.md":
        return "conversation.md, or write its examples in a fence"
    return f"{re.sub(r'[.]md$', '', path.stem, flags=re.IGNORECASE)}.md"


def _repaired(roots: list[Path]) -> Iterator[Finding]:
    """The assets that are not read as they are on the disk."""
    for path in (path for root in roots if root.is_dir() for path in assets_in(root)):
        content = content_of(path)
        if assets.as_named(path.as_posix(), content) not in (None, content):
            yield Finding(str(path), 1, "warning", _REPAIRED)


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
