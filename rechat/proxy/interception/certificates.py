"""The certificates that we show to clients, from a key that is read when the first of them speaks
TLS.

mitmproxy reads its key twice while it starts, and makes one if there is none, in the home of the
user. Most programs that are served do not speak TLS with us, and tests hardly ever.
"""

import asyncio
from collections.abc import Callable, Iterable

from mitmproxy import ctx
from mitmproxy.addons.tlsconfig import TlsConfig
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.layers.quic import QuicTlsData
from mitmproxy.tls import TlsData

from rechat.proxy.interception.authority import certificate_file

# What a store of certificates is made from; where one of them is set, it is made at once, and what
# is wrong with it is told at the start.
_SETTINGS = frozenset({"certs", "confdir", "key_size", "cert_passphrase", "emudhra", "emudhra_old"})


class Certificates(TlsConfig):
    """mitmproxy's addon for TLS, with a key that is read beside the event loop when it is needed.
    If there is none, one is made at once, for people give programs the name of its certificate;
    a server `for_tests` makes it when it is needed, too. What keeps it from that is told to `warn`.
    """

    def __init__(self, warn: Callable[[str], None], *, for_tests: bool) -> None:
        self._warn = warn
        self._for_tests = for_tests
        self._reading: asyncio.Future[None] | None = None

    def configure(self, updated: Iterable[str]) -> None:
        """Take options over."""
        is_set = any(name in ctx.options and ctx.options.has_changed(name) for name in _SETTINGS)
        taken = {*updated} if is_set else {*updated} - _SETTINGS
        super().configure(taken)  # type: ignore[no-untyped-call]

    def running(self) -> None:
        """Make a key where people will look for its certificate."""
        is_wanted = not self._for_tests and not certificate_file().exists()
        if is_wanted and self.certstore is None:
            self._tell(self._make())

    async def tls_start_client(self, tls_start: TlsData) -> None:  # type: ignore[override]
        """Begin TLS with a client."""
        if await self._has_key():
            super().tls_start_client(tls_start)

    async def quic_start_client(self, tls_start: QuicTlsData) -> None:  # type: ignore[override]
        """The same over QUIC."""
        if await self._has_key():
            super().quic_start_client(tls_start)

    def request(self, flow: HTTPFlow) -> None:
        """Answer who asks whether one of our certificates was revoked."""
        if self.certstore is not None:
            super().request(flow)

    async def _has_key(self) -> bool:
        if self.certstore is None:
            self._reading = self._reading or asyncio.ensure_future(self._read())
            await self._reading
        return self.certstore is not None

    async def _read(self) -> None:
        self._tell(await asyncio.to_thread(self._make))

    def _make(self) -> str:
        """Read the key, or make one; what went wrong with that."""
        try:
            super().configure({"confdir"})  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            return f"clients cannot speak TLS with rechat, for it has no certificate: {error}"
        return ""

    def _tell(self, problem: str) -> None:
        if problem:
            self._warn(problem)
