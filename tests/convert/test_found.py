"""What is found can be compared and put into sets, as the values it is made of."""

from rechat.convert.found import Left
from rechat.convert.found import Source


def test_what_is_found_is_compared_by_content() -> None:
    assert Left("a", "b") == Left("a", "b")
    assert {Source("a", b""), Source("a", b"")} == {Source("a", b"")}
