"""What is on its way: as far as it has come, until it is over."""

from rechat.observe.entry import JournalEntry
from rechat.observe.in_flight import Arriving

EVENT = b'data: {"choices": [{"delta": {"content": "Hi "}}]}\n\n'


def test_what_has_begun_is_there_until_it_is_over() -> None:
    arriving = Arriving()
    first, second = (arriving.begin(JournalEntry("forwarded", "POST /v1")) for _ in "ab")
    assert arriving.now() == []
    for _ in range(2):
        second.feed(EVENT)
    first.feed(EVENT)
    assert [arrival.text for arrival in arriving.now()] == ["Hi ", "Hi Hi "]
    arriving.end(first)
    arriving.end(first)
    assert arriving.now() == [second]
