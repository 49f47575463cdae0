"""The repository that a folder is in."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from rechat.web.live.repository import Followed
from rechat.web.live.repository import Repository
from rechat.web.live.repository import repository_of


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True)


@pytest.mark.parametrize(
    "url",
    [
        "git@gitlab.com:group/sub/project.git",
        "ssh://git@gitlab.com:2222/group/sub/project.git",
        "https://me:secret@gitlab.com/group/sub/project",
    ],
)
def test_it_is_read_from_the_files_of_git(tmp_path: Path, url: str) -> None:
    git(tmp_path, "init", "-q", "-b", "feature/x")
    git(tmp_path, "config", "user.name", "me")
    git(tmp_path, "remote", "add", "origin", url)
    (tmp_path / "inner").mkdir()
    expected = Repository(tmp_path, "gitlab.com", "group/sub/project", "feature/x")
    assert repository_of(tmp_path / "inner") == expected
    shown = {"host": "gitlab.com", "project": "group/sub/project", "branch": "feature/x"}
    assert expected.shown() == {"root": tmp_path.as_posix()} | shown


def test_a_worktree_has_its_own_branch(tmp_path: Path) -> None:
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "-q", "-b", "main")
    git(main, "remote", "add", "origin", "https://example.com/a/b.git")
    who = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
    git(main, *who, "commit", "-q", "--allow-empty", "-m", "x")
    git(main, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    found = repository_of(tmp_path / "other")
    assert found == Repository(tmp_path / "other", "example.com", "a/b", "other")


def test_none_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    assert repository_of(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert repository_of(tmp_path) == Repository(tmp_path)


def test_another_branch_is_noticed_but_not_at_each_look(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    now = 0.0
    followed = Followed(tmp_path, lambda: now)

    def branch() -> str:
        asyncio.run(followed.look())
        assert followed.found
        return followed.found.branch

    git(tmp_path, "checkout", "-q", "-b", "other")
    assert branch() == "main"
    now = 5.0
    assert branch() == "other"
