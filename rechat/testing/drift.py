"""The answers of a test, requested again from the real upstream: `--rechat=verify`."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rechat.testing.process import child_environment


@dataclass(frozen=True, slots=True)
class Drift:
    """An answer that the upstream no longer gives: its place, and how the new one differs (`words`,
    `call`, …), in a line for people. There may be no new answer (`error`), or it may be impossible
    to ask for one (`unasked`).
    """

    place: str
    kind: str
    told: str

    def __str__(self) -> str:
        return f"{self.place}: {self.told}"


def drifted(
    places: Iterable[str], upstreams: Iterable[str], folder: Path, environment: Mapping[str, str]
) -> list[Drift]:
    """The answers at some places (`path:line`) that have changed, or that could not be requested.

    This waits for the upstream; nothing is saved.
    """
    chosen = [word for place in sorted(set(places)) for word in ("--place", place)]
    if not chosen:
        return []
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "rechat", "verify-tests", *upstreams, *chosen],
        cwd=folder,
        env=child_environment(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().removeprefix("rechat: ")
        return [Drift("not verified", "error", reason or f"exit code {done.returncode}")]
    return [Drift(**json.loads(line)) for line in done.stdout.splitlines()]
