"""Messages are read beside those who answer them."""

from io import BytesIO

import pytest

from rechat.lsp.arriving import Arriving
from rechat.lsp.framing import FramingError
from rechat.lsp.framing import write_message


def arriving(*methods: str, end: bytes = b"") -> Arriving:
    """These messages, and then other bytes; all of it has come."""
    stream = BytesIO()
    for method in methods:
        write_message(stream, method=method)
    stream.write(end)
    stream.seek(0)
    found = Arriving(stream)
    found.reader.join()
    return found


def test_messages_come_in_order_and_it_is_known_whether_more_wait() -> None:
    found = arriving("one", "exit", "never read")
    for method in ("one", "exit"):
        assert found.are_waiting
        message = found.next()
        assert message
        assert message["method"] == method
    assert not found.are_waiting


def test_the_end_and_what_is_no_message_come_behind_the_messages() -> None:
    found = arriving("one")
    assert found.next()
    assert found.next() is None
    found = arriving("one", end=b"Content-Length: x\r\n\r\n")
    assert found.next()
    with pytest.raises(FramingError):
        found.next()
