"""Loads the folder that a server answers from, or creates the one it records to."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console as Terminal

from rechat.cli.options import ServerOptions
from rechat.observe import Console
from rechat.observe import visible
from rechat.proxy import dumps
from rechat.store import NOT_CHECKED_OUT
from rechat.store import Store
from rechat.store import check_checked_out
from rechat.store import missing_submodules_in
from rechat.store import protect
from rechat.values import UsageError

# A progress bar that disappears at once would only flicker.
_PATIENCE = 0.5
# A log does not report a load that takes less than this many seconds.
_LONG = 2.0
# Bytes of transcripts kept in memory; the rest is read on demand.
TEXTS = 16 << 20


def load(options: ServerOptions, talk: Terminal, console: Console) -> Store:
    """The loaded store, with a progress bar in a terminal if that takes long; a new folder gets its
    settings. Files that cannot be read are reported on the console.
    """
    records = options.policy != "replay" and not options.has_sessions
    store = Store(options.roots, limit=TEXTS, is_kept=True)
    is_new = records and _is_new(store.home)
    if is_new:
        check_checked_out(store.home)
        _make_folder(store.home)
    if records:
        store.tidy()
    if records and not options.roots[0].exists():
        pass  # a file that begins with the first recording
    elif options.common.quiet:
        store.load()
    elif talk.is_interactive:
        _load_watched(store, talk)
    else:
        store.load(_teller(talk))
    if is_new:
        _protect(store.home, None if options.common.quiet else talk)
    for problem in store.problems.values():
        console.problem(problem)
    if not options.has_sessions:
        console.behind(store.index.all_behind())
    for folder in (folder for root in options.roots for folder in missing_submodules_in(root)):
        console.warn(f"{folder} {NOT_CHECKED_OUT}")
    if records and options.policy != "live" and not os.access(store.home, os.W_OK):
        console.warn(f"{store.home} cannot be written: answers are not saved")
    dumps.load(options.common.flows, store.index, console.warn)
    return store


def _is_new(folder: Path) -> bool:
    """Whether a folder is missing or empty: a container gets an empty one that is mounted."""
    if not folder.exists():
        return True
    return folder.is_dir() and os.access(folder, os.W_OK) and not any(folder.iterdir())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from None


def _protect(folder: Path, talk: Terminal | None) -> None:
    try:
        named = ", ".join(path.name for path in protect(folder))
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from None
    if talk:
        told = f"{folder} is new: {named} in it keep git, editors and formatters from changing it"
        talk.print(visible(told), soft_wrap=True, style="dim")


def _teller(
    talk: Terminal, clock: Callable[[], float] = time.monotonic
) -> Callable[[int, int], None]:
    """A function that reports once, where there is no progress bar, that loading takes a while."""
    start = clock()
    is_told = False

    def done(number: int, count: int) -> None:
        nonlocal is_told
        if not is_told and number < count and clock() - start > _LONG:
            is_told = True
            talk.print(f"loading {count} files", style="dim")

    return done


def _load_watched(store: Store, talk: Terminal) -> None:
    from rich.progress import BarColumn  # noqa: PLC0415  # seen at a terminal only
    from rich.progress import MofNCompleteColumn  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415
    from rich.progress import TextColumn  # noqa: PLC0415

    columns = (TextColumn("loading"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=talk, transient=True) as progress:
        task = progress.add_task("loading", total=None, visible=False)

        def done(number: int, count: int) -> None:
            is_slow = (progress.tasks[0].elapsed or 0) > _PATIENCE
            progress.update(task, completed=number, total=count, visible=is_slow)

        store.load(done)
