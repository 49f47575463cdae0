"""The wire APIs: bytes to values and back, and which API a request speaks."""

from rechat.dialects.gemini import Gemini
from rechat.dialects.openai_chat import read_message, write_message
from rechat.dialects.openai_responses import CONVERSATION, PREVIOUS
from rechat.dialects.registry import DIALECTS, dialect_of
from rechat.dialects.shared import Deltas, Dialect, plain, said_tokens

__all__ = [
    "CONVERSATION",
    "DIALECTS",
    "PREVIOUS",
    "Deltas",
    "Dialect",
    "Gemini",
    "dialect_of",
    "plain",
    "read_message",
    "said_tokens",
    "write_message",
]
