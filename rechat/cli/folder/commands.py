"""The commands that keep a folder in order, as a person types them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.options import FOLDER
from rechat.cli.parameters import AsJson
from rechat.cli.parameters import Paths


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder to create.")] = FOLDER,
    github: Annotated[
        bool, typer.Option("--github", help="Write a workflow that checks the transcripts.")
    ] = False,
    gitlab: Annotated[
        bool, typer.Option("--gitlab", help="Write a job that checks the transcripts.")
    ] = False,
    pre_commit: Annotated[
        bool, typer.Option("--pre-commit", help="Write hooks that lay out and check transcripts.")
    ] = False,
    vscode: Annotated[
        bool, typer.Option("--vscode", help="Write a task that shows findings as problems.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create a folder with an example transcript.

    It gets settings for git, editors and formatters too. Files that exist are not changed.
    """
    from rechat.cli.folder.init import make_folder  # noqa: PLC0415

    hosts = {"github": github, "gitlab": gitlab, "pre-commit": pre_commit, "vscode": vscode}
    wanted = [name for name, is_wanted in hosts.items() if is_wanted]
    make_folder(folder, wanted, as_json=as_json)


def lint(
    path: Paths = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for warnings too, not only for errors.")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="First correct headings that can only mean one thing, and lay out the files as "
            "`rechat fmt` does.",
        ),
    ] = False,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="How findings are printed: text, json, github (annotations of a workflow), gitlab "
            "(a Code Quality report), or sarif.",
        ),
    ] = "text",
    as_json: AsJson = False,
) -> None:
    """Check transcripts for mistakes.

    Errors are files that cannot be read, and what looks like a secret. Warnings are answers that
    are never served, and what may not mean what its author thinks. Exit with 1 if there are errors.
    """
    from rechat.cli.folder.lint import lint as check  # noqa: PLC0415

    check(path or [FOLDER], form="json" if as_json else form, strict=strict, fix=fix)


def fmt(
    path: Paths = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="Write nothing; print what would change, exit with 1 if anything would."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Lay out transcripts as rechat writes them.

    Only blank lines, headings and the marks around texts change, never what a file answers. The
    paths of changed files are printed. The path - reads standard input and prints the result.
    """
    from rechat.cli.folder.fmt import fmt as format_files  # noqa: PLC0415

    format_files(path or [Path(FOLDER)], check=check, diff=diff, as_json=as_json)


def stats(path: Paths = None, as_json: AsJson = False) -> None:
    """Print statistics of transcripts.

    Files, sections, answers, tokens as the APIs count them, models, and when the answers were made.
    """
    from rechat.cli.folder.stats import stats as print_stats  # noqa: PLC0415

    print_stats(path or [Path(FOLDER)], as_json=as_json)


def prune(
    path: Paths = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove them.")] = False,
    as_json: AsJson = False,
) -> None:
    """List files that no transcript needs.

    These are assets that no transcript links to, and sidecars of answers that no longer exist. With
    --yes they are removed, unless a transcript cannot be read.
    """
    from rechat.cli.folder.prune import prune as prune_files  # noqa: PLC0415

    prune_files(path or [Path(FOLDER)], yes=yes, as_json=as_json)


def lsp() -> None:
    """Run a language server for editors.

    It shows mistakes as you type, completes roles, parts, settings and assets, and shows what a
    section answers. It uses standard input and output; the editor starts it.
    """
    from rechat.lsp import serve  # noqa: PLC0415

    raise typer.Exit(serve(sys.stdin.buffer, sys.stdout.buffer))


def mcp(
    path: Paths = None,
    port: Annotated[
        int,
        typer.Option(
            "--port",
            "-p",
            envvar="RECHAT_PORT",
            min=0,
            max=65535,
            metavar="PORT",
            help="Port of the running server; 0 stands for the one whose `rechat run` started "
            "the agent, or else 8910.",
        ),
    ] = 0,
) -> None:
    """Run an MCP server for agents.

    Its tools (Model Context Protocol, over standard input and output) show what a running rechat
    was asked and why it missed, write answers for misses, and read the transcripts of a folder. The
    agent starts it.
    """
    from rechat.cli.folder.mcp import serve  # noqa: PLC0415

    raise typer.Exit(serve(path or [Path(FOLDER)], port=port))


def merge(
    base: Annotated[
        Path, typer.Argument(metavar="BASE", help="The common ancestor of both versions.")
    ],
    ours: Annotated[
        Path,
        typer.Argument(metavar="OURS", help="The current version; it is replaced by the merge."),
    ],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="The other version.")],
    name: Annotated[
        str, typer.Argument(metavar="[PATH]", help="The name of the file in the repository.")
    ] = "",
    marker_size: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="The length of conflict markers."),
    ] = 7,
) -> None:
    """Merge two versions of a transcript.

    git calls it, if `rechat init` was run in the clone. If both branches added turns or takes, the
    result has those of both; turns that continue differently become a separate section. What git
    can merge by itself is merged as usual. Exit with 1 if there is a conflict.
    """
    from rechat.cli.folder import git  # noqa: PLC0415

    git.merge(base, ours, theirs, name or str(ours), marker_size)
