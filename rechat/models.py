"""The list of models (`GET …/models`) for clients that ask before they begin: those that the
transcripts name.
"""

import re

from rechat.index import Index
from rechat.jsontext import Json, JsonObject
from rechat.model import RAW, ErrorAnswer, RawAnswer, Request

_PATH = re.compile(r"(?:/[^/]+)*/models(?:/(?P<name>.+))?")


def models_answer(request: Request, index: Index) -> RawAnswer | ErrorAnswer | None:
    """The models, or one of them, in a shape that OpenAI's and Anthropic's SDKs both read; None if
    the request asks for something else.
    """
    settings = request.settings
    if request.api != RAW or settings.get("method") != "GET":
        return None
    match = _PATH.fullmatch(str(settings.get("path")))
    if not match:
        return None
    names = index.models
    if not match["name"]:
        listed: list[Json] = [_model(name) for name in names]
        page: JsonObject = {"object": "list", "data": listed, "has_more": False}
        ends: JsonObject = {"first_id": names[0], "last_id": names[-1]} if names else {}
        return RawAnswer(page | ends)
    if match["name"] in names:
        return RawAnswer(_model(match["name"]))
    error: JsonObject = {
        "message": f"The model '{match['name']}' is named by no transcript.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }
    return ErrorAnswer(404, {"type": "error", "error": error})


def _model(name: str) -> JsonObject:
    return {
        "id": name,
        "object": "model",
        "created": 0,
        "owned_by": "rechat",
        "type": "model",
        "display_name": name,
        "created_at": "1970-01-01T00:00:00Z",
        "lifecycle": "active",
    }
