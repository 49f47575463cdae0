"""The merge driver for git: a transcript that two branches changed, and its registration.

Whatever happens here, the file has at least what git itself would have left in it.
"""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import typer

from rechat.format import parse
from rechat.format import source
from rechat.store import Joined
from rechat.store import join
from rechat.values import TranscriptError
from rechat.values import UsageError

# Git's message for a file that is not text.
_NO_TEXT = 128


def merge(base: Path, ours: Path, theirs: Path, name: str, marker_size: int) -> None:
    """Write the merge of both versions of a file into `ours`; exit with 1 if there is a
    conflict.
    """
    versions = [path.read_bytes() for path in (base, ours, theirs)]
    code = _merge_text(base, ours, theirs, marker_size)
    if code == 0 and _is_readable(ours.read_bytes()):
        return
    joined = _join(versions) if code < _NO_TEXT else None
    if joined:
        ours.write_bytes(source.splice(versions[1], joined.text))
        typer.echo(f"rechat: {name}: joined {_summary_of(joined)}", err=True)
        return
    typer.echo(
        f"rechat: {name}: both branches changed the same, which is for you to decide: "
        "`rechat lint` names the lines",
        err=True,
    )
    raise typer.Exit(1)


def _merge_text(base: Path, ours: Path, theirs: Path, marker_size: int) -> int:
    """Let git merge the lines; returns how many conflicts are left."""
    git = shutil.which("git")
    if not git:
        raise UsageError("git is not on PATH: `rechat merge` is called by it")
    labels = [word for label in ("ours", "base", "theirs") for word in ("-L", label)]
    command = [git, "merge-file", "--quiet", f"--marker-size={marker_size}", *labels]
    paths = [str(path) for path in (ours, base, theirs)]
    return subprocess.run([*command, *paths], check=False).returncode  # noqa: S603


def _is_readable(raw: bytes) -> bool:
    """Whether a merged text is a transcript, regardless of its links: the linked files may not
    exist yet.
    """
    try:
        parse(raw)
    except TranscriptError as error:
        return error.code == "unreadable-link"
    return True


def _join(versions: list[bytes]) -> Joined | None:
    try:
        return join(*map(source.decode, versions))
    except TranscriptError:
        return None


def _summary_of(joined: Joined) -> str:
    counts = [
        (joined.messages, "message"),
        (joined.takes, "take"),
        (joined.sections, "new section"),
    ]
    told = [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return ", ".join(told) or "what both say"


def teach_git(folder: Path) -> bool:
    """Register the merge driver in the clone that contains a folder; returns whether that changed
    anything.
    """
    git = shutil.which("git")
    inside = git and _git(git, folder, "rev-parse", "--is-inside-work-tree") == 0
    if not git or not inside:
        return False
    program = shutil.which("rechat", path=str(Path(sys.executable).parent))
    words = [program] if program else [sys.executable, "-m", "rechat"]
    command = shlex.join([Path(words[0]).as_posix(), *words[1:]])
    # If rechat is gone, git merges as it does without: no branch is left out.
    driver = (
        f"test -x {shlex.quote(Path(words[0]).as_posix())} && "
        f"exec {command} merge --marker-size %L %O %A %B %P; "
        "git merge-file --marker-size=%L %A %O %B"
    )
    setting = "merge.rechat.driver"
    # An older git does not support --fixed-value, and sets it a second time.
    if _git(git, folder, "config", "--fixed-value", "--get", setting, driver) == 0:
        return False
    # git refuses to merge with a driver that has a name and no command.
    if _git(git, folder, "config", setting, driver):
        return False
    _git(git, folder, "config", "merge.rechat.name", "join what both branches add to a transcript")
    return True


def _git(git: str, folder: Path, *arguments: str) -> int:
    command = [git, "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603
