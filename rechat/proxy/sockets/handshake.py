"""How a web socket begins (RFC 6455, section 4): which ones are taken, and the answer to a client
that has no upstream behind us.
"""

import base64
import hashlib

from mitmproxy import http

from rechat.dialects import dialect_of

SOCKET = "rechat.socket"
"""Where a flow keeps what is known of its web socket."""

_VERSION = "13"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# What servers say that have no web sockets; clients go on with a POST at 426 only.
_NO_SOCKETS = (400, 404, 405, 501)
_UPGRADE_REQUIRED = 426


def problem_of(flow: http.HTTPFlow) -> str:
    """Why a request for a web socket is not taken; empty if it is."""
    path = flow.request.path.partition("?")[0]
    dialect = dialect_of("POST", path)
    if not dialect or dialect.name != "openai.responses":
        return f"web sockets are taken for the Responses API only, and not for {path}"
    headers = flow.request.headers
    if headers.get("sec-websocket-version") != _VERSION or "sec-websocket-key" not in headers:
        return f"this is no handshake of a web socket of version {_VERSION}"
    return ""


def accept(flow: http.HTTPFlow) -> None:
    """Answer a handshake: the messages that follow are answered here."""
    key = flow.request.headers["sec-websocket-key"].strip()
    digest = hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()
    flow.response = http.Response.make(101, b"", {"x-rechat": "hit"})
    headers = flow.response.headers
    headers.pop("content-length", None)
    headers["upgrade"] = "websocket"
    headers["connection"] = "Upgrade"
    headers["sec-websocket-accept"] = base64.b64encode(digest).decode()


def tell_to_post(response: http.Response) -> None:
    """Give an upstream's answer that it has no web sockets the status at which clients ask by
    POST.
    """
    if response.status_code in _NO_SOCKETS:
        response.status_code = _UPGRADE_REQUIRED
        response.reason = "Upgrade Required"
