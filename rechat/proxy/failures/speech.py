"""Upstreams that speak plain HTTP where the URL says TLS, or the other way round.

Many such servers say nothing of use: one that waits for a line of HTTP is silent to the first bytes
of TLS, which have no line end, and one that waits for TLS closes a connection that begins with
HTTP. So the server is asked once more, the other way, and without a word of the request.
"""

import asyncio
import re
import ssl
from contextlib import suppress

NO_TLS = "it speaks plain HTTP and does not speak TLS: its URL begins with http://, not https://"
PERHAPS_NO_TLS = "it ended the connection where TLS should begin: does it speak TLS?"
ONLY_TLS = "it speaks TLS and not plain HTTP: its URL begins with https://, not http://"

_SECONDS = 1.0
_QUESTION = b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
_HTTP = b"HTTP/"
# An alert, or a handshake (RFC 8446, section 5.1).
_TLS = re.compile(rb"[\x15\x16]\x03[\x00-\x04]")
# What nginx, Go (also in Caddy and Traefik) and Apache say to plain HTTP on a port for TLS.
_SAID_FOR_TLS = re.compile(
    rb"plain HTTP request was sent to HTTPS port|"
    rb"sent an HTTP request to an HTTPS server|"
    rb"speaking plain HTTP to an SSL-enabled server port"
)
_LONGEST_PAGE = 1 << 12
_BAD_REQUEST = 400
_SHOWN = 40


def problem_of_start(data: bytes) -> str:
    """Why an answer that begins with these bytes is none of HTTP; empty if it may be one."""
    start = data.lstrip(b"\r\n")
    if start[: len(_HTTP)] == _HTTP[: len(start)]:
        return ""
    if _TLS.match(start):
        return ONLY_TLS
    return f"it does not speak HTTP: its answer begins with {start[:_SHOWN]!r}"


def may_ask_for_tls(status: int, content_type: str, length: int | None) -> bool:
    """Whether an answer may be a page that says that its server speaks TLS only: to be seen in its
    text.
    """
    is_short = length is None or length <= _LONGEST_PAGE
    return status == _BAD_REQUEST and is_short and "json" not in content_type.lower()


def asks_for_tls(page: bytes) -> bool:
    """Whether the text of such a page says so."""
    return _SAID_FOR_TLS.search(page[:_LONGEST_PAGE]) is not None


async def speaks_http(host: str, port: int) -> bool:
    """Whether a server answers a question of plain HTTP that means nothing."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(_QUESTION)
                return (await reader.read(len(_HTTP))).startswith(_HTTP[:1])
            finally:
                writer.close()
    return False


async def speaks_tls(host: str, port: int) -> bool:
    """Whether a server begins TLS. Who certifies it does not count: it is told nothing."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
            writer.close()
            return True
    return False
