"""Messages over pipes."""

from io import BytesIO

import pytest

from rechat.lsp.framing import FramingError
from rechat.lsp.framing import read_message
from rechat.lsp.framing import write_message


def test_messages_come_back_one_by_one() -> None:
    stream = BytesIO()
    write_message(stream, id=1, method="a")
    write_message(stream, method="ä", params={})
    stream.seek(0)
    assert read_message(stream) == {"jsonrpc": "2.0", "id": 1, "method": "a"}
    assert read_message(stream) == {"jsonrpc": "2.0", "method": "ä", "params": {}}
    assert read_message(stream) is None


@pytest.mark.parametrize(
    "raw",
    [b"\r\n", b"Content-Length: 99999999999\r\n\r\n", b"Content-Length: 2\r\n\r\n[]", b"Content-Length: 1\n\n{"],
)  # fmt: skip
def test_what_is_no_message_is_told(raw: bytes) -> None:
    with pytest.raises(FramingError):
        read_message(BytesIO(raw))


def test_a_message_that_is_cut_short_is_the_end() -> None:
    assert read_message(BytesIO(b"Content-Length: 9\r\n\r\n{")) is None
