"""Whether a client that sends no more still listens.

A client may end its side of a connection when it has sent its request (`shutdown` of sockets, `nc`,
`socat`), and wait for the answer. One that has left looks the same, until something is sent to it:
then its system says that nobody is there. So a client of whom this is to be known is sent an
interim answer (RFC 9110, section 15.2), which clients skip.
"""

import socket
from collections.abc import Mapping

from mitmproxy.connection import Client
from mitmproxy.connection import Connection
from mitmproxy.connection import ConnectionState
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler

INTERIM = b"HTTP/1.1 102 Processing\r\n\r\n"

FIRST_PAUSE = 0.25
"""So many seconds after its last word a client is asked first; each time it is twice as long."""

LONGEST_PAUSE = 30.0


def is_half_open(connection: Connection) -> bool:
    """Whether the other side has said that it sends no more, and we have not."""
    return connection.state is ConnectionState.CAN_WRITE


def listens(
    clients: Mapping[tuple[object, ...] | str, ProxyConnectionHandler], client: Client
) -> bool:
    """Whether a client may still listen: nothing has come back that was sent to it. `clients` are
    mitmproxy's handlers of the connections that are open, by the ids of the clients.
    """
    handler = clients.get(client.id)
    transport = handler.transports.get(handler.client) if handler else None
    writer = transport.writer if transport else None
    if not writer or writer.is_closing():
        return False
    found: socket.socket | None = writer.get_extra_info("socket", None)
    # Without a socket (in the modes that catch packets) it will never be known, so it has left.
    return found is not None and not found.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
