"""A program and all that it starts, apart from everything else. Here the group is a plain folder:
`tests/e2e/test_namespaces.py` has a real one.
"""

import os
import subprocess
from pathlib import Path

import pytest

from rechat.proxy.interception.process_group import ProcessGroup
from rechat.proxy.interception.process_group import own_group
from rechat.proxy.interception.process_group import process_group
from rechat.values import UsageError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="groups are of Linux")
SUDO = '#!/bin/sh\nprintf "%s " "$@" >> "{0}/asked"\nshift\nexec "$@"\n'


def program(folder: Path, name: str, script: str) -> Path:
    file = folder / name
    file.write_text(script)
    file.chmod(0o700)
    return file


def ran(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def mounted(root: Path, own: str, *mounts: str) -> Path:
    """A system whose kernel says this of its groups."""
    folder = root / "proc/self"
    folder.mkdir(parents=True)
    (folder / "cgroup").write_text(f"4:memory:/user\n{own}")
    lines = ("22 1 0:21 / /proc rw - proc proc rw", *mounts)
    (folder / "mountinfo").write_text("".join(f"{line}\n" for line in lines))
    return root


@pytest.mark.parametrize(
    ("own", "mount", "found"),
    [
        ("0::/a/b\n", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "sys/fs/cgroup/a/b"),
        ("0::/\n", "30 1 0:26 / /sys/fs/cgroup/unified rw - cgroup2 c rw", "sys/fs/cgroup/unified"),
        ("0::/a/b\n", "30 1 0:26 /a /groups rw shared:9 - cgroup2 cgroup2 rw", "groups/b"),
    ],
)
def test_the_group_that_we_are_in_is_found(
    *, own: str, mount: str, found: str, tmp_path: Path
) -> None:
    assert own_group(mounted(tmp_path, own, mount)) == tmp_path / found


@pytest.mark.parametrize(
    ("own", "mount"),
    [
        ("", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"),
        ("0::/\n", "30 1 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"),
        ("0::/a\n", "30 1 0:26 /b /sys/fs/cgroup rw - cgroup2 cgroup2 rw"),
    ],
)
def test_without_such_groups_there_is_an_error(*, own: str, mount: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cgroup v2"):
        own_group(mounted(tmp_path, own, mount))


def test_a_command_enters_the_group_and_then_becomes_another(tmp_path: Path) -> None:
    group = ProcessGroup(tmp_path, ())
    said = ran(*group.inside(["sh", "-c", 'echo $$ "$1"', "sh", "two words"]))
    pid = (tmp_path / "cgroup.procs").read_text().strip()
    assert said == f"{pid} two words\n"


def test_who_is_not_root_enters_it_by_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "sudo", SUDO.format(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    group = tmp_path / "the group"
    group.mkdir()
    said = ran(*ProcessGroup(group, ("sudo",)).inside(["sh", "-c", "echo $$"]))
    assert (group / "cgroup.procs").read_text() == said
    assert (tmp_path / "asked").read_text().startswith("-n sh -c")


@pytest.mark.parametrize("is_root", [True, False])
def test_a_redirector_finds_the_group_where_that_of_all_is(
    *, is_root: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "unshare", '#!/bin/sh\nprintf "%s|" "$@"\n')
    sudo = program(tmp_path, "sudo", SUDO.format(tmp_path))
    path = f"{tmp_path}:{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    with ProcessGroup(Path("/groups/a b"), () if is_root else (str(sudo),)).is_all():
        assert ran("sudo", "echo", "-n", "word") == "word"
        words = ("--non-interactive", "--preserve-env", "/bin/mitmproxy-linux-redirector", "/tmp/x")
        _, shell, option, mount, *rest = ran("sudo", *words).split("|")
    assert (shell, option) == ("sh", "-c")
    assert mount.startswith('mount --bind "$0" /sys/fs/cgroup && exec')
    assert rest == ["/groups/a b", "/bin/mitmproxy-linux-redirector", "/tmp/x", ""]
    assert os.environ["PATH"] == path
    assert (tmp_path / "asked").exists() is not is_root


def test_a_group_is_there_as_long_as_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("rechat.proxy.interception.process_group.own_group", lambda: tmp_path)
    monkeypatch.setattr("rechat.proxy.interception.process_group._as_root", list)
    group = tmp_path / f"rechat-{os.getpid()}"
    with process_group(told.append):
        assert group.is_dir()
    assert not group.exists()
    with process_group(told.append):
        (group / "left").touch()
    [line] = told
    assert line.endswith("a program that was started there still runs")
    with pytest.raises(UsageError, match="mkdir"), process_group(told.append):
        pass


def test_what_it_needs_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("rechat.proxy.interception.process_group.own_group", lambda: tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="unshare is missing"), process_group(print):
        pass
