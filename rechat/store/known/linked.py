"""The files that transcripts link to."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from rechat.format import as_meant
from rechat.format import reader
from rechat.store.known.files import content_of
from rechat.store.known.files import digest_of
from rechat.store.known.files import stamp_if_any
from rechat.store.known.files import telling
from rechat.store.known.index_file import Link
from rechat.values import Transcript

# "www.example.org/a.png", "//example.org/a.png": an address without its scheme.
_HOST = re.compile(r"//|www\.")


def parse(roots: Sequence[Path], path: Path, text: str, links: dict[str, Link]) -> Transcript:
    """The transcript in the text of a file; `links` gets the files that it links to. Raises
    `TranscriptError`.
    """
    return reader.parse(text, lambda link: read(roots, path, link, links))


def read(roots: Sequence[Path], path: Path, link: str, links: dict[str, Link]) -> bytes:
    """The bytes of a link in a transcript, with line endings restored: beside the file, else in the
    folder's assets; never from outside the folder. Raises `OSError`.
    """
    folder = path.parent.resolve()
    root = next((root for root in roots if root in path.parents), path.parent).resolve()
    for name in (link, os.path.relpath(root / link, folder)):
        target = (folder / name).resolve()
        if root in target.parents or folder in target.parents:
            # The stamp comes first, so that a write during the read is noticed.
            stamp = stamp_if_any(target)
            links[name] = Link(telling(stamp), "")
            if target.is_file():
                content = content_of(target)
                links[name] = Link(telling(stamp), digest_of(content))
                return as_meant(link, content)
    hint = " (a URL begins with https://)" if _HOST.match(link) else ""
    raise FileNotFoundError(f"{link} does not exist{hint}")
