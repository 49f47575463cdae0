"""Pictures that are made or edited (`/images/generations`, `/images/edits`): in a stream each comes
in an event of its own, after previews of it.
"""

import itertools
from collections.abc import Sequence

from rechat.dialects.shared import side_events
from rechat.values import Json
from rechat.values import JsonObject

# What an event says of its picture; the rest is said of all.
_OF_PICTURE = ("b64_json", "url", "revised_prompt")
_OF_EVENT = ("type", "sequence_number", "created_at")
_OF_BODY = ("created", "data", side_events.SIDE_EVENTS)


def put_together(events: Sequence[JsonObject]) -> Json:
    """The body with all pictures, and with their previews beside them; None if none is whole."""
    done = list(filter(_is_whole, events))
    if not done:
        return None
    last = done[-1]
    created: JsonObject = {"created": last["created_at"]} if "created_at" in last else {}
    data: list[Json] = [{key: item[key] for key in _OF_PICTURE if key in item} for item in done]
    apart = {*_OF_PICTURE, *_OF_EVENT}
    around = {key: value for key, value in last.items() if key not in apart}
    before = itertools.filterfalse(_is_whole, events)
    return created | {"data": data} | around | side_events.kept(before)


def _is_whole(event: JsonObject) -> bool:
    return str(event.get("type")).endswith(".completed")


def events_of(body: Json, kind: str) -> list[JsonObject] | None:
    """The events that stream pictures: `kind` is what they are called, `image_generation` or
    `image_edit`. None for a body of another form.
    """
    pictures = body.get("data") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(pictures, list) or not pictures:
        return None
    if not all(isinstance(picture, dict) for picture in pictures):
        return None
    around = {key: value for key, value in body.items() if key not in _OF_BODY}
    named: JsonObject = {"type": f"{kind}.completed"}
    created = {"created_at": body["created"]} if "created" in body else {}
    done = [named | picture | created | around for picture in pictures]
    return [*side_events.of_answer(body), *done]
