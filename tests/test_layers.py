"""The shape of the code: one folder answers one question, others import only its face, and arrows
point one way.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "rechat"
TESTS = ROOT / "tests"

# One row a folder, from the bottom up: what of the others it imports. After a change, draw the
# picture of docs/architecture.md again: python tests/support/architecture.py
FOLDERS: dict[str, set[str]] = {
    "values": set(),
    "format": {"values"},
    "dialects": {"values"},
    "convert": {"values", "dialects"},
    "matching": {"values", "dialects"},
    "explain": {"values", "matching"},
    "index": {"values", "matching", "explain"},
    "store": {"values", "format", "dialects", "matching", "index"},
    "observe": {"values", "dialects", "explain", "index", "store"},
    "answering": {
        "values",
        "format",
        "dialects",
        "matching",
        "explain",
        "index",
        "store",
        "observe",
    },
    "resend": {"values", "format", "dialects", "matching", "explain", "store", "observe"},
    "web": {
        *("values", "format", "dialects", "explain", "store", "observe", "answering", "resend"),
    },
    "proxy": {"values", "format", "dialects", "index", "store", "observe", "answering", "web"},
    "testing": {"values", "explain", "store"},
    "lsp": {"values", "format", "dialects", "matching", "store", "testing"},
    "mcp": {"values", "dialects", "explain", "index", "store", "answering", "testing"},
    "cli": {
        *("values", "format", "dialects", "matching", "explain", "index", "store"),
        *("observe", "answering", "web", "proxy", "testing", "resend", "convert", "lsp", "mcp"),
    },
}
CORE = {"values", "format", "dialects", "convert", "matching", "explain", "index"}
# Modules that reach out of the process, keep time, or run things side by side.
IMPURE = {
    *(
        "asyncio",
        "filelock",
        "glob",
        "inotify_simple",
        "io",
        "mitmproxy",
        "os",
        "pathlib",
        "random",
        "rich",
    ),
    *("signal", "socket", "subprocess", "sys", "tempfile", "threading", "time", "typer"),
    "watchdog",
}
MOST_MODULES = 14
MOST_AT_THE_TOP = 5
LONGEST_CHAIN = 12
# Faces, what is tested through those that use it, and tables without behaviour.
UNTESTED = {"__init__", "__main__", "options", "parameters"}

MODULES = sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module; that of its folder for a face."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


def folder_of(module: str) -> str:
    """The folder of a module; for the top of the package, the module's own name."""
    return [*module.split("."), ""][1]


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The modules that a module imports: `from folder import module` names the module."""
    return tuple(_imports(ast.parse(path.read_text("utf-8"))))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                for name in names:
                    inner = f"{module}.{name.name}"
                    yield inner if inner in NAMES else module


def ours(path: Path) -> list[str]:
    """The modules of rechat that a module imports; not the package itself (its version)."""
    return [name for name in imports(path) if name.startswith("rechat.")]


def is_below(module: str, folder: str) -> bool:
    return module == folder or module.startswith(f"{folder}.")


each_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@each_module
def test_a_folder_imports_only_the_folders_of_its_row(path: Path) -> None:
    own = folder_of(name_of(path))
    if own in FOLDERS:
        others = {folder_of(module) for module in ours(path)} - {own}
        assert others <= FOLDERS[own]


def test_no_row_names_a_folder_that_is_not_imported() -> None:
    used: dict[str, set[str]] = {name: set() for name in FOLDERS}
    for path in MODULES:
        own = folder_of(name_of(path))
        if own in FOLDERS:
            used[own] |= {folder_of(module) for module in ours(path)} - {own}
    assert used == FOLDERS


def test_rows_only_name_rows_above_them() -> None:
    rows = list(FOLDERS)
    for number, (name, below) in enumerate(FOLDERS.items()):
        assert below <= set(rows[:number]), name


@each_module
def test_other_folders_are_imported_by_their_face(path: Path) -> None:
    """A face may offer a whole module as a name: `from rechat.values import jsontext`."""
    own = folder_of(name_of(path))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if is_below(module, "rechat"):
                other = folder_of(module)
                if other in FOLDERS and other != own:
                    assert module == f"rechat.{other}"
                    exported = import_module(module).__all__
                    assert {name.name for name in names} <= set(exported)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_face_has_all_that_it_promises(folder: str) -> None:
    face = import_module(f"rechat.{folder}")
    assert len(face.__all__) == len(set(face.__all__))
    assert all(hasattr(face, name) for name in face.__all__)


def test_dialects_do_not_import_each_other() -> None:
    for path in (SOURCE / "dialects").glob("*/*.py"):
        own = ".".join(name_of(path).split(".")[:3])
        for module in ours(path):
            is_fine = any(
                is_below(module, known)
                for known in ("rechat.values", "rechat.dialects.shared", own)
            )
            assert is_fine, f"{name_of(path)} must not import {module}"


@each_module
def test_the_core_imports_nothing_that_reaches_out(path: Path) -> None:
    if folder_of(name_of(path)) in CORE:
        assert not {module.split(".")[0] for module in imports(path)} & IMPURE


def test_folders_stay_small() -> None:
    for folder in {path.parent for path in MODULES}:
        modules = [path for path in folder.glob("*.py") if path.stem != "__init__"]
        most = MOST_AT_THE_TOP - 1 if folder == SOURCE else MOST_MODULES
        assert len(modules) <= most, folder.name


def test_no_import_goes_in_a_circle() -> None:
    graph = {name_of(path): {*ours(path)} - {name_of(path)} for path in MODULES}
    assert list(TopologicalSorter(graph).static_order())


def test_chains_of_folders_are_short() -> None:
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        own = folder_of(name_of(path))
        graph.setdefault(own, set()).update({folder_of(name) for name in ours(path)} - {own})
    length: dict[str, int] = {}
    for folder in TopologicalSorter(graph).static_order():
        length[folder] = 1 + max((length[below] for below in graph.get(folder, ())), default=0)
    assert max(length.values()) <= LONGEST_CHAIN, length


@each_module
def test_every_module_has_its_namesake_test(path: Path) -> None:
    if path.stem not in UNTESTED:
        place = TESTS / path.relative_to(SOURCE).parent / f"test_{path.stem}.py"
        e2e = TESTS / "e2e" / place.name
        assert place.exists() or e2e.exists(), f"no {place.relative_to(ROOT)}"


def test_every_module_of_the_page_has_its_namesake_test() -> None:
    there = {path.stem for path in (SOURCE / "web" / "static").glob("*.js")}
    tested = {path.stem.removeprefix("test_") for path in (TESTS / "web" / "static").glob("test_*")}
    assert there == tested
