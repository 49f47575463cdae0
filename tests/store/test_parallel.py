"""Files read by other processes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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


# A reader that only a copy of this process has: processes from scratch would not find it.
PROGRAM = """
import sys
from pathlib import Path
from rechat.store.parallel import read_side_by_side

def reader(prefix):
    return lambda path: prefix + path.read_text()

paths = [Path(name) for name in sys.argv[1:]]
print(*read_side_by_side(paths, reader, "file "), sep=", ")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes start from scratch")
def test_a_program_without_threads_reads_with_copies_of_itself(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text(str(number))
    command = [sys.executable, "-c", PROGRAM, *map(str, paths)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("file 0, file 1, file 2\n", "")
