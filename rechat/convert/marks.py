"""The marks of pytest-recording in a test module, and the module with rechat's marks in their
place.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

_OURS = b"pytest.mark.rechat"
# The settings that name a cassette other than the test's own.
_NAMES_ANOTHER = "default_cassette"
type _Marked = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: the test that it is for, such as `TestPlan.test_it`, or the class; empty for the
    whole module. It is at `start` to `end` in the bytes of the module.
    """

    test: str
    start: int
    end: int

    def is_for(self, name: str) -> bool:
        """Whether the mark is for a test, whose name may have its parameters in brackets."""
        plain = name.partition("[")[0]
        return not self.test or plain == self.test or plain.startswith(f"{self.test}.")


def marks_of(module: bytes) -> list[Mark]:
    """The `vcr` marks of a module, in order. A mark that names its cassettes is left out, since no
    other test knows where its answers are. Raises `SyntaxError`, and `ValueError` for bytes that
    are not UTF-8.
    """
    tree = ast.parse(module.decode("utf-8"))
    lines = module.splitlines(keepends=True)
    at = [0, *accumulate(map(len, lines))]
    found = [
        Mark(test, at[node.lineno - 1] + node.col_offset, _end(node, at))
        for test, node in _found(tree, "")
    ]
    return sorted(found, key=lambda mark: mark.start)


def _end(node: ast.expr, at: list[int]) -> int:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return at[node.end_lineno - 1] + node.end_col_offset


def _found(node: ast.AST, within: str) -> Iterator[tuple[str, ast.expr]]:
    """The marks in a node, each with what it is for."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield from _found_at(node, f"{within}.{node.name}" if within else node.name)
    elif _is_mark(node, "vcr"):
        assert isinstance(node, ast.expr)
        if not (isinstance(node, ast.Call) and node.args):
            yield within, node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _found(child, within)


def _found_at(node: _Marked, name: str) -> Iterator[tuple[str, ast.expr]]:
    if not any(_is_mark(one, _NAMES_ANOTHER) for one in node.decorator_list):
        for decorator in node.decorator_list:
            yield from _found(decorator, name)
    for child in node.body:
        yield from _found(child, name)


def _is_mark(node: ast.AST, name: str) -> bool:
    """Whether this is `pytest.mark.NAME`, with or without arguments."""
    match node:
        case ast.Call(func=func):
            return _is_mark(func, name)
        case ast.Attribute(ast.Attribute(ast.Name("pytest"), "mark"), attr):
            return attr == name
    return False


def marked(module: bytes, marks: Iterable[Mark]) -> bytes:
    """The module with `pytest.mark.rechat` in place of these marks of it."""
    for mark in sorted(marks, key=lambda mark: mark.start, reverse=True):
        module = module[: mark.start] + _OURS + module[mark.end :]
    return module
