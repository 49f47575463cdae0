"""The requests by which test programs open and close their sessions."""

from collections.abc import Iterable

from rechat.answering import Sessions
from rechat.answering import Use
from rechat.answering import Wanted
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import jsontext


async def change_session(sessions: Sessions, name: str, action: str, body: bytes) -> JsonObject:
    """Open or close a session, or query its uses. Returns the problems of its files, or its
    answers, which of them were used, and when they were recorded. Raises `RechatError` for anything
    else, or if it cannot be done.
    """
    try:
        asked = jsontext.parse_object(body)
    except JsonError as error:
        raise RechatError(f"the body is not understood: {error}") from None
    match action, asked:
        case "open", {
            "paths": [*paths],
            "policy": "replay" | "record" | "rerecord" as policy,
            "takes": int(takes),
            "anew": bool(begins_anew),
        }:
            most = asked.get("max_age")
            max_age = float(most) if isinstance(most, int | float) else None
            files, accepts = tuple(map(str, paths)), asked.get("accepts") is True
            wanted = Wanted(files, policy, takes, begins_anew, max_age, accepts)
            return {"problems": list(await sessions.open(name, wanted))}
        case "uses", _:
            return _uses_as_json(await sessions.uses(name))
        case "close", {"keep": bool(is_kept)}:
            return _uses_as_json(await sessions.close(name, is_kept=is_kept))
    raise RechatError(f"a session cannot be changed by {action!r} with this body")


def _uses_as_json(uses: Iterable[Use]) -> JsonObject:
    return {
        "answers": [
            {
                "place": use.place,
                "title": use.title,
                "used": use.is_used,
                "recorded": use.recorded,
                "undated": use.is_undated,
            }
            for use in uses
        ]
    }
