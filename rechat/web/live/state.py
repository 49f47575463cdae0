"""The state of the whole server, a few times a second."""

from collections.abc import Iterable
from pathlib import Path

from rechat.answering import Endpoint
from rechat.observe import Log
from rechat.store import Store
from rechat.values import JsonObject
from rechat.web.live.repository import Repository


def state_of(
    endpoint: Endpoint,
    store: Store,
    log: Log,
    held: Iterable[str],
    repository: Repository | None,
) -> JsonObject:
    """The policy, the folder, the counts, and which places wait for a person (`held`)."""
    return {
        "policy": endpoint.policy,
        "is_offline": endpoint.is_offline,
        "folder": Path.cwd().as_posix(),
        "repository": repository.shown() if repository else None,
        "latest": log.latest,
        "answers": store.index.answers,
        "files": len(store.index.paths),
        "version": store.index.version,
        "problems": len(store.problems),
        "held": sorted(held),
    }
