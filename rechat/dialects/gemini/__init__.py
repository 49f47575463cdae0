"""Google's Gemini."""

from rechat.dialects.gemini.dialect import Gemini

__all__ = ["Gemini"]
