"""The settings that apply to each command: from files first, then environment variables. Unknown
settings, and those of the wrong type, are errors.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from rechat.cli.settings.files import SettingsFile
from rechat.cli.settings.files import settings_files
from rechat.cli.settings.known import Known
from rechat.cli.settings.known import known_settings
from rechat.cli.settings.tables import has_tables

TABLES = ("upstream", "normalise", "redact", "prices")
"""The settings that are tables, and no options."""
_OWN_VARIABLES = ("RECHAT_TOKEN", "RECHAT_URL")
# These modify their input, so they take it only from the command line.
_ASKED_FOR = ("accept", "merge", "import", "prune")

type Commands = Mapping[str, Callable[..., Any]]
type Held = dict[str, dict[str, Setting]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that applies to a command, and its source."""

    known: Known
    value: object
    source: str


def are_set(folder: Path, environ: Mapping[str, str]) -> bool:
    """Whether a file or a variable sets anything. Raises `UsageError` for a file that cannot be
    read.
    """
    return bool(settings_files(folder) or _variables(environ))


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in environ.items()
        if name.startswith("RECHAT_") and name not in _OWN_VARIABLES
    }


def held(commands: Commands, folder: Path, environ: Mapping[str, str], words: str = "") -> Held:
    """The settings of files and variables, by command and name. A variable that the words of the
    command line name is not one of rechat's. Raises `UsageError`, with file and line, for unknown
    settings and for values of the wrong type.
    """
    files, variables = settings_files(folder), _variables(environ)
    if not files and not variables:
        return {name: {} for name in commands}
    known = {name: known_settings(function) for name, function in commands.items()}
    found: Held = {name: {} for name in commands}
    for file in files:
        for command, setting in _of_file(file, known):
            found[command][setting.known.name] = setting
    named = words + "".join(repr(file.settings.get("upstream")) for file in files)
    for name, text in variables.items():
        if name not in named:
            for command, setting in _of_variable(name, text, known):
                found[command][setting.known.name] = setting
    return found


def default_map(found: Held) -> dict[str, dict[str, object]]:
    """The defaults of all commands' parameters."""
    return {
        command: {setting.known.parameter: setting.value for setting in settings.values()}
        for command, settings in found.items()
    }


type _Known = dict[str, dict[str, Known]]


def _of_file(file: SettingsFile, known: _Known) -> Iterator[tuple[str, Setting]]:
    """The settings of a file, those for all commands first, then those for one."""
    of_commands = []
    for key, value in file.settings.items():
        name = key.replace("-", "_")
        if name in TABLES and (isinstance(value, dict) or has_tables(value)):
            continue
        if key in known and (isinstance(value, dict) or name not in _names(known)):
            of_commands.append((key, value))
        else:
            place = f"{file.place(key)}: {key}"
            yield from _for_all(place, name, value, file.place(key), known)
    for command, table in of_commands:
        if not isinstance(table, dict):
            header = ".".join((*file.table, command))
            _fail(f"{file.place(command)}: {command} = {table!r}: expected a table, [{header}]")
        for key, value in table.items():
            name, source = key.replace("-", "_"), file.place(command, key)
            if name not in known[command]:
                _unknown(f"{source}: {command}.{key}", name, known[command], f"rechat {command}")
            if problem := known[command][name].problem(value):
                _fail(f"{source}: {command}.{key} = {value!r}: {problem}")
            yield command, Setting(known[command][name], value, source)


def _for_all(
    place: str, name: str, value: object, source: str, known: _Known
) -> Iterator[tuple[str, Setting]]:
    """A setting for every command that has it."""
    taking = {
        command: settings[name]
        for command, settings in known.items()
        if name in settings and (settings[name].is_option or command not in _ASKED_FOR)
    }
    if not taking and name in TABLES:
        _fail(f"{place} = {value!r}: expected a table, such as [{name}]")
    if not taking:
        _unknown(place, name, {*_names(known), *TABLES, *known}, "rechat")
    fitting = {command: one for command, one in taking.items() if not one.problem(value)}
    if not fitting:
        first = next(iter(taking.values()))
        _fail(f"{place} = {value!r}: {first.problem(value)}")
    for command, one in fitting.items():
        yield command, Setting(one, value, source)


def _of_variable(name: str, text: str, known: _Known) -> Iterator[tuple[str, Setting]]:
    """An environment variable for every command that has it."""
    setting = name.removeprefix("RECHAT_").lower()
    taking = {
        command: settings[setting]
        for command, settings in known.items()
        if setting in settings and (settings[setting].is_option or setting == "upstream")
    }
    if not taking:
        names = {one.upper() for one in _names(known)} | {"TOKEN", "URL"}
        near = get_close_matches(setting.upper(), names, 1)
        advice = f"did you mean RECHAT_{near[0]}? If" if near else "if"
        _fail(f"{name}: no setting has this name; {advice} it is for another program, unset it")
    values = {command: (one, one.parse(text)) for command, one in taking.items()}
    fitting = {command: pair for command, pair in values.items() if not pair[0].problem(pair[1])}
    if text and not fitting:
        [one, value] = next(iter(values.values()))
        _fail(f"{name}={text}: {one.problem(value).replace(', without quotes', '')}")
    for command, (one, value) in fitting.items():
        if text:
            yield command, Setting(one, value, name)


def _names(known: _Known) -> set[str]:
    return {name for settings in known.values() for name in settings}


def _unknown(place: str, name: str, names: Any, nobody: str) -> NoReturn:
    near = get_close_matches(name, sorted(names), 1)
    advice = f"did you mean {near[0]}?" if near else "`rechat config` lists the settings"
    _fail(f"{place}: {nobody} has no such setting: {advice}")


def _fail(problem: str) -> NoReturn:
    from rechat.values import UsageError  # noqa: PLC0415  # not needed for --help

    raise UsageError(problem)
