"""The settings of a run and of a test: options of the command line, keys of the ini file, the
marker.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, get_args

import pytest

type Mode = Literal["none", "new", "all", "rewrite", "verify", "accept"]
type Unused = Literal["ignore", "warn", "fail"]
type TooOld = Literal["warn", "fail"]

MODES = get_args(Mode.__value__)
UNUSED = get_args(Unused.__value__)
TOO_OLD = get_args(TooOld.__value__)
# How an answer can differ from what is recorded; white space never counts.
DRIFTS = ("words", "finish", "call", "schema", "expect", "refused", "error")
OFFLINE: tuple[Mode, ...] = ("none", "verify", "accept")
"""The modes that record nothing."""
_TYPES: Mapping[str, tuple[type, ...]] = {
    "path": (str, os.PathLike),
    "upstream": (str, list, tuple),
    "takes": (int,),
    "unused": (str,),
    "misses": (str,),
    "max_age": (str, int),
    "too_old": (str,),
    "drift": (str,),
}
_AGE = re.compile(r"(?P<count>[0-9]{1,6}) ?(?P<unit>[hdw]?)[a-z]*")
_UNITS = {"h": 3600, "d": 86400, "": 86400, "w": 7 * 86400}


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The settings of all tests of a run. `folder` is for all transcripts; empty if these are
    beside their modules. The others are as for one test.
    """

    mode: Mode = "none"
    folder: str = ""
    upstreams: tuple[str, ...] = ()
    unused: Unused = "warn"
    max_age: int | None = None
    too_old: TooOld = "warn"
    drifts: tuple[str, ...] = DRIFTS


@dataclass(frozen=True, slots=True)
class ItemSettings:
    """The settings of one test. `path` is a file or folder of transcripts, relative to the root of
    the tests; empty for the test's own file. `fails` says whether a miss fails the test. Answers
    may be at most `max_age` seconds old (None: any age). `drifts` are the differences that fail the
    test when its answers are verified.
    """

    path: str
    upstreams: tuple[str, ...]
    takes: int
    unused: Unused
    fails: bool
    max_age: int | None = None
    too_old: TooOld = "warn"
    drifts: tuple[str, ...] = DRIFTS


def run_settings(config: pytest.Config) -> RunSettings:
    """The settings of a run: options, then the ini file. Raises `pytest.UsageError`."""
    known = os.environ.get("OPENAI_BASE_URL", "")
    # A person can decide to keep an old answer; in CI nobody reads a warning.
    in_doubt = "fail" if os.environ.get("CI") else "warn"
    return RunSettings(
        _one_of("rechat", _of(config, "rechat") or "none", MODES),
        (_of(config, "rechat_dir") or "").rstrip("/"),
        tuple(_of(config, "rechat_upstream") or filter(None, [known])),
        _one_of("rechat_unused", _of(config, "rechat_unused") or "warn", UNUSED),
        _seconds(_of(config, "rechat_max_age") or ""),
        _one_of("rechat_too_old", _of(config, "rechat_too_old") or in_doubt, TOO_OLD),
        _drifts(_of(config, "rechat_drift") or ""),
    )


def _seconds(age: str, item: pytest.Item | None = None) -> int | None:
    """An age in seconds; None if the text is empty."""
    if not age:
        return None
    if found := _AGE.fullmatch(age):
        return int(found["count"]) * _UNITS[found["unit"]]
    problem = f"max_age = {age!r}: expected an age such as 90d, 12w or 36h"
    raise _problem(item, problem) if item else pytest.UsageError(f"rechat: {problem}")


def _drifts(text: str, item: pytest.Item | None = None) -> tuple[str, ...]:
    """The differences that a text lists; all of them if it is empty."""
    words = text.replace(",", " ").split()
    return tuple(_one_of("drift", word, DRIFTS, item) for word in words) or DRIFTS


def _of(config: pytest.Config, name: str) -> Any:
    given = config.getoption(name, None)
    return config.getini(name) if given in (None, []) else given


def item_settings(item: pytest.Item, run: RunSettings) -> ItemSettings:
    """The settings of a test: its markers, the closest first, then those of the run. Raises
    `pytest.UsageError` for arguments that a marker does not take.
    """
    given: dict[str, Any] = {}
    for mark in item.iter_markers("rechat"):
        if len(mark.args) > 1:
            raise _problem(item, f"takes one path, not {len(mark.args)}")
        own = {**dict(zip(("path",), mark.args, strict=False)), **mark.kwargs}
        given = own | given
    for name, value in given.items():
        _check(item, name, value)
    upstream = given.get("upstream", run.upstreams)
    misses = _one_of("misses", given.get("misses", "fail"), ("fail", "ignore"), item)
    return ItemSettings(
        os.fspath(given.get("path", "")),
        (upstream,) if isinstance(upstream, str) else tuple(upstream),
        given.get("takes", 1),
        _one_of("unused", given.get("unused", run.unused), UNUSED, item),
        misses == "fail",
        _seconds(str(given["max_age"]), item) if "max_age" in given else run.max_age,
        _one_of("too_old", given.get("too_old", run.too_old), TOO_OLD, item),
        _drifts(given["drift"], item) if "drift" in given else run.drifts,
    )


def _check(item: pytest.Item, name: str, value: object) -> None:
    if name not in _TYPES:
        near = get_close_matches(name, _TYPES, 1)
        advice = f"did you mean {near[0]}?" if near else f"it takes {', '.join(_TYPES)}"
        raise _problem(item, f"does not take {name}: {advice}")
    if not isinstance(value, _TYPES[name]) or isinstance(value, bool):
        expected = " or ".join(kind.__name__ for kind in _TYPES[name])
        raise _problem(item, f"{name}={value!r}: expected {expected}")
    if name == "takes" and isinstance(value, int) and value < 1:
        raise _problem(item, "takes: expected 1 or more")


def _one_of(name: str, value: Any, known: tuple[Any, ...], item: pytest.Item | None = None) -> Any:
    if value in known:
        return value
    problem = f"{name} = {value!r}: expected {', '.join(known[:-1])} or {known[-1]}"
    raise _problem(item, problem) if item else pytest.UsageError(f"rechat: {problem}")


def _problem(item: pytest.Item, problem: str) -> pytest.UsageError:
    return pytest.UsageError(f"{item.nodeid}: the marker rechat {problem}")
