"""`rechat init`: a folder to start with, and settings that keep git, editors and formatters from
damaging it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from rechat.cli.folder.git import teach_git
from rechat.cli.folder.hosts import write_host
from rechat.store import check_checked_out
from rechat.store import protect
from rechat.store import transcripts_in
from rechat.values import UsageError
from rechat.values import jsontext

HELLO = """\
# Hello

The quotes below the headings are the conversation; everything else, like this line, is commentary.
Each `### assistant` answers everything above it. Change the answer, save, and ask again.

### user

<blockquote>

Hello!

</blockquote>

### assistant

<blockquote>

Hello! I am a file: `hello.md`.

</blockquote>
"""

_IGNORED = ".markdownlintignore"


def make_folder(folder: Path, hosts: Iterable[str] = (), *, as_json: bool = False) -> None:
    """Create the folder and its files, and those of the hosts; existing files are left alone.
    Prints what was done.
    """
    done: list[str] = []
    say = done.append if as_json else typer.echo
    try:
        _make(folder, say)
        for host in hosts:
            write_host(host, folder, say)
    except BrokenPipeError:  # who reads what was done reads no more of it
        raise
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from None
    if as_json:
        told = {"folder": folder.as_posix(), "done": done}
        typer.echo(jsontext.dump(told, jsontext.INDENTED))
    typer.echo(f"now run: rechat replay {folder.as_posix()}", err=True)


def _make(folder: Path, say: Callable[[str], object]) -> None:
    check_checked_out(folder)
    folder.mkdir(parents=True, exist_ok=True)
    hello = folder / "hello.md"
    if hello.exists():
        typer.echo(f"{hello.as_posix()} already exists", err=True)
    elif not any(transcripts_in(folder)):
        hello.write_text(HELLO, "utf-8", newline="\n")
        say(hello.as_posix())
    for path in protect(folder):
        say(path.as_posix())
    if not folder.is_absolute() and ".." not in folder.parts:
        _ignore(Path(_IGNORED), folder, say)
    _tell_of_git(folder, say)


def _tell_of_git(folder: Path, say: Callable[[str], object]) -> None:
    """Set up the merge driver, which git takes from no repository by itself."""
    if not teach_git(folder):
        return
    say("git config merge.rechat.driver")
    typer.echo(
        "git now joins the turns and takes that two branches add to a transcript, in this clone: "
        "run `rechat init` in other clones too",
        err=True,
    )
    attributes = folder / ".gitattributes"
    if "merge=rechat" not in attributes.read_text("utf-8"):
        typer.echo(f"add this line to {attributes.as_posix()}: *.md merge=rechat", err=True)


def _ignore(listed: Path, folder: Path, say: Callable[[str], object]) -> None:
    """Add a folder to a list of what is ignored, where the tools are started."""
    line = f"{folder.as_posix()}/"
    before = listed.read_text("utf-8") if listed.exists() else ""
    if line in before.splitlines():
        return
    end = "\n" if before and not before.endswith("\n") else ""
    listed.write_text(f"{before}{end}{line}\n", "utf-8", newline="\n")
    say(f"{listed.as_posix()}: {line}")
