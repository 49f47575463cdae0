"""The known settings: one for each option of a command, and its valid values."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from rechat.cli.help import completion

_TRUE = ("1", "true", "t", "yes", "y", "on")
_FALSE = ("0", "false", "f", "no", "n", "off")
_CHOICES = (completion.policies, completion.policies_offline)


@dataclass(frozen=True, slots=True)
class Known:
    """A setting: its name, the parameter of the command, and its type."""

    name: str
    parameter: str
    kind: type
    is_list: bool
    is_option: bool
    default: object
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()

    def problem(self, value: object) -> str:
        """What is wrong with a value in a file; empty if nothing is."""
        if self.is_list:
            if not isinstance(value, list):
                return f"expected a list: {self.name} = [{_written(value)}]"
            return next(filter(None, map(self._problem, value)), "")
        return self._problem(value)

    def _problem(self, value: object) -> str:
        match self.kind:
            case kind if kind is bool:
                is_fine, expected = isinstance(value, bool), "true or false, without quotes"
            case kind if kind is int:
                is_fine = isinstance(value, int) and not isinstance(value, bool)
                expected = "a whole number, without quotes"
            case kind if kind is float:
                is_fine = isinstance(value, int | float) and not isinstance(value, bool)
                expected = "a number, without quotes"
            case _:
                is_fine, expected = isinstance(value, str), "a text in quotes"
        if not is_fine:
            return f"expected {expected}"
        return self._out_of_range(value)

    def _out_of_range(self, value: object) -> str:
        if self.choices and value not in self.choices:
            return f"expected {', '.join(self.choices[:-1])} or {self.choices[-1]}"
        if not isinstance(value, int | float):
            return ""
        if self.least is not None and value < self.least:
            return f"expected {self.least} or more"
        if self.most is not None and value > self.most:
            return f"expected {self.most} or less"
        return ""

    def parse(self, text: str) -> object:
        """The value of an environment variable; its text if it is invalid."""
        if self.is_list:
            return text.split()
        if self.kind is bool:
            lowered = text.strip().lower()
            return True if lowered in _TRUE else False if lowered in _FALSE else text
        if self.kind in (int, float):
            try:
                return self.kind(text)
            except ValueError:
                return text
        return text


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def known_settings(function: Callable[..., Any]) -> dict[str, Known]:
    """The settings of a command by name, spelled as in files: `on_miss`."""
    hints = get_type_hints(function, include_extras=True)
    found = [
        _known(parameter, hint, _default(function, parameter))
        for parameter, hint in hints.items()
        if hasattr(hint, "__metadata__")
    ]
    return {one.name: one for one in found}


def _default(function: Callable[..., Any], parameter: str) -> object:
    default = inspect.signature(function).parameters[parameter].default
    return None if default is inspect.Parameter.empty else default


def _known(parameter: str, hint: Any, default: object) -> Known:
    kind, info = get_args(hint)[:2]
    # In `Annotated`, the first name stands where a default would.
    declared = (getattr(info, "default", None), *(getattr(info, "param_decls", None) or ()))
    named = (name for name in declared if isinstance(name, str) and name.startswith("--"))
    long = next(named, parameter)
    is_union = get_origin(kind) in (Union, UnionType)
    [inner, *_] = [one for one in get_args(kind) if one is not NoneType] if is_union else [kind]
    is_list = get_origin(inner) is list
    of = get_args(inner)[0] if is_list else inner
    complete = getattr(info, "autocompletion", None)
    return Known(
        long.lstrip("-").replace("-", "_"),
        parameter,
        str if of is Path else of,
        is_list,
        type(info).__name__ == "OptionInfo",
        default,
        getattr(info, "min", None),
        getattr(info, "max", None),
        tuple(complete("")) if complete in _CHOICES else (),
    )
