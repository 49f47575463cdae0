"""OpenAI's older Completions."""

from rechat.dialects.openai_completions.dialect import Completions

__all__ = ["Completions"]
