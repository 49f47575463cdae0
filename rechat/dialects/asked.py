"""Requests that people copy or write down: a body alone, in the API that has such a body."""

from rechat.dialects.registry import dialect_of
from rechat.values import BodyError
from rechat.values import HttpRequest
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import jsontext

_CHAT = "/v1/chat/completions"


def request_of_body(body: bytes) -> Request:
    """The request that a body asks, or a list of messages. Raises `BodyError`."""
    try:
        asked = jsontext.parse(body.decode("utf-8-sig"))
    except (JsonError, UnicodeDecodeError) as error:
        raise BodyError(f"the request is not JSON: {error}") from None
    if isinstance(asked, list):
        asked = {"messages": asked}
    path = _path_of(asked) if isinstance(asked, dict) else _CHAT
    dialect = dialect_of("POST", path)
    assert dialect
    content = jsontext.dump(asked).encode("utf-8", "surrogatepass")
    return dialect.read_request(HttpRequest("POST", path, body=content))


def _path_of(asked: JsonObject) -> str:
    """The endpoint that takes such a body. Chat Completions take all that is not told apart."""
    model = asked.get("model", "")
    if "contents" in asked:
        return f"/v1beta/models/{model or 'MODEL'}:generateContent"
    if "messages" in asked:
        return "/v1/messages" if "system" in asked else _CHAT
    if "input" in asked:
        return "/v1/embeddings" if "embed" in str(model) else "/v1/responses"
    return "/v1/completions" if "prompt" in asked else _CHAT
