"""All takes of an answer, side by side."""

from rechat.answering import text_of
from rechat.observe import JournalEntry
from rechat.observe import said
from rechat.store import Store
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Reply
from rechat.web.details import answers_difference
from rechat.web.details import shown_message


def takes(store: Store, entry: JournalEntry) -> JsonObject:
    """`{"takes": [{"take", "place", "is_this", "text", "messages", "difference"}]}`: the current
    contents of the file, and how each take differs from the one that was served. Empty if the place
    of the answer no longer exists. It may read the file.
    """
    path, _, line = entry.place.rpartition(":")
    exchanges = store.index.exchanges_in(path) if store.index.card(path) else []
    for exchange in exchanges:
        served = next((one for one in exchange.replies if str(one.line) == line), None)
        if served:
            shown: list[Json] = [_shown(path, reply, served) for reply in exchange.answered]
            return {"takes": shown}
    return {"takes": []}


def _shown(path: str, reply: Reply, served: Reply) -> JsonObject:
    return {
        "take": reply.take,
        "place": f"{path}:{reply.line}",
        "is_this": reply.line == served.line,
        "text": text_of(reply),
        "messages": [shown_message(message) for message in said(reply.answer)],
        "difference": answers_difference(served.answer, reply.answer),
    }
