"""What OpenAI's two completion APIs share, chat and legacy: their streams of events, their errors,
and the usage of a hand-written answer.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import unquote

from rechat.dialects.shared import sse
from rechat.dialects.shared.plain_text import error_text
from rechat.dialects.shared.tokens import asked_tokens, said_tokens
from rechat.values import (
    Answer,
    BodyError,
    ErrorAnswer,
    Headers,
    HttpResponse,
    Json,
    JsonError,
    JsonObject,
    Request,
    jsontext,
)

JSON_HEADERS: Headers = (("content-type", "application/json"),)
_DONE = "[DONE]"
_DEPLOYMENT = re.compile(r"/openai/deployments/([^/]+)/")
_ERRORS = {
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


def read_whole(body: bytes) -> JsonObject:
    """The JSON of an answer that was not streamed. Raises `BodyError` if it is no completion."""
    try:
        value = jsontext.parse_object(body)
    except JsonError as error:
        raise BodyError(f"the answer is not whole: {error}") from None
    if not isinstance(value.get("choices"), list):
        raise BodyError("the answer has no `choices`")
    return value


def read_chunks(body: bytes) -> tuple[list[JsonObject], bool]:
    """The chunks of a stream, and whether it said that it was done. Raises `BodyError` if one of
    them is no JSON.
    """
    try:
        events = [event.data for event in sse.read(body.decode("utf-8"))]
        chunks = [jsontext.parse_object(event) for event in events if event != _DONE]
    except (UnicodeDecodeError, JsonError) as error:
        raise BodyError(f"the stream broke off: {error}") from None
    return chunks, _DONE in events


def check_end(whole: JsonObject, *, is_done: bool) -> None:
    """Raise `BodyError` for a stream, put together, that broke off."""
    ended = all(choice.get("finish_reason") for choice in whole["choices"])
    if not ended and "error" not in whole and not is_done:
        raise BodyError("the stream broke off: no finish_reason and no [DONE]")


def stream(chunks: Iterable[JsonObject]) -> HttpResponse:
    """The response that streams these chunks, and says that it is done."""
    return sse.stream([*(sse.Event(jsontext.dump(chunk)) for chunk in chunks), sse.Event(_DONE)])


def usage_of(answer: Answer, request: Request, written: Json) -> JsonObject:
    """The tokens of a hand-written answer: as written, else counted in pieces of about a token."""
    usage: JsonObject = dict(written) if isinstance(written, dict) else {}
    asked, said = asked_tokens(request.messages), said_tokens(answer)
    prompt, completion = usage.get("prompt_tokens", asked), usage.get("completion_tokens", said)
    total = prompt + completion if isinstance(prompt, int) and isinstance(completion, int) else None
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total} | usage


def with_envelope(error: ErrorAnswer) -> ErrorAnswer:
    """The error as OpenAI's APIs say it, if it was written as a text or without a body."""
    text = error_text(error)
    if text is None:
        return error
    kind, code = _ERRORS.get(error.status, ("invalid_request_error", None))
    if error.status >= 500:
        kind = "server_error"
    told: JsonObject = {"message": text, "type": kind, "param": None, "code": code}
    return replace(error, body={"error": told})


def deployed_model(path: str) -> JsonObject:
    """The model as a setting, where the path names it: `/openai/deployments/NAME/…` of Azure."""
    found = _DEPLOYMENT.search(path)
    return {"model": unquote(found[1])} if found else {}
