"""OpenAI's Responses."""

from rechat.dialects.openai_responses.dialect import CONVERSATION, PREVIOUS, Responses

__all__ = ["CONVERSATION", "PREVIOUS", "Responses"]
