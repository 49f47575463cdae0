"""What the head of an upstream's answer tells of the body that follows."""

import re

from mitmproxy import http

from rechat.values import LASTING_ERRORS
from rechat.values import RAW
from rechat.values import Request

_LENGTH = re.compile("[0-9]{1,15}")
_STREAMS = ("text/event-stream", "application/x-ndjson")


def length_of(response: http.Response) -> int | None:
    """How many bytes a body was said to have; None if that is to be seen."""
    length = response.headers.get("content-length", "")
    is_known = "transfer-encoding" not in response.headers and _LENGTH.fullmatch(length)
    return int(length) if is_known else None


def may_be_saved(response: http.Response) -> bool:
    """Whether a status is saved at all."""
    status = response.status_code
    return 200 <= status < 400 or status in LASTING_ERRORS


def marks_its_end(response: http.Response, request: Request | None) -> bool:
    """Whether the dialect of an answer can tell that it is whole: it is a stream of events."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return request is not None and request.api != RAW and kind in _STREAMS


def says_it_is_empty(response: http.Response, method: str) -> bool:
    """Whether a head says that there is no body. If it does not say so, an empty one may be what a
    broken connection left of it.
    """
    status = response.status_code
    is_bodiless = method == "HEAD" or status in (101, 204) or 300 <= status < 400
    return is_bodiless or length_of(response) == 0
