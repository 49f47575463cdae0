import asyncio

from rechat.resend.client.connection import Connection
from rechat.resend.client.connection import Exchanged


class Wire(asyncio.Transport):
    """Takes what is sent, and goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def close(self) -> None:
        self.is_closed = True


def exchange(*pieces: bytes, ends: bool = False) -> tuple[Exchanged, Wire, int]:
    async def run() -> tuple[Exchanged, Wire, int]:
        connection, wire, begun = Connection(), Wire(), list[bool]()
        connection.connection_made(wire)
        loop = asyncio.get_running_loop()
        done = connection.exchange(b"asked", loop, lambda: begun.append(True))
        for piece in pieces:
            connection.data_received(piece)
        if ends:
            connection.connection_lost(None)
        return await done, wire, len(begun)

    return asyncio.run(run())


def test_each_piece_has_the_time_at_which_it_came() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"
    found, wire, begun = exchange(head, b"ab", b"cd")
    assert wire.sent == b"asked"
    assert found.response
    assert [piece.data for piece in found.response.pieces] == [b"ab", b"cd"]
    first, second = (piece.at for piece in found.response.pieces)
    assert 0 <= first <= second <= (found.ended - found.sent) * 1000
    assert begun == 1


def test_an_answer_that_is_cut_off_is_a_failure() -> None:
    found, _, _ = exchange(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab", ends=True)
    assert found.response is None
    assert found.failure == "the connection ended in the middle of the answer"


def test_what_nobody_asked_for_ends_the_connection() -> None:
    connection, wire = Connection(), Wire()
    connection.connection_made(wire)
    connection.data_received(b"HTTP/1.1 408 Too late\r\n\r\n")
    assert wire.is_closed
    assert not connection.is_open
