"""OpenAI's Responses."""

from rechat.dialects.openai_responses import socket_messages
from rechat.dialects.openai_responses.dialect import CONVERSATION
from rechat.dialects.openai_responses.dialect import PREVIOUS
from rechat.dialects.openai_responses.dialect import Responses

__all__ = ["CONVERSATION", "PREVIOUS", "Responses", "socket_messages"]
