"""The wire: mitmproxy, the hit layer, routing and access. Importing this imports mitmproxy."""

from rechat.proxy import dumps
from rechat.proxy import loop
from rechat.proxy import routing
from rechat.proxy import server
from rechat.proxy.access import is_loopback
from rechat.proxy.routing import Upstream

__all__ = ["Upstream", "dumps", "is_loopback", "loop", "routing", "server"]
