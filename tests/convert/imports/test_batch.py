"""Batches whose requests failed or expired."""

from foreign import ASKED
from foreign import lines

from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read

ROW = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": ASKED}


def test_a_request_that_expired_is_left_with_what_the_api_said() -> None:
    gone = {"custom_id": "1", "response": None, "error": {"message": "it expired"}}
    assert list(read([Source("b", lines([ROW, gone]))])) == [
        Left("b:1", "got no response: it expired")
    ]


def test_an_output_without_its_request_is_left() -> None:
    said = {"custom_id": "7", "response": None, "error": None}
    [left] = read([Source("b", lines([said]))])
    assert isinstance(left, Left)
    assert "7 has no request" in left.reason
