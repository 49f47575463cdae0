"""Which rechats a request has passed, so that one is found that comes back: its client would wait
for ever, since every rechat on the way waits for the next.

Each process has a name of its own, and adds it to a header of what it sends on. A chain may be as
long as it likes, as long as nobody is in it twice. A tunnel through other proxies has the header in
its `CONNECT`, and nowhere else.
"""

import secrets

from mitmproxy import http
from mitmproxy.connection import Client

from rechat.answering import bad_request_response
from rechat.proxy.flows import to_mitmproxy

VIA_HEADER = "x-rechat-via"

LOOP = 508
"""The status of a request that has come back."""

_COMES_BACK = (
    "rechat: the tunnel has come back to this rechat: the proxies of HTTP_PROXY and HTTPS_PROXY "
    "lead to each other"
)


class Chain:
    """The addon that knows tunnels which have come back; `name` is that of this process."""

    def __init__(self, name: str = "") -> None:
        self._name = name or secrets.token_hex(4)
        self._tunnels: dict[str, str] = {}

    def comes_back(self, headers: http.Headers) -> bool:
        """Whether a request with these headers has been here."""
        return self._name in (name.strip() for name in headers.get(VIA_HEADER, "").split(","))

    def add(self, headers: http.Headers, before: str = "") -> None:
        """Say in the headers of a request that it has been here; `before` is who had it before, if
        they do not say so themselves.
        """
        before = headers.get(VIA_HEADER, before)
        headers[VIA_HEADER] = f"{before}, {self._name}" if before else self._name

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """Refuse a tunnel that leads here again."""
        if self.comes_back(flow.request.headers):
            flow.response = to_mitmproxy(bad_request_response(_COMES_BACK, LOOP))
        elif before := flow.request.headers.get(VIA_HEADER, ""):
            self._tunnels[flow.client_conn.id] = before

    def http_connect_upstream(self, flow: http.HTTPFlow) -> None:
        """Say in a tunnel through another proxy who has passed it on."""
        self.add(flow.request.headers, self._tunnels.get(flow.client_conn.id, ""))

    def client_disconnected(self, client: Client) -> None:
        """Forget a tunnel."""
        self._tunnels.pop(client.id, None)
