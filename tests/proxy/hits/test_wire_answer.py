"""An answer as HTTP/1.1 has it."""

from rechat.answering.outcome import Answered
from rechat.observe.entry import JournalEntry
from rechat.proxy.hits.wire_answer import wire_answer
from rechat.values.http import HttpResponse
from rechat.values.http import Piece

HIT = JournalEntry("hit", "POST /")


def test_the_head_leaves_with_the_first_piece() -> None:
    at_once = wire_answer(Answered(HttpResponse.whole(200, (("a", "b"),), b"hi"), HIT))
    assert at_once.now == b"HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 2\r\n\r\nhi"
    assert at_once.later == ()
    late = wire_answer(Answered(HttpResponse(200, (), (Piece(5.0, b"h"), Piece(4.0, b"i"))), HIT))
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
    assert (late.now, late.later) == (b"", (Piece(5.0, head + b"h"), Piece(5.0, b"i")))
