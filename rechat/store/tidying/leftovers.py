"""Files beside transcripts that nothing needs any more: assets that none links to, and the wire
detail of answers that are not there.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from rechat.store.folder import Store
from rechat.store.paths import assets_in
from rechat.store.sidecars import WIRE
from rechat.store.sidecars import stem_of
from rechat.values import Reply

# "4eca711f6f97626ec146daa3.stream", or with the number of an equal answer.
_SIDECAR = re.compile(r"(?P<stem>[0-9a-f]{24})(?:-[0-9a-f]+)?\.[\w-]+")


def leftovers(store: Store) -> Iterator[Path]:
    """The files that nothing needs, in order. The store has to be loaded, without problems: what a
    transcript that cannot be read links to is not known.
    """
    linked = {Path(name).resolve() for name in store.links()}
    answers = set(_stems(store))
    for root in store.roots:
        if root.is_dir():
            yield from (path for path in assets_in(root) if path.resolve() not in linked)
            for folder in sorted(root.rglob(WIRE)):
                for path in sorted(folder.iterdir()):
                    found = _SIDECAR.fullmatch(path.name)
                    if found and found["stem"] not in answers:
                        yield path


def _stems(store: Store) -> Iterator[str]:
    for path in store.index.paths:
        for section in store.index.sections(path):
            for entry in section.entries:
                if isinstance(entry, Reply) and entry.answer is not None:
                    yield stem_of(entry.answer)
