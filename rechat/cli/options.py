"""The options of the serving commands."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `rechat --help` needs none of the values
    from rechat.values import Policy

FOLDER = Path("transcripts")
EVERY_DUMP = "flows_*.dump"


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """The options that all serving commands share."""

    host: str
    port: int
    modes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    diff: bool = False
    fuzzy: float | None = None
    pace: str = "none"
    quiet: bool = False
    verbose: bool = False
    until_eof: bool = False
    origins: tuple[str, ...] = ()
    polls: bool = False
    also: tuple[str, ...] = ()
    only_upstreams: bool = False
    refuses_others: bool = False
    redirects: bool = False
    silent: bool = False
    collector: str = ""
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What to serve: a policy, the transcripts, and the upstreams. If it `has_sessions`, its
    clients name the transcripts.
    """

    common: CommonOptions
    policy: "Policy"
    roots: tuple[Path, ...]
    upstreams: tuple[str, ...] = ()
    takes: int = 1
    coalesces: bool = True
    authority: Path | None = None
    first_byte: float | None = None
    accepts: bool = False
    has_sessions: bool = False
    asks_each: bool = False
