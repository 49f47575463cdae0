"""The wire: mitmproxy, the hit layer, upstreams and access. Importing this imports mitmproxy."""

from rechat.proxy.layers import few_addons  # noqa: F401  # before all that imports mitmproxy

# isort: split
from rechat.proxy import dumps
from rechat.proxy import loop
from rechat.proxy import server
from rechat.proxy.access import is_loopback
from rechat.proxy.interception import ports
from rechat.proxy.interception.authority import certificate
from rechat.proxy.interception.local_mode import is_local
from rechat.proxy.interception.passing import UNTOUCHED
from rechat.proxy.interception.process_group import ProcessGroup
from rechat.proxy.interception.process_group import process_group
from rechat.proxy.upstreams.hosts import Hosts
from rechat.proxy.upstreams.hosts import Reading
from rechat.proxy.upstreams.outgoing import keys_of
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.table import Ask
from rechat.proxy.upstreams.table import Table
from rechat.proxy.upstreams.trust import bundle
from rechat.proxy.upstreams.trust import certificates
from rechat.proxy.upstreams.upstream import DEFAULT_UPSTREAM
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.upstreams.upstream import from_settings
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.proxy.upstreams.upstream import upstreams_of

__all__ = [
    "DEFAULT_UPSTREAM",
    "UNTOUCHED",
    "Ask",
    "Hosts",
    "ProcessGroup",
    "Reading",
    "Router",
    "Table",
    "Upstream",
    "bundle",
    "certificate",
    "certificates",
    "dumps",
    "from_settings",
    "is_local",
    "is_loopback",
    "keys_of",
    "loop",
    "parse_upstream",
    "ports",
    "process_group",
    "server",
    "upstreams_of",
]
