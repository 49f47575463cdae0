import asyncio

from rechat.resend.client.connection import Connection
from rechat.resend.client.connection import Exchanged


class Wire(asyncio.Transport):
    """Takes what is sent, and goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.is_closed = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.high = high

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def close(self) -> None:
        self.is_closed = True


def exchange(*pieces: bytes, ends: bool = False) -> tuple[Exchanged, Wire]:
    async def run() -> tuple[Exchanged, Wire]:
        connection, wire = Connection(), Wire()
        connection.connection_made(wire)
        loop = asyncio.get_running_loop()
        done = connection.exchange(b"asked", loop)
        for piece in pieces:
            connection.data_received(piece)
        if ends:
            connection.connection_lost(None)
        return await done, wire

    return asyncio.run(run())


def test_each_piece_has_the_time_at_which_it_came() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"
    found, wire = exchange(head, b"ab", b"cd")
    assert wire.sent == b"asked"
    assert found.response
    assert [piece.data for piece in found.response.pieces] == [b"ab", b"cd"]
    first, second = (piece.at for piece in found.response.pieces)
    assert 0 <= first <= second <= (found.ended - found.sent) * 1000


def test_a_request_is_sent_at_once_and_not_after_all_others() -> None:
    _, wire = exchange(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert wire.high == 0


def test_an_answer_that_is_cut_off_is_a_failure() -> None:
    found, _ = exchange(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab", ends=True)
    assert found.response is None
    assert found.failure == "the connection ended in the middle of the answer"


def test_what_nobody_asked_for_ends_the_connection() -> None:
    connection, wire = Connection(), Wire()
    connection.connection_made(wire)
    connection.data_received(b"HTTP/1.1 408 Too late\r\n\r\n")
    assert wire.is_closed
    assert not connection.is_open
