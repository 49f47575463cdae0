"""A real git repository, of nobody's settings but the test's."""

import os
import subprocess
from pathlib import Path
from typing import Self

_AUTHOR = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_EDITOR": "true",
}


class Repository:
    """A working tree; `git` runs a command in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / ".git").exists():
            self.git("init", "--initial-branch=main")

    def git(self, *arguments: str, code: int = 0) -> str:
        """What git says, which ends with this code."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=os.environ | _AUTHOR,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said

    def commit(self, files: dict[str, str | bytes] | None = None, message: str = "change") -> None:
        """Write files, and commit all that is there."""
        for name, content in (files or {}).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--message", message)

    def clone(self, folder: Path, *settings: str) -> Self:
        """Another clone, with settings such as `core.autocrlf=true`."""
        options = [word for setting in settings for word in ("--config", setting)]
        self.git("clone", *options, str(self.folder), str(folder))
        return type(self)(folder)
