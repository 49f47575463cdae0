"""What the connections of all clients share: the endpoint, who may ask, and the answers that were
given before.
"""

import hashlib
import time
from collections.abc import Callable

from mitmproxy.connection import Address as ServerAddress
from mitmproxy.connection import Client

from rechat.answering import Answered
from rechat.answering import Asked
from rechat.answering import Endpoint
from rechat.answering import Held
from rechat.answering import Later
from rechat.answering import Sent
from rechat.observe import JournalEntry
from rechat.proxy.access import Access
from rechat.proxy.access import Address
from rechat.proxy.access import is_page
from rechat.proxy.access import is_reverse
from rechat.proxy.access import named
from rechat.proxy.access import session_in
from rechat.proxy.hits.framing import Head
from rechat.proxy.hits.memo import Memo
from rechat.proxy.hits.wire_answer import WireAnswer
from rechat.proxy.hits.wire_answer import wire_answer
from rechat.proxy.upstreams.router import Router
from rechat.values import REQUEST_HEADERS
from rechat.values import HttpRequest
from rechat.values import allowed_headers
from rechat.values import header
from rechat.values import redact_path
from rechat.values import redact_query

CLIENT_HEADER = "x-rechat-session"

type Report = Callable[[JournalEntry, float], None]


class Hits:
    """What all connections share: the endpoint, and the answers it gave before."""

    def __init__(self, endpoint: Endpoint, access: Access, router: Router, report: Report) -> None:
        self.endpoint = endpoint
        self.report = report
        self._access = access
        self._hosts = router.hosts
        self._raw = Memo()
        self._read = Memo()
        self._version = -1

    def destination(self, address: ServerAddress | None, client: Client) -> Address | None:
        """The destination of the requests of a connection to this address; None for the proxy
        itself.
        """
        at = self._access.other(address, client)
        return named(at, client.sni) if at else None

    def remembered(self, destination: Address | None, raw: bytes) -> WireAnswer | None:
        """The answer to a request of these bytes; `destination` is None for the proxy itself."""
        if self._version != self.endpoint.version:
            self._version = self.endpoint.version
            self._raw.clear()
            self._read.clear()
        return self._raw.get(raw if destination is None else _at(destination, raw))

    def takes(self, head: Head, destination: Address | None, client: Client) -> bool:
        """Whether the proxy's own address is asked by a name that is this machine's, and not for
        one of our own pages.
        """
        if destination is None and is_page(head.path):
            return False
        if destination is not None and not is_reverse(client):
            return True
        name = head.host.rpartition(":")[0] or head.host
        return self._access.takes_host(name.strip("[]"), client)

    def ask(
        self, head: Head, raw: bytes, body: bytes, destination: Address | None
    ) -> WireAnswer | Answered | Sent | Held | Later:
        """The answer to a request, which is remembered if it stays the same."""
        started = time.perf_counter()
        allowed = allowed_headers(head.headers, REQUEST_HEADERS)
        is_at_us = destination is None
        session, base, rest = session_in(head.path) if is_at_us else ("", "", head.path)
        path, query = redact_path(rest), redact_query(head.query)
        asked = HttpRequest(head.method, path, query, allowed, body)
        client = session or header(head.headers, CLIENT_HEADER)
        key = _digest(destination, client, base, asked)
        known = self._read.get(key)
        if known:
            self._raw.put(raw if destination is None else _at(destination, raw), known)
            return known
        is_ours = destination is None or self._hosts.knows(*destination)
        said = self.endpoint.ask(Asked(asked, client, is_ours, started, base))
        if isinstance(said, Sent | Held | Later) or said.fault:
            return said
        reply = wire_answer(said)
        if said.is_stable and self._version == self.endpoint.version:
            self._read.put(key, reply)
        return reply


def _at(destination: Address, raw: bytes) -> bytes:
    """A key for a request that goes to another host: no request begins with a host's name."""
    return f"{destination[0]}:{destination[1]}\n".encode() + raw


def _digest(destination: Address | None, client: str, base: str, asked: HttpRequest) -> bytes:
    """What tells a request apart from all others, in little room."""
    told = repr((destination, client, base, asked.method, asked.path, asked.query, asked.headers))
    return hashlib.sha256(told.encode("utf-8", "backslashreplace") + asked.body).digest()
