"""What browsers ask for before a page may read an answer (CORS, https://fetch.spec.whatwg.org).

Pages of this machine, and those that `--allow-origin` names, may use the proxy as their endpoint.
Rechat answers the question beforehand (the preflight) itself, and says of each answer that the page
may read it. Our own pages are for themselves: nothing here is said of them.
"""

from mitmproxy import http

from rechat.proxy.access import Access
from rechat.proxy.access import is_page
from rechat.proxy.flows import respond
from rechat.proxy.layers.paced_stream import FAILURE
from rechat.values import Headers
from rechat.values import HttpResponse

_OURS = (
    "x-rechat, x-rechat-transcript, x-rechat-match, x-rechat-upstream, x-request-id, retry-after"
)
_A_DAY = "86400"
# Of a request that is for the proxy itself: once it is sent on, it no longer says so.
_FOR_US = "rechat.for-us"


class Browsers:
    """The addon that lets pages read what they asked for."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def answer_preflight(self, flow: http.HTTPFlow) -> bool:
        """Whether a request that is for us only asks what a page may do; then it is answered."""
        flow.metadata[_FOR_US] = True
        asked = flow.request.headers
        if flow.request.method != "OPTIONS" or "access-control-request-method" not in asked:
            return False
        allowed: Headers = (
            ("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
            ("access-control-allow-headers", asked.get("access-control-request-headers", "*")),
            ("access-control-max-age", _A_DAY),
        )
        if "access-control-request-private-network" in asked:
            allowed = (*allowed, ("access-control-allow-private-network", "true"))
        respond(flow, HttpResponse(204, allowed))
        return True

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Say that the page may read an answer."""
        if flow.response:
            self._open(flow, flow.response)

    def error(self, flow: http.HTTPFlow) -> None:
        """The same of what is said in place of an answer."""
        failure: http.Response | None = flow.metadata.get(FAILURE)
        if failure:
            self._open(flow, failure)

    def _open(self, flow: http.HTTPFlow, response: http.Response) -> None:
        origin = flow.request.headers.get("origin", "")
        path = flow.request.path.partition("?")[0]
        is_ours = _FOR_US in flow.metadata or self._access.is_ours(flow)
        if not origin or not is_ours or is_page(path):
            return
        if self._access.takes_origin(origin):
            response.headers["access-control-allow-origin"] = origin
            response.headers["access-control-expose-headers"] = _OURS
            response.headers["vary"] = "origin"
