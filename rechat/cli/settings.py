"""Settings from files: `[tool.rechat]` in pyproject.toml, then `rechat.toml`; options on the
command line come after both.
"""

import tomllib
from pathlib import Path
from typing import Any

from rechat.errors import UsageError

_COMMANDS = ("record", "replay", "run", "show", "find", "lint", "init")


def default_map(folder: Path | None = None) -> dict[str, Any]:
    """The defaults of all commands' options, from the settings files of a folder. Raises
    `UsageError` if one is damaged.
    """
    folder = folder or Path()
    settings = _read(folder / "pyproject.toml").get("tool", {}).get("rechat", {}) | _read(
        folder / "rechat.toml"
    )
    named = {key.replace("-", "_"): value for key, value in settings.items()}
    shared = {key: value for key, value in named.items() if not isinstance(value, dict)}
    return {command: shared | named.get(command, {}) for command in _COMMANDS}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
