"""What is taken down of an exchange, as another process finds it."""

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rechat.resend.client import tape as module
from rechat.resend.client.tape import Tape
from rechat.resend.client.tape import erase
from rechat.resend.client.tape import records
from rechat.resend.client.tape import shelf
from rechat.resend.client.tape import tapes


@pytest.fixture(autouse=True)
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    module._root.cache_clear()
    yield tmp_path
    module._root.cache_clear()


def test_what_is_heard_is_there_before_the_tape_is_closed() -> None:
    with Tape("run/a") as tape:
        tape.send()
        tape.hear(b"half")
        (path,) = tapes("run/a")
        assert [(kind, data) for kind, _, data in records(path)] == [(b"?", b""), (b"+", b"half")]
        tape.end()
    assert [kind for kind, _, _ in records(path)] == [b"?", b"+", b"."]


def test_each_process_has_its_own_tape_of_a_question() -> None:
    for _ in range(2):
        with Tape("run/a") as tape:
            tape.send()
    assert len(tapes("run/a")) == 2
    assert tapes("run/b") == []


def test_a_record_that_was_cut_by_a_crash_is_none() -> None:
    with Tape("run/a") as tape:
        tape.send()
        tape.hear(b"whole")
    (path,) = tapes("run/a")
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        assert all(data in (b"", b"whole") for _, _, data in records(path))


def test_after_a_disk_that_is_full_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    with Tape("run/a") as tape:
        tape.send()
        file: Any = tape._file
        monkeypatch.setattr(tape, "_file", Full(file))
        tape.hear(b"lost")
        tape.end()
        file.close()
    (path,) = tapes("run/a")
    assert [kind for kind, _, _ in records(path)] == [b"?"]


class Full:
    """A file on a disk without room."""

    def __init__(self, file: Any) -> None:
        self.close = file.close

    def write(self, data: bytes) -> int:
        assert data
        return 0


def test_erased_tapes_leave_nothing(shelves: Path) -> None:
    for name in ("run/a", "run/b"):
        with Tape(name) as tape:
            tape.send()
    erase(["run/a"])
    assert len(tapes("run/b")) == 1
    erase(["run/a", "run/b"])
    assert [path for path in shelves.rglob("*") if path.parent != shelves] == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no such rights")
def test_nobody_else_may_read_a_tape(shelves: Path) -> None:
    with Tape("run/a") as tape:
        tape.send()
    (root,) = shelves.iterdir()
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    root.chmod(0o777)
    module._root.cache_clear()
    with Tape("run/b") as tape:
        tape.send()
    assert (tapes("run/b"), shelf()) == ([], ""), "a folder that others could have made is not used"


def test_without_a_folder_for_temporary_files_nothing_is_taken_down(
    shelves: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(shelves / "none"))
    with Tape("run/a") as tape:
        tape.send()
    assert tapes("run/a") == []


def test_a_question_without_a_name_is_not_taken_down(shelves: Path) -> None:
    with Tape("") as tape:
        tape.send()
    assert [*shelves.rglob("*.lock")] == []
    assert tapes("") == []


def test_tapes_of_the_day_before_are_removed(shelves: Path) -> None:
    with Tape("old/a") as tape:
        tape.send()
    (root,) = shelves.iterdir()
    os.utime(root / "old", (0, time.time() - 2 * 24 * 3600))
    with Tape("new/a") as tape:
        tape.send()
    module._root.cache_clear()
    assert (tapes("old/a"), len(tapes("new/a"))) == ([], 1)


def test_a_machine_is_told_from_others_by_its_shelf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = shelf()
    assert here == shelf() != ""
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    module._root.cache_clear()
    assert shelf() not in ("", here)
