"""Settings from files: `[tool.rechat]` in pyproject.toml, then `rechat.toml`; options on the
command line override both.
"""

import tomllib
from pathlib import Path
from typing import Any

_COMMANDS = ("record", "replay", "run", "show", "find", "diff", "resend", "lint", "init", "ca")


def default_map(folder: Path | None = None) -> dict[str, Any]:
    """The defaults of all commands' options, from the settings files of a folder. Raises
    `UsageError` if one is invalid.
    """
    folder = folder or Path()
    settings = _read(folder / "pyproject.toml").get("tool", {}).get("rechat", {}) | _read(
        folder / "rechat.toml"
    )
    named = {key.replace("-", "_"): value for key, value in settings.items()}
    shared = {
        key: value
        for key, value in named.items()
        if not (isinstance(value, dict) or _has_tables(value))
    }
    return {command: shared | named.get(command, {}) for command in _COMMANDS}


def upstreams(folder: Path | None = None) -> list[dict[str, Any]]:
    """The tables `[[tool.rechat.upstream]]`. Raises `UsageError` if a settings file is invalid."""
    folder = folder or Path()
    project = _read(folder / "pyproject.toml").get("tool", {}).get("rechat", {})
    found = (project | _read(folder / "rechat.toml")).get("upstream", [])
    if not _has_tables(found):
        return []
    return [one if isinstance(one, dict) else {"url": one} for one in found]


def _has_tables(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        from rechat.values import UsageError  # noqa: PLC0415  # not needed for --help

        raise UsageError(f"{path}: {error}") from None


def _table(name: str, folder: Path) -> dict[str, Any]:
    """A table of the settings. Raises `UsageError` if it is none."""
    project = _read(folder / "pyproject.toml").get("tool", {}).get("rechat", {}).get(name, {})
    own = _read(folder / "rechat.toml").get(name, {})
    if isinstance(project, dict) and isinstance(own, dict):
        return project | own
    from rechat.values import UsageError  # noqa: PLC0415

    raise UsageError(f"{name}: expected a table, [tool.rechat.{name}] or, in rechat.toml, [{name}]")


def redact_own(folder: Path | None = None) -> None:
    """Take what the patterns in `[tool.rechat.redact]` match for secrets as well. Raises
    `UsageError` for what is no pattern.
    """
    patterns = _table("redact", folder or Path())
    if not patterns:
        return
    from rechat.values import UsageError  # noqa: PLC0415
    from rechat.values import redact_also  # noqa: PLC0415

    for name, pattern in patterns.items():
        if not isinstance(pattern, str):
            raise UsageError(f"redact: {name} = {pattern!r}: expected a regular expression")
    redact_also(patterns)


def normalise_own(folder: Path | None = None) -> None:
    """Look past what the rules in `[tool.rechat.normalise]` find as well. Raises `UsageError` for
    what is no rule.
    """
    rules = _table("normalise", folder or Path())
    if rules:
        from rechat.matching import normalise  # noqa: PLC0415

        normalise.set_own(rules)


def prices(folder: Path | None = None) -> dict[str, tuple[float, float]]:
    """The price of a million input and output tokens of each model, from `[tool.rechat.prices]`.
    Raises `UsageError` for anything but pairs of numbers.
    """
    found = _table("prices", folder or Path())
    for model, pair in found.items():
        match pair:
            case [int() | float(), int() | float()]:
                pass
            case _:
                from rechat.values import UsageError  # noqa: PLC0415

                raise UsageError(
                    f"prices: {model} = {pair!r}: expected two numbers, what a million tokens cost "
                    "in and out"
                )
    return {model: (float(asked), float(said)) for model, (asked, said) in found.items()}
