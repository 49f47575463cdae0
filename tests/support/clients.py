"""Clients as mitmproxy has them, by the mode of their listener."""

from mitmproxy.connection import Client
from mitmproxy.proxy.mode_specs import ProxyMode

PORT = 8910


def client_of(mode: str = "regular", sockname: tuple[str, int] = ("127.0.0.1", PORT)) -> Client:
    """A client that connected to `sockname` at a listener of this mode."""
    client = Client(peername=("127.0.0.1", 1), sockname=sockname)
    client.proxy_mode = ProxyMode.parse(mode)
    return client
