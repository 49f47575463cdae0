"""The message in a terminal once the server listens: where, what it answers from, and how to use
its address.
"""

import shlex
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console as Terminal

from rechat.proxy import Upstream
from rechat.store import Store
from rechat.values import OFFLINE
from rechat.values import Policy


def address(host: str, port: int) -> str:
    """The address that a client on this machine uses."""
    name = "localhost" if host in ("", "0.0.0.0", "::") else host  # noqa: S104
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def greeting(
    policy: Policy, roots: Sequence[Path], store: Store, routes: Sequence[Upstream]
) -> str:
    """A line about what a server does with its transcripts."""
    held = f"{_count(store.index.answers, 'answer')} in {_count(len(store.index.paths), 'file')}"
    where = ", ".join(shlex.quote(str(root)) for root in roots) or "dumps"
    if policy in OFFLINE:
        waits = ", and waits for what is missing" if policy == "hold" else ""
        return f"replays {where} ({held}){waits}"
    return f"{policy} to {where} ({held}) from {', '.join(map(str, routes))}"


def say_more(talk: Terminal, others: Sequence[str], where: tuple[str, str] | None) -> None:
    """Print where else a server listens, and how to use its address and that of its page, if they
    are given.
    """
    lines = [f"also {other}" for other in others]
    if where:
        url, page = where
        lines += [f"export OPENAI_BASE_URL={url}/v1", f"look at it: {page}"]
    for line in lines:
        talk.print(line, style="dim", soft_wrap=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
