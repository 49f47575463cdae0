"""Every endpoint that no other dialect claims."""

from rechat.dialects.raw.dialect import Raw
from rechat.dialects.raw.shapes import shape_of
from rechat.dialects.raw.shapes import shapeless

__all__ = ["Raw", "shape_of", "shapeless"]
