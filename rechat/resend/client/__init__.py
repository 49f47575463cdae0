"""An HTTP client for many concurrent streams: the outcome of each request, and when each chunk
arrived.

A client of our own, because a load generator must not wait for itself: httpx takes about a
millisecond of CPU per request, and aiohttp (with its own parser in C) is six more packages. All
that is needed here is to parse the responses to our own requests.
"""

from rechat.resend.client.connection import Exchanged
from rechat.resend.client.connection import Outgoing
from rechat.resend.client.playing import Played
from rechat.resend.client.playing import play
from rechat.resend.client.pool import Begun
from rechat.resend.client.pool import Client
from rechat.resend.client.reader import ResponseReader
from rechat.resend.client.reader import WireError
from rechat.resend.client.tape import Tape
from rechat.resend.client.tape import erase
from rechat.resend.client.tape import shelf

__all__ = [
    "Begun",
    "Client",
    "Exchanged",
    "Outgoing",
    "Played",
    "ResponseReader",
    "Tape",
    "WireError",
    "erase",
    "play",
    "shelf",
]
