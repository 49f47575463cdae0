"""Transcripts as source: checked before they are saved, saved, and promoted."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from rechat.answering import Endpoint
from rechat.answering import Promoted
from rechat.answering import known_path
from rechat.store import Finding
from rechat.store import Store
from rechat.store import check_text
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import jsontext
from rechat.web.acting.bodies import texts_in
from rechat.web.texts import shown_sections


async def change_file(endpoint: Endpoint, store: Store, action: str, body: bytes) -> JsonObject:
    """The result of an action on a transcript: `check` returns the messages and findings of a
    `text` for the `path`; `save` replaces `before` with it; `promote` turns a recording into a
    hand-written file. Raises `RechatError` if it cannot be done, `ConflictError` if the file has
    changed meanwhile, `OSError` if the disk fails.
    """
    match action:
        case "check":
            path, text = texts_in(body, "path", "text")
            return await endpoint.thread.read(partial(_checked, store, path, text))
        case "save":
            path, before, text = texts_in(body, "path", "before", "text")
            findings = await endpoint.edits.save_source(path, before, text)
            return {"path": path, "findings": _shown(findings)}
    path, to = texts_in(body, "path", "to")
    promoted = await endpoint.edits.promote(path, to, _kept(body))
    return _moved(promoted)


def _moved(promoted: Promoted) -> JsonObject:
    absolute = Path(promoted.path).absolute().as_posix()
    return {"place": promoted.path, "absolute": absolute, "source": promoted.source}


def _checked(store: Store, path: str, text: str) -> JsonObject:
    checked = check_text(known_path(store, path), text, store.roots)
    return {"sections": shown_sections(checked.sections), "findings": _shown(checked.findings)}


def _shown(findings: Iterable[Finding]) -> list[Json]:
    return [{"line": one.line, "level": one.level, "message": one.message} for one in findings]


def _kept(body: bytes) -> list[str]:
    try:
        names = jsontext.parse_object(body).get("settings")
    except JsonError:
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
