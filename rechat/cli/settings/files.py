"""The files with settings: `[tool.rechat]` in pyproject.toml, then `rechat.toml`."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

_PROJECT = ("tool", "rechat")
_PLACE = re.compile(r"(?P<problem>.*) \(at line (?P<line>\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The settings of a file that has some; `table` is their path in it."""

    path: Path
    text: str
    table: tuple[str, ...]
    settings: Mapping[str, Any]

    def place(self, *keys: str) -> str:
        """`FILE:LINE` of a key, or of the nearest table around it; `FILE` if it has no line."""
        wanted = (*self.table, *keys)
        lines = list(_lines(self.text))
        for length in range(len(wanted), len(self.table), -1):
            for number, path in lines:
                if path[:length] == wanted[:length]:
                    return f"{self.path}:{number}"
        return str(self.path)


def settings_files(folder: Path) -> list[SettingsFile]:
    """The files of a folder that have settings; later ones override earlier ones. Raises
    `UsageError` for one that cannot be read, and for misplaced settings.
    """
    return [file for file in (_of_project(folder), _own(folder)) if file]


def _of_project(folder: Path) -> SettingsFile | None:
    path = folder / "pyproject.toml"
    text, found = _read(path)
    if "rechat" in found:
        place = SettingsFile(path, text, (), found).place("rechat")
        _fail(f"{place}: [rechat] is read by nobody: in {path.name} write [tool.rechat]")
    tools = found.get("tool", {})
    if not isinstance(tools, dict) or "rechat" not in tools:
        return None
    if not isinstance(tools["rechat"], dict):
        place = SettingsFile(path, text, (), found).place(*_PROJECT)
        _fail(f"{place}: tool.rechat = {tools['rechat']!r}: expected a table, [tool.rechat]")
    return SettingsFile(path, text, _PROJECT, tools["rechat"])


def _own(folder: Path) -> SettingsFile | None:
    path = folder / "rechat.toml"
    text, found = _read(path)
    file = SettingsFile(path, text, (), found)
    for name in ("tool", "rechat"):
        if name in found:
            _fail(
                f"{file.place(name)}: [{name}] is for pyproject.toml: in {path.name} write its "
                "settings without it, such as port = 8911 in a line of its own"
            )
    return file if found else None


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        return "", {}
    except UnicodeDecodeError as error:
        _fail(f"{path}: byte {error.start} is not UTF-8: save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        place, problem = (f":{found['line']}", found["problem"]) if found else ("", str(error))
        _fail(f"{path}{place}: this is not TOML: {problem}")
    except OSError as error:
        _fail(f"{path} cannot be read: {error.strerror}")


def _lines(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines that open a table or set a key, each with its whole path."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            table = _keys(stripped) or table
            yield number, table
        elif "=" in stripped and not stripped.startswith("#"):
            yield number, (*table, *_keys(f"{stripped.partition('=')[0]}= 0"))


def _keys(line: str) -> tuple[str, ...]:
    try:
        value: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()  # a line inside a value
    keys = []
    while isinstance(value, dict) and value:
        [(key, value)] = value.items()
        keys.append(key)
        if isinstance(value, list):
            value = value[0] if value else None
    return tuple(keys)


def _fail(problem: str) -> NoReturn:
    from rechat.values import UsageError  # noqa: PLC0415  # not needed for --help

    raise UsageError(problem)
