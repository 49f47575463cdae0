"""Files read by other processes."""

import os
from collections.abc import Callable
from pathlib import Path

from rechat.store.parallel import read_side_by_side


def reader(prefix: str) -> Callable[[Path], tuple[str, int]]:
    """What each process reads with; it has to stand at the top of a module."""
    return lambda path: (prefix + path.read_text(), os.getpid())


def test_each_file_is_read_once_in_order_and_elsewhere(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(120)]
    for number, path in enumerate(paths):
        path.write_text(str(number))
    found = list(read_side_by_side(paths, reader, "file "))
    assert [text for text, _ in found] == [f"file {number}" for number in range(120)]
    assert os.getpid() not in {process for _, process in found}
