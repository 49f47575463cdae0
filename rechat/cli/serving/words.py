"""Parses the words after a serving command, and checks for options that cannot be combined."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rechat.cli.options import ServerOptions
from rechat.values import OFFLINE
from rechat.values import Policy
from rechat.values import UsageError

type Unused = Literal["ignore", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Words:
    """What `rechat run` serves: `record` or `replay`, with the named upstreams and transcripts."""

    command: str
    upstreams: tuple[str, ...]
    paths: tuple[Path, ...]


def read(words: Sequence[str]) -> Words:
    """`replay` if no command is named. Raises `UsageError` if a replay is given an upstream."""
    is_named = bool(words) and words[0] in ("record", "replay")
    command, *names = words if is_named else ("replay", *words)
    upstreams = tuple(name for name in names if "://" in name)  # as for `rechat record URL`
    if upstreams and command == "replay":
        raise UsageError(
            f"{upstreams[0]}: replay asks nobody; to record from there: "
            f"rechat run record {upstreams[0]}"
        )
    return Words(command, upstreams, tuple(Path(name) for name in names if name not in upstreams))


def policy_of(name: str, command: str, hint: str = "") -> Policy:
    """The policy with this name, if the command may have it. Raises `UsageError` for any other; the
    hint says what else to do.
    """
    if command == "replay" and name not in OFFLINE:
        raise UsageError(f"--on-miss {name}: replay takes replay or hold{hint}")
    match name:
        case "record" | "replay" | "hold" | "rerecord" | "live":
            return name
    raise UsageError(f"--on-miss {name}: expected record, replay, hold, rerecord or live")


def unused_of(name: str, command: str) -> Unused:
    """What to do about unused answers. Raises `UsageError` for anything else, and where there can
    be none.
    """
    match name:
        case "ignore":
            return name
        case "warn" | "fail" if command == "record":
            told = "is for replay: what a program records it has asked for"
            raise UsageError(f"--unused {name} {told}")
        case "warn" | "fail":
            return name
    raise UsageError(f"--unused {name}: expected ignore, warn or fail")


def check(options: ServerOptions) -> None:
    """Raises `UsageError` for options that cannot be combined."""
    if options.accepts and options.policy not in OFFLINE:
        raise UsageError("--accept is for replay: what is missing is recorded")
    if not options.asks_each:
        return
    if options.policy != "record":
        raise UsageError(
            f"--each is for recording: with {options.policy} nothing is recorded side by side"
        )
    if options.takes > 1:
        raise UsageError("--each and --takes do not go together: each upstream gives one take")
    if not options.coalesces:
        raise UsageError(
            "--each and --no-coalesce do not go together: equal requests would mix their takes"
        )
