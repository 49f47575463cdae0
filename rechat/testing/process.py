"""A server for programs and their tests: `rechat replay` or `rechat record` in a child process.

1. The child is a fresh interpreter with the command line that a person would type: nothing of the
   server is imported here, and no threads, event loops or signals are shared.
2. The child listens on a free port, and the first line of its output says which.
3. The child reads from a pipe whose other end is held here. However this process ends, its end of
   the pipe is closed then, and the child stops.
4. This process waits for the child, so the child is started before anything is imported that is
   needed only later.
"""

import os
import re
import secrets
import subprocess
import sys
import sysconfig
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

type _Path = str | os.PathLike[str]

_ADDRESS = re.compile(r"https?://\S+:\d+")
# The options of a server that a program starts.
_WATCHED = ("--quiet", "--until-eof")
# At most this many lines of the child's output are kept.
_LINES = 1000
# The child has this many seconds to stop before it is sent a signal.
_PATIENCE = 5.0


class _Child:
    """A running `rechat`, and its output."""

    def __init__(self, command: Sequence[str], token: str, folder: Path | None) -> None:
        self._said: deque[str] = deque(maxlen=_LINES)
        self._readers: list[threading.Thread] = []
        self._process = subprocess.Popen(  # noqa: S603
            # -P: modules in the working folder (a `random.py`) must not shadow others.
            [sys.executable, "-P", "-m", *command],
            cwd=folder,
            env=child_environment(os.environ) | {"RECHAT_TOKEN": token},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C in a terminal is for this process only.
            process_group=None if sys.platform == "win32" else 0,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    @property
    def said(self) -> str:
        return "\n".join(self._said.copy())  # the reading thread may be appending

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def address(self, timeout: float) -> str:
        """Wait until it listens, and return where. Raises `ServerError`."""
        assert self._process.stdout
        assert self._process.stderr
        self._listen_to(self._process.stderr)
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            self._process.kill()

        alarm = threading.Timer(timeout, give_up)
        alarm.start()
        try:
            first = self._process.stdout.readline()
        finally:
            alarm.cancel()
        found = _ADDRESS.match(first)
        if not found:
            code = self.stop()
            from rechat.values import ServerError  # noqa: PLC0415  # 4

            reason = f"{first}{self.said}".removeprefix("rechat: ").strip()
            silence = f"no sign after {timeout:g} s" if is_late.is_set() else f"exit code {code}"
            raise ServerError(reason or f"the server did not start: {silence}")
        self._listen_to(self._process.stdout)
        return found[0]

    def _listen_to(self, stream: IO[str]) -> None:
        """Read all output at all times: a child whose pipe is full would block for ever."""

        def read() -> None:
            self._said.extend(line.rstrip("\n") for line in stream)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        self._readers.append(reader)

    def kill(self) -> None:
        """Stop it at once."""
        self._process.kill()
        self.stop()

    def stop(self) -> int:
        """Let it stop, then force it; its exit code is not 0 if it failed, now or before."""
        process = self._process
        assert process.stdin
        # A fork of this process may hold the pipe open too: so a signal comes next.
        for end in (process.stdin.close, process.terminate, process.kill):
            end()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
                break
        for reader in self._readers:
            reader.join()
        for stream in (process.stdout, process.stderr):
            assert stream
            stream.close()
        return process.wait()


def child_environment(around: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child `rechat` that has to be the same version as this one."""
    own = {"NO_COLOR": "1", "PYTHONIOENCODING": "utf-8:backslashreplace"}
    home = str(Path(__file__).parents[2])
    if home not in sysconfig.get_paths().values():  # a checkout: the child has to use the same one
        others = filter(None, [around.get("PYTHONPATH")])
        own["PYTHONPATH"] = os.pathsep.join([home, *others])
    return {**around, **own}


class Server:
    """A server that runs while its `with` block does, in a working folder (default: the current
    one).
    """

    def __init__(
        self,
        command: Iterable[_Path],
        timeout: float = 60.0,
        *,
        needs_key: bool,
        folder: Path | None = None,
    ) -> None:
        self._command = [os.fspath(word) for word in command]
        self._timeout = timeout
        self._folder = folder
        self._needs_key = needs_key
        self._token = secrets.token_urlsafe(16)
        self._child: _Child | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """Where the server is, without a path: `http://localhost:PORT`. Raises `RuntimeError` if it
        is not running.
        """
        if not self._url:
            raise RuntimeError(
                "the server is not running: its address is known inside its `with` block"
            )
        return self._url

    @property
    def base_url(self) -> str:
        """The address for clients of OpenAI: `http://localhost:PORT/v1`."""
        return f"{self.url}/v1"

    @property
    def env(self) -> dict[str, str]:
        """The environment variables that point the clients of all APIs here, as `rechat run` sets
        them.
        """
        from rechat.values import client_environment  # noqa: PLC0415  # 4

        return client_environment(self.url, self._token, os.environ, needs_key=self._needs_key)

    @property
    def output(self) -> str:
        """What the server has printed so far: errors, and which transcripts it could not read."""
        return self._child.said if self._child else ""

    def _begin(self) -> _Child:
        self._child = _Child(self._command, self._token, self._folder)
        return self._child

    def __enter__(self) -> Self:
        """The server, ready to answer. Raises `ServerError` if it does not start."""
        if self._url:
            raise RuntimeError("the server is already running")
        child = self._child
        if not child or child.has_ended:
            child = self._begin()
        try:
            self._url = child.address(self._timeout)
        except BaseException:
            child.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server. Raises `ServerError` if it failed; if an exception is propagating, it
        gets a note about that instead.
        """
        assert self._child
        self._url = ""
        code = self._child.stop()
        if code:
            from rechat.values import ServerError  # noqa: PLC0415  # 4

            problem = f"the server ended with exit code {code}\n{self.output}".strip()
            if not error:
                raise ServerError(problem)
            error.add_note(f"rechat: {problem}")


class TestServer(Server):
    """A server for tests, in the root of their project. It asks its upstreams only if it
    `records`.
    """

    __test__ = False

    def __init__(self, folder: Path, upstreams: Iterable[str], *, records: bool) -> None:
        from rechat.values import need_key  # noqa: PLC0415  # 4

        named = [*upstreams]
        command = ["rechat.cli.serving.serve_tests", *named, *(["--record"] if records else [])]
        self._records = records
        super().__init__(command, needs_key=records and need_key(named), folder=folder)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server; one that has recorded nothing is killed at once."""
        if self._records or self.has_ended:
            super().__exit__(kind, error, traceback)
            return
        assert self._child
        self._url = ""
        self._child.kill()

    def begin(self) -> None:
        """Start the child early, for a `with` block that comes later."""
        self._begin()

    def discard(self) -> None:
        """Stop a child that was begun and is not needed; it got no requests."""
        if self._child:
            self._child.kill()
            self._child = None

    @property
    def token(self) -> str:
        """The token for the server's API."""
        return self._token

    @property
    def has_ended(self) -> bool:
        """Whether the server has ended without having been stopped."""
        return self._child is not None and self._child.has_ended

    def env_at(self, url: str) -> dict[str, str]:
        """The environment variables that point clients to an address at the server."""
        from rechat.values import client_environment  # noqa: PLC0415  # 4

        own = client_environment(url, self._token, os.environ, needs_key=self._needs_key)
        return own | {"RECHAT_URL": self.url}


class Replay(Server):
    """A server that answers from transcripts, and never from anywhere else.

    `paths` are files and folders (default: `transcripts`). Arguments that are not given are as in
    the settings of the project; `options` are further options of `rechat replay`. Raises
    `ServerError` on entering if the server has not started within `timeout` seconds.
    """

    def __init__(
        self,
        *paths: _Path,
        port: int = 0,
        on_miss: Literal["replay", "hold"] | None = None,
        fuzzy: float | None = None,
        pace: str | None = None,
        options: Iterable[str] = (),
        timeout: float = 60.0,
    ) -> None:
        given = _options(port=port, on_miss=on_miss, fuzzy=fuzzy, pace=pace)
        command = ("rechat", "replay", *paths, *given, *options, *_WATCHED)
        super().__init__(command, timeout, needs_key=False)


class Record(Server):
    """A server that answers from transcripts, asks an upstream for missing answers, and saves them.

    `upstreams` are as for `rechat record` (default: OpenAI), `to` is the folder (default:
    `transcripts`). Arguments that are not given are as in the settings of the project; `options`
    are further options of `rechat record`. Raises `ServerError` on entering if the server has not
    started within `timeout` seconds.
    """

    def __init__(
        self,
        *upstreams: str,
        to: _Path | None = None,
        port: int = 0,
        on_miss: Literal["record", "rerecord", "live", "hold"] | None = None,
        takes: int | None = None,
        options: Iterable[str] = (),
        timeout: float = 60.0,
    ) -> None:
        from rechat.values import need_key  # noqa: PLC0415  # 4

        folder = None if to is None else os.fspath(to)
        given = _options(to=folder, port=port, on_miss=on_miss, takes=takes)
        command = ("rechat", "record", *upstreams, *given, *options, *_WATCHED)
        super().__init__(command, timeout, needs_key=need_key(upstreams))


def _options(**given: str | float | None) -> list[str]:
    """The given options, as command-line arguments."""
    return [
        f"--{name.replace('_', '-')}={value}" for name, value in given.items() if value is not None
    ]
