"""Files that nobody ever sees half of."""

import os
import stat
from pathlib import Path

import pytest

from rechat.store import atomic
from rechat.store.atomic import hide_from_git
from rechat.store.atomic import make_folder
from rechat.store.atomic import remove_unfinished
from rechat.store.atomic import write_atomic
from rechat.store.atomic import write_new


def test_a_file_is_made_with_its_folder_and_never_written_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.json"
    write_new(path, b"one")
    written = path.stat().st_ino
    write_new(path, b"one")
    assert path.stat().st_ino == written


def test_an_atomic_write_keeps_the_mode_and_leaves_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    write_atomic(path, b"one")
    path.chmod(0o600)
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_is_for_whom_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a.md", b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o640


def test_nobody_else_reads_a_private_file_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.touch(0o600)
    modes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: modes.append(os.fstat(handle).st_mode))
    write_atomic(path, b"one")
    assert stat.S_IMODE(modes[0]) == 0o600


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_name_is_on_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_mode))
    write_atomic(tmp_path / "a.md", b"one")
    assert [stat.S_ISDIR(mode) for mode in synced] == [False, True]
    write_atomic(tmp_path / "b.md", b"two", is_lasting=False)
    assert len(synced) == 2


def test_what_a_crash_left_of_a_file_is_removed(tmp_path: Path) -> None:
    def crash(*_: object, **__: object) -> None:
        raise SystemError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        patch.setattr(Path, "unlink", crash)
        with pytest.raises(SystemError):
            write_atomic(tmp_path / "a.md", b"new")
    (tmp_path / ".a.md.swp").write_text("an editor's")
    [left] = [path for path in tmp_path.iterdir() if path.suffix != ".swp"]
    remove_unfinished(tmp_path, 60)
    assert left.exists()
    remove_unfinished(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".a.md.swp"]


def test_folders_are_made_and_found_after_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(atomic, "_sync_folder", synced.append)
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert synced == [tmp_path / "a", tmp_path]


def test_a_folder_that_git_ignores_says_so_once(tmp_path: Path) -> None:
    hide_from_git(tmp_path)
    assert (tmp_path / ".gitignore").read_bytes() == b"*\n"
    (tmp_path / ".gitignore").write_text("mine")
    hide_from_git(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "mine"


def test_a_file_that_lost_its_bytes_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_new(path, b"{\n}\n")
    path.write_bytes(b"{\r\n}\r\n")
    write_new(path, b"{\n}\n")
    assert path.read_bytes() == b"{\n}\n"
