"""What the sides of a comparison are called."""

from rechat.explain.sides import NAMELESS
from rechat.explain.sides import TRANSCRIPT_AND_REQUEST


def test_sides_are_named_if_they_have_names() -> None:
    assert NAMELESS.apart("1", "2") == "1 ≠ 2"
    assert NAMELESS.apart("1", "2", "seed") == "seed 1 ≠ 2"
    assert TRANSCRIPT_AND_REQUEST.apart("1", "2") == "transcript 1 ≠ request 2"
    assert TRANSCRIPT_AND_REQUEST.apart("1", "2", "seed") == "seed: transcript 1 ≠ request 2"
