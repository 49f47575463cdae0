"""A command of rechat that a program speaks to over its pipes."""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self


class Piped:
    """`python -m rechat ARGUMENTS` in a folder. When it is left it is asked to end, in the way of its
    protocol, and has ended: `code` says how.
    """

    def __init__(
        self, *arguments: str, folder: Path, errors: int | None, environment: dict[str, str]
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rechat", *arguments],
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        self.code = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._ask_to_end()
        else:
            self._process.kill()
        self.code = self._process.wait(20)
        self._in.close()
        self._out.close()

    def _ask_to_end(self) -> None:
        raise NotImplementedError
