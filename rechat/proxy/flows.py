"""mitmproxy's flows as values, and values as what a flow answers."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable

from mitmproxy import http

from rechat.proxy import limits
from rechat.values import REQUEST_HEADERS
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Piece
from rechat.values import allowed_headers
from rechat.values import check_headers
from rechat.values import location_under
from rechat.values import redact_path
from rechat.values import redact_query

BODY = "rechat.body"
"""Where a flow keeps what its request says, unpacked."""

# Between a client and its proxy only (RFC 9110, section 11.7.2).
_FOR_THE_PROXY = ("proxy-authorization", "proxy-connection")


def keep_for_the_proxy(flow: http.HTTPFlow) -> None:
    """Take away what a client tells its proxy only, such as the proxy's password."""
    for name in _FOR_THE_PROXY:
        flow.request.headers.pop(name, None)


def is_websocket(flow: http.HTTPFlow) -> bool:
    """Whether a request asks for a web socket."""
    return str(flow.request.headers.get("upgrade", "")).lower() == "websocket"


def http_request(flow: http.HTTPFlow) -> HttpRequest:
    """A request without secrets; its body is what `body_of` found before."""
    path, _, query = flow.request.path.partition("?")
    headers = allowed_headers(flow.request.headers.items(multi=True), REQUEST_HEADERS)
    body: bytes = flow.metadata.get(BODY, b"")
    return HttpRequest(flow.request.method, redact_path(path), redact_query(query), headers, body)


async def body_of(flow: http.HTTPFlow) -> bytes:
    """What a request says, unpacked beside the event loop. Raises `limits.ExcessError`."""
    body = flow.request.raw_content or b""
    coding = flow.request.headers.get("content-encoding", "")
    return await asyncio.to_thread(limits.unpacked, body, coding) if body and coding else body


async def in_time(pieces: Iterable[Piece], started: float) -> AsyncIterator[bytes]:
    """The pieces, each when it is due."""
    for piece in pieces:
        await asyncio.sleep(max(0.0, started + piece.at / 1000 - time.perf_counter()))
        yield piece.data


def respond(flow: http.HTTPFlow, response: HttpResponse) -> None:
    """Answer a flow; what asks for the head only gets no more."""
    flow.response = to_mitmproxy(response)
    if flow.request.method == "HEAD":
        flow.response.raw_content = b""


def lead_on(response: http.Response, before: str, base: str) -> None:
    """Let a redirect lead to a path that begins with `base`, as those of its client do, in place of
    `before`.
    """
    location = response.headers.get("location", "").removeprefix(before)
    if location:
        response.headers["location"] = location_under(base, location)


def led_back(response: http.Response, base: str) -> list[tuple[str, str]]:
    """The headers of a response with its location as it was before it was to begin with `base`."""
    return [
        (name, value.removeprefix(base) if name.lower() == "location" else value)
        for name, value in response.headers.items(multi=True)
    ]


def to_mitmproxy(response: HttpResponse) -> http.Response:
    """A response as mitmproxy has it. Raises `ValueError` if a header would begin another."""
    check_headers(response.headers)
    headers = http.Headers(
        [(name.encode(), value.encode("utf-8", "replace")) for name, value in response.headers]
    )
    return http.Response.make(response.status, response.body, headers)
