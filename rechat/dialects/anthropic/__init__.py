"""Anthropic's Messages."""

from rechat.dialects.anthropic.dialect import Messages

__all__ = ["Messages"]
