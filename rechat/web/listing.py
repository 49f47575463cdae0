"""The list of transcripts on the page: each with its hits and its problems."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from rechat.format import source
from rechat.store import Store
from rechat.store import content_of
from rechat.store import lint
from rechat.values import Json
from rechat.values import JsonObject

# With more files than this, finding problems is left to `rechat lint`.
_LINTED = 500


def transcripts(store: Store, served: Mapping[str, int]) -> JsonObject:
    """`{"transcripts": [{path, absolute, answers, models, requests, findings, changed}],
    "is_linted": …}`; the files of a folder are adjacent. `served` is the number of requests for
    each.
    """
    index = store.index
    paths = {*index.paths, *(problem.path for problem in [*store.problems.values()])}
    is_linted = not is_large(store)
    findings: dict[str, list[Json]] = {path: [] for path in paths}
    for path, finding in _findings(store, is_linted=is_linted):
        if path in findings:
            findings[path].append(finding)
    rows: list[Json] = []
    for path in sorted(paths, key=_folder_first):
        card = index.card(path)
        rows.append(
            {
                "path": path,
                "absolute": _absolute(path),
                "answers": card.answers if card else 0,
                "models": list(card.models) if card else [],
                "requests": served.get(path, 0),
                "findings": findings[path],
                "changed": _changed(path),
            }
        )
    return {"transcripts": rows, "is_linted": is_linted}


def is_large(store: Store) -> bool:
    """Whether a folder has so many files that none of them is read for the list."""
    return len(store.index.paths) + len(store.problems) > _LINTED


def _changed(path: str) -> float:
    """When a file was changed, in seconds since 1970; 0 if unknown."""
    try:
        return round(os.stat(path).st_mtime)  # noqa: PTH116  # a Path takes much longer
    except OSError:
        return 0


def _findings(store: Store, *, is_linted: bool) -> Iterator[tuple[str, JsonObject]]:
    """The problems by path: files that cannot be read, and the findings of `rechat lint`."""
    for problem in [*store.problems.values()]:
        yield problem.path, _shown(problem.line, "error", problem.message)
    if not is_linted:
        return
    texts = {
        path: source.decode(content_of(Path(path)))
        for path in store.index.paths
        if Path(path).is_file() and path not in store.problems
    }
    for finding in lint(store.index, texts):
        yield finding.path, _shown(finding.line, finding.level, finding.message)


def _shown(line: int, level: str, message: str) -> JsonObject:
    return {"line": line, "level": level, "message": message}


def _folder_first(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _absolute(path: str) -> str:
    return os.path.abspath(path).replace(os.sep, "/")  # noqa: PTH100  # as above
