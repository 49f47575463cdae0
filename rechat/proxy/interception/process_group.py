"""A group of processes (cgroup v2) for a program and all that it starts, to which the `local` mode
is limited on Linux.

mitmproxy's redirector catches what the group at `/sys/fs/cgroup` holds, which is everything on the
machine. It is started by `sudo`, so another `sudo` is put in its place, which starts it where our
group is at that path: in a mount namespace that nobody else sees.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rechat.values import UsageError

_ROOT = Path("/")
_UNIFIED = "0::"
# `$0` is the group, and what follows the command.
_ENTER = 'echo $$ > "$0"/cgroup.procs && exec "$@"'
_ENTER_BY_SUDO = """sudo -n sh -c 'echo "$1" > "$0"/cgroup.procs' "$0" $$ && exec "$@" """
_SUDO = """\
#!/bin/sh
group={group}
while [ "${{1#-}}" != "$1" ]; do shift; done
case "$1" in *redirector*)
    set -- unshare --mount sh -c 'mount --bind "$0" /sys/fs/cgroup && exec "$@"' "$group" "$@" ;;
esac
exec {root} "$@"
"""


class ProcessGroup:
    """A group that exists; `as_root` is the command by which root's are run."""

    def __init__(self, path: Path, as_root: Sequence[str]) -> None:
        self._path = path
        self._as_root = as_root

    def inside(self, command: Sequence[str]) -> list[str]:
        """A command that enters the group, and then becomes this one."""
        script = _ENTER_BY_SUDO if self._as_root else _ENTER
        return ["sh", "-c", script, str(self._path), *command]

    @contextmanager
    def is_all(self) -> Iterator[None]:
        """Have redirectors that are started meanwhile take the group for all there is."""
        path = os.environ.get("PATH", "")
        root = shlex.join([*self._as_root, "--preserve-env"] if self._as_root else [])
        script = _SUDO.format(root=root, group=shlex.quote(str(self._path)))
        with tempfile.TemporaryDirectory(prefix="rechat-") as folder:
            sudo = Path(folder, "sudo")
            sudo.write_text(script, "utf-8")
            sudo.chmod(0o700)
            os.environ["PATH"] = os.pathsep.join([folder, path])
            try:
                yield
            finally:
                os.environ["PATH"] = path


@contextmanager
def process_group(warn: Callable[[str], None]) -> Iterator[ProcessGroup]:
    """A new group below the one that we are in; what is left in it at the end is told. Raises
    `UsageError` if it cannot be made.
    """
    path = own_group() / f"rechat-{os.getpid()}"
    as_root = _as_root()
    _run([*as_root, "mkdir", str(path)])
    try:
        yield ProcessGroup(path, as_root)
    finally:
        try:
            _run([*as_root, "rmdir", str(path)])
        except UsageError as error:
            warn(f"{error}: a program that was started there still runs")


def own_group(root: Path = _ROOT) -> Path:
    """The folder of the group that we are in. Raises `UsageError` where there is no cgroup v2."""
    groups = (root / "proc/self/cgroup").read_text("utf-8").splitlines()
    own = next((line.removeprefix(_UNIFIED) for line in groups if line.startswith(_UNIFIED)), None)
    for line in (root / "proc/self/mountinfo").read_text("utf-8").splitlines():
        before, _, after = line.partition(" - ")
        mounted, at = before.split(" ")[3:5]
        if after.startswith("cgroup2 ") and own and Path(own).is_relative_to(mounted):
            return root / at.lstrip("/") / Path(own).relative_to(mounted)
    raise UsageError(
        "--mode local: cgroup v2 is not mounted, by which a program is told from others"
    )


def _as_root() -> list[str]:
    for program in ("unshare", *([] if os.geteuid() == 0 else ["sudo"])):
        if not shutil.which(program):
            raise UsageError(f"--mode local: {program} is missing: install it")
    return [] if os.geteuid() == 0 else [str(shutil.which("sudo"))]


def _run(command: Sequence[str]) -> None:
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603  # ours
    if ended.returncode:
        raise UsageError(f"--mode local: {ended.stderr.strip()}")
