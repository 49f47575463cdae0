"""What a client gets that rechat has no answer for: an error in the words of its API."""

from rechat.dialects import Gemini
from rechat.values import Headers
from rechat.values import HttpResponse
from rechat.values import JsonObject
from rechat.values import jsontext

_REFUSAL: Headers = (
    ("content-type", "application/json"),
    ("x-should-retry", "false"),
    ("x-rechat", "miss"),
)

_FAILURE: Headers = (*_REFUSAL[:-1], ("x-rechat", "failed"))
_UPSTREAM_FAILURE: Headers = (_REFUSAL[0], ("x-rechat", "failed"))


def refusal_response(message: str, api: str = "") -> HttpResponse:
    """The response to a request that is refused, in the format of its API: every client tested
    gives up on it within a second and shows the message.
    """
    body = _error(message, api, "rechat_no_match", {"code": 400, "status": "FAILED_PRECONDITION"})
    return HttpResponse.whole(400, _REFUSAL, body)


def failure_response(message: str, api: str = "") -> HttpResponse:
    """The response when rechat itself has failed, in the format of the API. It tells clients not to
    retry.
    """
    body = _error(message, api, "rechat_failed", {"code": 500, "status": "INTERNAL"})
    return HttpResponse.whole(500, _FAILURE, body)


def upstream_failure_response(
    message: str, api: str = "", *, is_lasting: bool = False
) -> HttpResponse:
    """The response when the upstream gave no answer, in the format of the API. A retry may help,
    and the SDKs do retry at this status; they are told if it will not (`is_lasting`).
    """
    body = _error(message, api, "rechat_upstream_failed", {"code": 502, "status": "UNAVAILABLE"})
    return HttpResponse.whole(502, _FAILURE if is_lasting else _UPSTREAM_FAILURE, body)


def bad_request_response(
    message: str, status: int, api: str = "", kind: str = "rechat_bad_request"
) -> HttpResponse:
    """What a client gets whose request rechat does not take, such as one that is too large: an
    error in the words of its API, and the word that asking again is of no use.
    """
    of_gemini: JsonObject = {"code": status, "status": "INVALID_ARGUMENT"}
    body = _error(message, api, kind, of_gemini)
    return HttpResponse.whole(status, _FAILURE, body)


def _error(message: str, api: str, kind: str, of_gemini: JsonObject) -> bytes:
    """The body of an error that rechat itself reports, in the format of an API."""
    error: JsonObject = {"type": kind, "code": kind, "param": None, "message": message}
    if api == Gemini.name:
        error |= of_gemini
    is_ollama = api.startswith("ollama.")
    told: JsonObject = {"error": message} if is_ollama else {"type": "error", "error": error}
    return jsontext.dump(told).encode("utf-8", "replace")
