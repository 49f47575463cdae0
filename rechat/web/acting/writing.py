"""Writes a question or its answer into the transcripts: a blank, an answer, an edited answer, an
accepted question.
"""

from pathlib import Path

from rechat.answering import EditedText
from rechat.answering import Endpoint
from rechat.observe import JournalEntry
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.web.acting.bodies import text_in
from rechat.web.acting.bodies import texts_in


async def write(endpoint: Endpoint, entry: JournalEntry, action: str, body: bytes) -> JsonObject:
    """The new place. Raises `RechatError` if it cannot be done, `ConflictError` if the file has
    changed meanwhile, `OSError` if the disk fails.
    """
    request, edits = entry.request, endpoint.edits
    if not request:
        raise RechatError("what was asked could not be read")
    match action:
        case "add":
            return _place_as_json(await edits.write_blank(request))
        case "accept":
            into = text_in(body, "into") if body else ""
            accepted = await edits.accept(request, into or "")
            reasons: list[Json] = [one.reason for one in accepted.before.differences]
            return _place_as_json(accepted.saved.place) | {"differences": reasons}
        case "edit":
            before, text = texts_in(body, "before", "text")
            edited = EditedText(entry.place, before, text)
            return _place_as_json(await edits.edit_answer(request, edited))
    [text] = texts_in(body, "text")
    return _place_as_json(await edits.write_answer(request, text))


def _place_as_json(place: str) -> JsonObject:
    path, _, line = place.rpartition(":")
    return {"place": place, "absolute": f"{Path(path).absolute().as_posix()}:{line}"}
