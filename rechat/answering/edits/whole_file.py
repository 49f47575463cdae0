"""The whole source of a transcript, saved as an editor would: whatever it says, unless somebody
else has changed the file meanwhile.
"""

from pathlib import Path

from rechat.answering.edits.edited_answer import ConflictError
from rechat.format import source
from rechat.store import Finding
from rechat.store import Rewrite
from rechat.store import Store
from rechat.store import check_text
from rechat.store import content_of
from rechat.store import put_in_place
from rechat.values import RechatError


def save_source(store: Store, name: str, before: str, after: str) -> list[Finding]:
    """Have a transcript of the store that says `before` say `after`; what is wrong with that now.
    Raises `ConflictError` if it says something else, `RechatError` if it is none of the store's,
    and `OSError` if the disk says no. Then nothing was written.
    """
    path = known_path(store, name)
    raw = content_of(path)
    now = source.decode(raw)
    if now != before:
        raise ConflictError(f"{name} has changed meanwhile: nothing was saved", now)
    if not put_in_place(store.home, Rewrite(path, raw, source.splice(raw, after))):
        raise ConflictError(f"{name} is being changed: nothing was saved", None)
    store.reload(path)
    return check_text(path, after, store.roots).findings


def known_path(store: Store, name: str) -> Path:
    """The path of one of the store's files. Raises `RechatError` for any other."""
    if not store.index.card(name) and name not in store.problems:
        raise RechatError(f"{name} is not a transcript of this folder")
    return Path(name)
