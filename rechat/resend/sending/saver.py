"""A process that reads and keeps the results of a load. To read a long answer takes milliseconds,
in which no other thread of its process runs Python: in the one that sends, all times would be late.

It ends when it has kept all that was sent to it, even if the other one was killed meanwhile.
"""

import multiprocessing
import signal
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

from filelock import FileLock

from rechat.resend.results.raw import Raw
from rechat.resend.results.run_folder import ResultFile
from rechat.values import own_patterns
from rechat.values import redact_also

type Spent = tuple[str, tuple[int, int] | None]
"""The model that answered, and its input and output tokens if it counts them."""


class Saver:
    """Begins the process, for as long as a block takes; it holds `lock` until it ends."""

    def __init__(self, lock: FileLock) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, there = context.Pipe()
        self._process = context.Process(
            target=_work, args=(there, lock.lock_file, own_patterns()), daemon=True
        )
        self._process.start()
        there.close()
        self._unanswered = 0

    def __enter__(self) -> Self:
        self._told()  # that it has begun
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._process.join()

    def keep(self, path: Path, results: Sequence[Raw]) -> Sequence[Spent]:
        """Hand results over, which are kept in a file of a run even if this process is killed; what
        is known of those before. Raises `OSError`.
        """
        try:
            self._connection.send((path, results))
        except OSError as error:
            raise ChildProcessError(_ENDED) from error
        self._unanswered += 1
        return self._heard(is_last=False)

    def flush(self) -> Sequence[Spent]:
        """Wait until all is kept that was handed over; what is known of the rest. Raises
        `OSError`.
        """
        return self._heard(is_last=True)

    def _heard(self, *, is_last: bool) -> Sequence[Spent]:
        spent: list[Spent] = []
        while self._unanswered and (is_last or self._connection.poll()):
            self._unanswered -= 1
            spent += self._told()
        return spent

    def _told(self) -> Sequence[Spent]:
        try:
            told: Sequence[Spent] | Exception = self._connection.recv()
        except (EOFError, ConnectionError) as error:
            raise ChildProcessError(_ENDED) from error
        if isinstance(told, Exception):
            raise told
        return told


_ENDED = "the process that keeps the results has ended"


def _work(connection: Connection, lock: str, secrets: Mapping[str, str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that sends
    redact_also(secrets)
    with FileLock(lock):
        connection.send(())
        _keep_all(connection)


def _keep_all(connection: Connection) -> None:
    files: dict[Path, ResultFile] = {}
    while True:
        try:
            path, results = connection.recv()
        except (EOFError, ConnectionError):
            return
        try:
            file = files.get(path) or files.setdefault(path, ResultFile(path))
            told: Sequence[Spent] | Exception = [_kept(one, file) for one in results]
        except Exception as error:  # noqa: BLE001  # told to the other process
            told = error
        connection.send(told)


def _kept(raw: Raw, file: ResultFile) -> Spent:
    result = raw.read()
    file.add(result)
    return result.model, result.tokens
