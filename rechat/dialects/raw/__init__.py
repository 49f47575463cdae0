"""Every endpoint that no other dialect claims."""

from rechat.dialects.raw.dialect import Raw

__all__ = ["Raw"]
