"""The wire APIs: bytes to values and back, and which API a request speaks."""

from rechat.dialects.asked import request_of_body
from rechat.dialects.gemini import Gemini
from rechat.dialects.known_requests import KnownRequests
from rechat.dialects.openai_chat import read_message as read_chat_message
from rechat.dialects.openai_responses import CONVERSATION
from rechat.dialects.openai_responses import PREVIOUS
from rechat.dialects.openai_responses import socket_messages
from rechat.dialects.raw import shape_of
from rechat.dialects.raw import shapeless
from rechat.dialects.registry import DIALECTS
from rechat.dialects.registry import dialect_of
from rechat.dialects.shared import Dialect
from rechat.dialects.shared import LiveText
from rechat.dialects.shared import ending_in_chat
from rechat.dialects.shared import portable
from rechat.dialects.shared import said_tokens

__all__ = [
    "CONVERSATION",
    "DIALECTS",
    "PREVIOUS",
    "Dialect",
    "Gemini",
    "KnownRequests",
    "LiveText",
    "dialect_of",
    "ending_in_chat",
    "portable",
    "read_chat_message",
    "request_of_body",
    "said_tokens",
    "shape_of",
    "shapeless",
    "socket_messages",
]
