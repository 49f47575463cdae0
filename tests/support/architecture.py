"""The picture in docs/architecture.md, drawn from the imports.

    python tests/support/architecture.py

writes it again. `test_architecture.py` fails when the page and the imports no longer agree.
"""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- drawn by tests/support/architecture.py from here -->\n"
END = "<!-- to here -->\n"

type Graph = dict[str, set[str]]


def rooms(source: Path) -> Graph:
    """Each folder of a package, and the folders that its modules import."""
    names = {face.parent.name for face in source.glob("*/__init__.py")}
    graph: Graph = {name: set() for name in names}
    for name in names:
        for module in (source / name).rglob("*.py"):
            graph[name] |= _imported(module, source.name) & names - {name}
    return graph


def _imported(module: Path, package: str) -> set[str]:
    """The folders that a module names in its imports, those inside of functions too."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=str(name)):
                found.add(name)
            case ast.Import(names=aliases):
                found |= {alias.name for alias in aliases}
    return {
        parts[1]
        for parts in (name.split(".") for name in found)
        if parts[:1] == [package] and parts[1:]
    }


def from_the_top(graph: Graph) -> list[str]:
    """The rooms, each before those that it imports."""
    sorter = TopologicalSorter({name: sorted(below) for name, below in sorted(graph.items())})
    return list(sorter.static_order())[::-1]


def direct(graph: Graph) -> list[tuple[str, str]]:
    """The arrows that do not follow from longer ways: a picture of all of them shows nothing."""
    reached: Graph = {}
    for name in reversed(from_the_top(graph)):
        reached[name] = graph[name].union(*(reached[below] for below in graph[name]))
    return [
        (name, below)
        for name in from_the_top(graph)
        for below in sorted(graph[name])
        if not any(below in reached[other] for other in graph[name] - {below})
    ]


def question(source: Path, room: str) -> str:
    """What a room's face says that it answers."""
    face = (source / room / "__init__.py").read_text("utf-8")
    return " ".join((ast.get_docstring(ast.parse(face)) or "").split())


def drawn(source: Path) -> str:
    """The picture and the table, in Markdown."""
    graph = rooms(source)
    lines = ["```mermaid", "flowchart TD"]
    lines += [f"    {name} --> {below}" for name, below in direct(graph)]
    lines += ["```", "", "| room | what it answers | imports |", "|---|---|---|"]
    for name in from_the_top(graph):
        below = [room for room in from_the_top(graph) if room in graph[name]]
        lines.append(f"| `{name}` | {question(source, name)} | {', '.join(below)} |")
    return "\n".join(lines) + "\n"


def page_with(page: str, picture: str) -> str:
    """The page with this picture in place of its own. Raises `ValueError` if it has no place."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN.strip()} or {END.strip()}")
    return f"{before}{begin}\n{picture}\n{end}{after}"


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text("utf-8"), drawn(ROOT / "rechat")), "utf-8")
