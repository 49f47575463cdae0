"""The settings that are tables: upstreams, prices, and a project's own patterns."""

from pathlib import Path
from typing import Any

from rechat.cli.settings.files import settings_files


def upstreams(folder: Path | None = None) -> list[dict[str, Any]]:
    """The tables `[[tool.rechat.upstream]]`. Raises `UsageError` if a settings file is invalid."""
    found: Any = []
    for file in settings_files(folder or Path()):
        found = file.settings.get("upstream", found)
    if not has_tables(found):
        return []
    return [one if isinstance(one, dict) else {"url": one} for one in found]


def has_tables(value: object) -> bool:
    """Whether a value is a list of tables, as `[[upstream]]` creates it."""
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _table(name: str, folder: Path) -> dict[str, Any]:
    """A table of the settings. Raises `UsageError` if it is something else."""
    joined: dict[str, Any] = {}
    for file in settings_files(folder):
        found = file.settings.get(name, {})
        if not isinstance(found, dict):
            from rechat.values import UsageError  # noqa: PLC0415

            raise UsageError(
                f"{file.place(name)}: {name}: expected a table, [{'.'.join((*file.table, name))}]"
            )
        joined |= found
    return joined


def _place(table: str, key: str, folder: Path) -> str:
    """`FILE:LINE: ` of a key in a table that is read."""
    [*_, file] = [one for one in settings_files(folder) if key in one.settings.get(table, {})]
    return f"{file.place(table, key)}: "


def redact_own(folder: Path | None = None) -> None:
    """Also redact what the patterns in `[tool.rechat.redact]` match. Raises `UsageError` for an
    invalid pattern.
    """
    patterns = _table("redact", folder or Path())
    if not patterns:
        return
    from rechat.values import UsageError  # noqa: PLC0415
    from rechat.values import redact_also  # noqa: PLC0415

    for name, pattern in patterns.items():
        if not isinstance(pattern, str):
            place = _place("redact", name, folder or Path())
            raise UsageError(f"{place}redact: {name} = {pattern!r}: expected a regular expression")
    redact_also(patterns)


def normalise_own(folder: Path | None = None) -> None:
    """Also ignore what the rules in `[tool.rechat.normalise]` match. Raises `UsageError` for an
    invalid rule.
    """
    rules = _table("normalise", folder or Path())
    if rules:
        from rechat.matching import normalise  # noqa: PLC0415

        normalise.set_own(rules)


def own_rules() -> None:
    """Apply both, as each process that reads transcripts does. Raises `UsageError`."""
    redact_own()
    normalise_own()


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

                place = _place("prices", model, folder or Path())
                raise UsageError(
                    f"{place}prices: {model} = {pair!r}: expected two numbers, what a million "
                    "tokens cost in and out"
                )
    return {model: (float(asked), float(said)) for model, (asked, said) in found.items()}
