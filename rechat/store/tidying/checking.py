"""What is wrong with the text of one transcript, before it is saved."""

from collections.abc import Sequence
from pathlib import Path

from rechat.format import as_meant
from rechat.format import reader
from rechat.index import Index
from rechat.store import handwritten
from rechat.store.known import content_of
from rechat.store.known import linked
from rechat.store.lint import Finding
from rechat.store.lint import lint
from rechat.values import TranscriptError


def check_text(path: Path, text: str, roots: Sequence[Path] = ()) -> tuple[Index, list[Finding]]:
    """An index with the text, which stands for the file at `path`, and what is found in it. The
    index is empty if it cannot be read. Other files do not count. With `roots`, it has links only
    to what is below them, as in the store.
    """
    name, index = path.as_posix(), Index(explains=False)

    def read_asset(link: str) -> bytes:
        if roots:
            return linked.read(roots, path, link, {})
        return as_meant(link, content_of(path.parent / link))

    try:
        transcript = reader.parse(text, read_asset)
        handwritten.check(transcript)
    except TranscriptError as error:
        return index, [Finding(name, error.line, "error", error.message, error.code)]
    index.put(name, transcript)
    return index, lint(index, {name: text})
