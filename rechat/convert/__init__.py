"""Other formats, read into exchanges and conversations. Pure: bytes in, values out."""

from rechat.convert.found import Conversation
from rechat.convert.found import Found
from rechat.convert.found import HttpExchange
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.convert.imports.recognise import FORMATS
from rechat.convert.imports.recognise import read
from rechat.convert.wire import exchange_of

__all__ = [
    "FORMATS",
    "Conversation",
    "Found",
    "HttpExchange",
    "Left",
    "Source",
    "exchange_of",
    "read",
]
