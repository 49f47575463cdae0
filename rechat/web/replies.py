"""The responses of our own pages: the page itself, its files, JSON."""

from http import HTTPStatus
from importlib import resources
from pathlib import Path

from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import JsonObject
from rechat.values import jsontext

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "media-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
STATIC = resources.files("rechat.web") / "static"
_PAGE_HEADERS: Headers = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cache-control", "no-store"),
)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def page(token: str) -> HttpResponse:
    """The page, with the token in it."""
    text = (STATIC / "page.html").read_text("utf-8").replace("{{token}}", token)
    headers = (("content-type", "text/html; charset=utf-8"), *_PAGE_HEADERS)
    return HttpResponse.whole(200, headers, text.encode())


def static(name: str) -> HttpResponse:
    """One of the files of the page."""
    file = STATIC / name
    kind = _TYPES.get(Path(name).suffix, "")
    if not kind or not file.is_file():
        return told({"error": f"there is no {name}"}, 404)
    headers = (("content-type", f"{kind}; charset=utf-8"), *_PAGE_HEADERS)
    return HttpResponse.whole(200, headers, file.read_bytes())


def told(value: JsonObject, status: int = 200) -> HttpResponse:
    """A value as JSON."""
    return text(jsontext.dump(value), status)


def text(body: str, status: int = 200) -> HttpResponse:
    """A text that is JSON already."""
    headers = (("content-type", "application/json"), *_PAGE_HEADERS)
    return HttpResponse.whole(status, headers, body.encode())


def unknown(request: HttpRequest) -> HttpResponse:
    """404: there is nothing at this path."""
    return told({"error": f"there is no {request.method} {request.path}"}, 404)


def gone(number: str) -> HttpResponse:
    """404: there is no such exchange."""
    return told({"error": f"exchange {number} does not exist, or was dropped"}, 404)


def refused(why: str) -> HttpResponse:
    """403, with the reason."""
    return told({"error": f"{HTTPStatus(403).phrase}: {why}"}, 403)
