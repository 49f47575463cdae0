"""The wire: mitmproxy, the hit layer, routing and access. Importing this imports mitmproxy."""

from rechat.proxy import dumps, loop, routing, server
from rechat.proxy.access import is_loopback
from rechat.proxy.routing import Upstream

__all__ = ["Upstream", "dumps", "is_loopback", "loop", "routing", "server"]
