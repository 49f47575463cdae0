"""Who may read the journal and change the folder: the page, and programs that have the token.

A page of another site, one on another port of this machine, and a program of another user on the
network can all reach the port. `proxy.access` has checked the host name of the request; this module
adds what the pages need beyond that.
"""

import hmac
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from rechat.values import HttpRequest
from rechat.values import header

TOKEN_HEADER = "x-rechat-token"  # noqa: S105


class Guard:
    """Holds the token. If `is_open`, the page hands it out to whoever opens it: on loopback, where
    only programs on this machine can.
    """

    def __init__(self, token: str, *, is_open: bool) -> None:
        self.token = token
        self.is_open = is_open

    def opens_page(self, request: HttpRequest) -> bool:
        """Whether the page, which contains the token, may be served."""
        if not _is_same_site(request):
            return False
        given = parse_qs(request.query).get("token", [""])[0]
        return self.is_open or self._is_token(given)

    def lets_in(self, request: HttpRequest) -> bool:
        """Whether a request to the API has the token and does not come from another page."""
        given = header(request.headers, TOKEN_HEADER)
        return _is_same_site(request) and self._is_token(given)

    def _is_token(self, given: str) -> bool:
        """Whether this is the token; bytes that are not UTF-8 arrive as surrogates."""
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self.token.encode())


def _is_same_site(request: HttpRequest) -> bool:
    """Whether the request comes from our own page, from a person, or not from a browser."""
    if header(request.headers, "sec-fetch-site") not in ("", "none", "same-origin"):
        return False
    origin = header(request.headers, "origin")
    try:
        return not origin or urlsplit(origin).netloc == header(request.headers, "host")
    except ValueError:  # not a URL, such as `http://[::1`
        return False
