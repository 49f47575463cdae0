"""The list of models (`GET …/models`, and Ollama's `GET …/api/tags`): those that the transcripts
name. If they name none, they answer whatever model is asked for: the list has one, so that clients
have something to choose, and any other is there too. Ollama's clients also ask for what is known of
one (`POST …/api/show`), before they ask it anything.

Of several upstreams the lists are joined.
"""

import re
from collections.abc import Callable, Iterable

from rechat.index import Index
from rechat.values import RAW
from rechat.values import ErrorAnswer
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RawAnswer
from rechat.values import Request

_PATH = re.compile(r"(?:/[^/]+)*/models(?:/(?P<name>.+))?")
_TAGS = "/api/tags"
_SHOW = "/api/show"
# What Ollama has in place of a name behind the colon.
_USUAL_TAG = ":latest"
# What hand-written answers call their model if the client names none.
_ANY = "rechat"


def models_answer(request: Request, index: Index) -> RawAnswer | ErrorAnswer | None:
    """The models, or one of them, in a shape that the SDKs of OpenAI, Anthropic and Google all read
    (they ask at the same path), or in Ollama's; None if the request asks for something else.
    """
    settings = request.settings
    path, names = str(settings.get("path")), index.models or [_ANY]
    if request.api == RAW and settings.get("method") == "POST" and path.endswith(_SHOW):
        return _shown(request, index.models)
    if request.api != RAW or settings.get("method") != "GET":
        return None
    if path.endswith(_TAGS):
        return RawAnswer({"models": [_ollama_model(name) for name in names]})
    match = _PATH.fullmatch(path)
    if not match:
        return None
    name = match["name"]
    if name and name not in names and index.models:
        return _unknown(name)
    if name:
        return RawAnswer(_model(name))
    listed: list[Json] = [_model(name) for name in names]
    page: JsonObject = {"object": "list", "data": listed, "models": listed, "has_more": False}
    return RawAnswer(page | {"first_id": names[0], "last_id": names[-1]})


def asks_for_models(request: HttpRequest) -> bool:
    """Whether a request asks for the list of models."""
    match = _PATH.fullmatch(request.path)
    return request.method == "GET" and (
        request.path.endswith(_TAGS) or (match is not None and not match["name"])
    )


def joined_lists(
    lists: Iterable[tuple[Json, Callable[[str], bool]]], names: Iterable[str] = ()
) -> JsonObject | None:
    """One list of the models in several, each with what says whether a model of it counts, and of
    some more by their names alone. None if there is none in the shape of an API.
    """
    joined: JsonObject = {}
    models: dict[str, Json] = {}
    key = ""
    for page, counts in lists:
        if not isinstance(page, dict):
            continue
        own = next((name for name in ("data", "models") if isinstance(page.get(name), list)), "")
        key = key or own
        joined = joined or ({**page} if own else {})
        for model in page.get(own, ()):
            name = _name_of(model)
            if name and counts(name):
                models.setdefault(name, model if own == key else _model(name))
    if not key:
        return None
    for name in names:
        models.setdefault(name, _model(name) | _ollama_model(name))
    joined[key] = [*models.values()]
    if "last_id" in joined:
        joined |= {"first_id": next(iter(models), None), "last_id": next(reversed(models), None)}
    return joined


def _name_of(model: Json) -> str:
    """What a client asks for to have this model; empty if that is not told."""
    match model:
        case {"id": str(name)} | {"name": str(name)}:
            return name.removeprefix("models/")
    return ""


def _shown(request: Request, names: list[str]) -> RawAnswer | ErrorAnswer:
    """What is known of one of Ollama's models: that it answers, and may call tools."""
    asked = request.messages[0].fields.get("content")
    named = asked if isinstance(asked, dict) else {}
    name = str(named.get("model", named.get("name", "")))
    if names and name.removesuffix(_USUAL_TAG) not in {
        known.removesuffix(_USUAL_TAG) for known in names
    }:
        return ErrorAnswer(404, {"error": f"model '{name}' not found"})
    details = _ollama_model(name)
    shown: JsonObject = {"license": "", "modelfile": "", "parameters": "", "template": ""}
    shown |= {"details": details["details"], "model_info": {}}
    return RawAnswer(
        shown | {"capabilities": ["completion", "tools"], "modified_at": details["modified_at"]}
    )


def _unknown(name: str) -> ErrorAnswer:
    error: JsonObject = {
        "message": f"The model '{name}' is named by no transcript.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
        "status": "NOT_FOUND",
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
        "name": f"models/{name}",
        "displayName": name,
    }


def _ollama_model(name: str) -> JsonObject:
    return {
        "name": name,
        "model": name,
        "modified_at": "1970-01-01T00:00:00Z",
        "size": 0,
        "digest": "",
        "details": {"format": "", "family": "", "parameter_size": "", "quantization_level": ""},
    }
