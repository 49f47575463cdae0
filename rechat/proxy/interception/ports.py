"""Whether ports can be listened on, before anything is read or written for those who will ask
there. Another program may still be faster: that is told when the server starts.
"""

import errno
import os
import socket
from collections.abc import Iterable

from rechat.values import UsageError


def in_use(port: int) -> str:
    """What is told of a port that another program has."""
    advice = "stop what listens there, or take another with --port (0 for any)"
    return f"port {port} is in use: {advice}"


def check_free(host: str, ports: Iterable[int]) -> None:
    """Raise `UsageError` if another program listens on one of these ports of this machine."""
    for port in filter(None, ports):
        for family, address in _addresses(host, port):
            if _is_taken(family, address):
                raise UsageError(in_use(port))


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[object, ...]]]:
    """Where a name is listened at; none if it has no address, which is told later."""
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, OverflowError, UnicodeError):
        return []
    return [(family, address) for family, _, _, _, address in found]


def _is_taken(family: socket.AddressFamily, address: tuple[object, ...]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as one:
            if os.name == "posix":  # elsewhere it would allow what is taken
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False
