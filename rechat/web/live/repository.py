"""The git repository of a folder, as far as git's own files describe it: for links to a web
editor.
"""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rechat.values import JsonObject

# "git@gitlab.com:group/project.git", which is no URL.
_SHORT = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:]+):(?!//)(?P<path>.+)")
_ORIGIN = re.compile(r'^\[remote "origin"\][^\[]*?^\s*url\s*=\s*(?P<url>\S+)', re.MULTILINE)
_BRANCH = re.compile(r"ref: refs/heads/(\S+)")
# It takes at most this many seconds until a change of the branch is noticed.
_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class Repository:
    """Its root, and the host, the project and the branch at its origin; empty where there is
    none.
    """

    root: Path
    host: str = ""
    project: str = ""
    branch: str = ""

    def shown(self) -> JsonObject:
        """Its JSON for the page."""
        return {
            "root": self.root.as_posix(),
            "host": self.host,
            "project": self.project,
            "branch": self.branch,
        }


def repository_of(folder: Path) -> Repository | None:
    """The repository of a folder; None if it is in none."""
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            try:
                return _read(root)
            except (OSError, UnicodeDecodeError):
                return Repository(root)
    return None


class Followed:
    """The repository of a folder, as of the last look."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._looked = clock()
        self.found = repository_of(folder)

    async def look(self) -> None:
        """Read it again, off the loop, unless that was done recently."""
        now = self._clock()
        if now - self._looked >= _EVERY:
            self._looked = now
            self.found = await asyncio.to_thread(repository_of, self._folder)


def _read(root: Path) -> Repository:
    git = root / ".git"
    if git.is_file():  # a worktree, or a submodule
        git = root / git.read_text("utf-8").removeprefix("gitdir:").strip()
    shared = git / "commondir"
    config = (git / shared.read_text("utf-8").strip() if shared.is_file() else git) / "config"
    head = _BRANCH.match((git / "HEAD").read_text("utf-8"))
    origin = _ORIGIN.search(config.read_text("utf-8"))
    host, project = _place_of(origin["url"]) if origin else ("", "")
    return Repository(root, host, project, head[1] if head else "")


def _place_of(url: str) -> tuple[str, str]:
    """Host and project of a remote's URL, without the names and keys that it may contain."""
    if short := _SHORT.fullmatch(url):
        host, path = short["host"], short["path"]
    else:
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path
    return host, path.strip("/").removesuffix(".git")
