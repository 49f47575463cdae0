"""`rechat config`: which settings apply to a command, and where they come from."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import typer

from rechat.cli.settings.files import settings_files
from rechat.cli.settings.holding import TABLES
from rechat.cli.settings.holding import Commands
from rechat.cli.settings.holding import held
from rechat.cli.settings.known import known_settings
from rechat.values import UsageError
from rechat.values import redact_text

type Row = tuple[str, str, str]


def show(commands: Commands, command: str, *, as_json: bool) -> None:
    """Print the settings of a command. Raises `UsageError` for unknown settings, for values of the
    wrong type, and for a command that does not exist.
    """
    if command not in commands:
        raise UsageError(f"{command!r} is no command: expected {', '.join(commands)}")
    rows = list(_rows(commands, command, Path()))
    if as_json:
        settings = {name: {"value": json.loads(value), "from": at} for name, value, at in rows}
        typer.echo(json.dumps({"command": command, "settings": settings}, indent=2))
        return
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, source in rows:
        typer.echo(f"{name:{widths[0]}}  {value:{widths[1]}}  {source}")


def _rows(commands: Commands, command: str, folder: Path) -> Iterator[Row]:
    """Name, value as JSON, and source of all settings."""
    found = held(commands, folder, os.environ)[command]
    for name, known in known_settings(commands[command]).items():
        setting = found.get(name)
        value = setting.value if setting else known.default
        yield name, _json(value), setting.source if setting else "default"
    for table in TABLES:
        files = [file for file in settings_files(folder) if table in file.settings]
        if table != "upstream":
            for file in files:
                for key, value in file.settings[table].items():
                    yield f"{table}.{key}", _json(value), file.place(table, key)
        elif files and any(isinstance(one, dict) for one in files[-1].settings[table]):
            for number, one in enumerate(files[-1].settings[table], 1):
                yield f"upstream.{number}", _json(one), files[-1].place(table)


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return json.dumps(redact_text(value), ensure_ascii=False) if isinstance(value, str) else text
