"""OpenAI's Chat Completions, and what is compatible with it."""

from rechat.dialects.openai_chat.dialect import Chat
from rechat.dialects.openai_chat.messages import read_message

__all__ = ["Chat", "read_message"]
