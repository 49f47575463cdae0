"""The shape of the code: arrows point one way, the core does no I/O, every module has its test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "rechat"

# Each may import what stands before it; the members of one line may import each other.
LAYERS = [
    ["errors", "http", "jsontext"],
    ["model", "assets", "redact"],
    ["body", "fields"],
    ["markdown", "dialects"],
    ["texts"],
    ["noise"],
    ["matching", "plain"],
    ["exchanges"],
    ["linediff"],
    ["wording"],
    ["difference", "nearby", "patterns"],
    ["cards", "comparison"],
    ["index"],
    ["chains", "models", "recording"],
    ["journal", "lint", "session", "upstreams", "sidecar"],
    ["arriving", "filters", "log"],
    ["pace"],
    ["files", "workers"],
    ["catalogue"],
    ["store", "watch"],
    ["endpoint", "reporter"],
    ["web"],
    ["console", "proxy"],
    ["live"],
    ["cli"],
    ["__main__", "pytest_plugin"],
]
EDGES = {
    "files",
    "workers",
    "catalogue",
    "log",
    "store",
    "watch",
    "endpoint",
    "reporter",
    "web",
    "console",
    "live",
    "proxy",
    "cli",
    "__main__",
    "pytest_plugin",
}
# Modules that reach out of the process, or keep time, or run things side by side.
IMPURE = {
    "asyncio", "filelock", "glob", "io", "mitmproxy", "os", "pathlib", "random", "rich", "signal",
    "socket", "subprocess", "sys", "tempfile", "threading", "time", "typer", "watchdog",
}  # fmt: skip
# What starts the others is tested through them.
UNTESTED = {"__init__", "__main__", "base", "options"}

MODULES = sorted(SOURCE.rglob("*.py"))


def room(module: str) -> str:
    """The part of the package that a dotted module name belongs to."""
    return [*module.split("."), "__init__"][1]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                if module == "rechat":
                    yield from (f"rechat.{name.name}" for name in names)
                else:
                    yield module


def own_room(path: Path) -> str:
    return room(".".join(path.relative_to(ROOT).with_suffix("").parts))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_arrows_point_one_way(path: Path) -> None:
    order = {name: level for level, names in enumerate(LAYERS) for name in names}
    own = own_room(path)
    if own == "__init__":
        return
    for module in imports(path):
        other = room(module) if module.startswith("rechat.") else own
        if other != "__version__":
            assert order[other] <= order[own], f"{own} must not import {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_core_imports_nothing_that_reaches_out(path: Path) -> None:
    if own_room(path) not in EDGES:
        reached = {module.split(".")[0] for module in imports(path)} & IMPURE
        assert not reached


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_has_its_namesake_test(path: Path) -> None:
    if path.stem not in UNTESTED:
        assert list((ROOT / "tests").rglob(f"test_{path.stem}.py")), (
            f"no tests/**/test_{path.stem}.py"
        )
