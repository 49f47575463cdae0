"""File systems that do not report changes by other machines."""

import re
from collections.abc import Iterable
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = re.compile(
    r"(?a)nfs\d?|cifs|smb\w*|9p|afs|ceph|lustre|gpfs|virtiofs|fakeowner|vboxsf|prl_fs|vmhgfs|fuse\..*"
)
_ESCAPE = re.compile(r"\\([0-7]{3})")


def remote(paths: Iterable[Path]) -> tuple[Path, str] | None:
    """The first path on a file system that other machines may change, and its kind; None if there
    is none, or the system does not say.
    """
    mounts = _mounts()
    for path in paths:
        real = path.resolve()
        kind = next((mounts[one] for one in (real, *real.parents) if one in mounts), "")
        if _REMOTE.fullmatch(kind):
            return path, kind
    return None


def _mounts() -> dict[Path, str]:
    """The kinds of file systems, by where they are mounted."""
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        fields, _, system = line.partition(" - ")
        place = _ESCAPE.sub(lambda escape: chr(int(escape[1], 8)), fields.split()[4])
        found[Path(place)] = system.split()[0]
    return found
