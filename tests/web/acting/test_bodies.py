"""What stands in the body of a request to the journal API."""

import pytest

from rechat.web.acting.bodies import NotUnderstoodError
from rechat.web.acting.bodies import text_in
from rechat.web.acting.bodies import texts_in


def test_a_text_is_found_by_its_name() -> None:
    assert text_in(b'{"a": "x"}', "a") == "x"
    assert texts_in(b'{"a": "x", "b": ""}', "b", "a") == ["", "x"]


@pytest.mark.parametrize("body", [b"", b"[]", b"no json", b'{"a": 1}', b'{"b": "x"}'])
def test_what_is_missing_is_told(body: bytes) -> None:
    assert text_in(body, "a") is None
    with pytest.raises(NotUnderstoodError, match=r'expected \{"a": "…"\}'):
        texts_in(body, "a")
