"""What mitmproxy's `local` mode needs of a machine, which it does not check itself: started
without, it says that it is up, and intercepts nothing.
"""

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

_KERNEL = (6, 8)
_RELEASE = re.compile(r"(\d+)\.(\d+)")
_MODE = re.compile(r"local(?=$|:)")
# Linux compares the whole name of a process: `python3.13` is not `python`.
_PYTHONS = ("python", "python3", *(f"python3.{minor}" for minor in range(9, 17)))


def is_local(spec: str) -> bool:
    """Whether a mode is `local`."""
    return bool(_MODE.match(spec))


def widened(spec: str, system: str = sys.platform) -> str:
    """The mode with all names of Python in place of `python`."""
    if not is_local(spec) or system != "linux":
        return spec
    mode, colon, names = spec.partition(":")
    found = [
        other
        for name in names.split(",")
        for other in (_PYTHONS if name.strip() == "python" else (name.strip(),))
    ]
    return mode + colon + ",".join(dict.fromkeys(found))


class Machine:
    """What is looked at; the root is another in tests. Where the mode is limited to a group of
    processes, that `has_group` has seen to the groups and to sudo.
    """

    def __init__(
        self,
        root: Path = Path("/"),
        which: Callable[[str], str | None] = shutil.which,
        release: str | None = None,
        *,
        has_group: bool = False,
    ) -> None:
        self._has_group = has_group
        self._root = root
        self._which = which
        self._release = release if release is not None else platform.release()

    def missing(self, system: str = sys.platform) -> str:
        """What the machine lacks for `local`, and what to do; empty if nothing does."""
        return next(filter(None, self._problems()), "") if system == "linux" else ""

    def _problems(self) -> list[str]:
        whole = [] if self._has_group else [self._groups(), self._sudo()]
        return [self._kernel(), self._tunnel(), *whole]

    def _kernel(self) -> str:
        release = _RELEASE.match(self._release)
        if release and (int(release[1]), int(release[2])) < _KERNEL:
            return f"Linux {self._release} is too old: it needs 6.8 or newer"
        return ""

    def _groups(self) -> str:
        groups = self._root / "sys/fs/cgroup"
        if (groups / "cgroup.controllers").exists():
            return ""
        if (groups / "unified/cgroup.controllers").exists():
            return (
                f"{groups} is cgroup v1 with v2 beside it (hybrid), it needs v2 alone: "
                "boot with systemd.unified_cgroup_hierarchy=1"
            )
        return f"{groups} is not cgroup v2: boot with systemd.unified_cgroup_hierarchy=1"

    def _tunnel(self) -> str:
        if (self._root / "dev/net/tun").exists():
            return ""
        return "/dev/net/tun is missing: modprobe tun, or in a container --device /dev/net/tun"

    def _sudo(self) -> str:
        if self._which("sudo"):
            return ""
        who = "root, too, " if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
        return f"sudo is missing, by which {who}starts the redirector: install it"
