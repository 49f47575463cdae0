"""What is on its way: as far as it has come, until it is over."""

import json

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


def test_only_the_end_of_a_long_text_is_kept_and_no_half_of_a_word() -> None:
    arrival = Arriving().begin(JournalEntry("forwarded", "POST /v1"))
    word = "abcdefghi "
    for _ in range(30):
        event = {"choices": [{"delta": {"content": word * 1000}}]}
        arrival.feed(f"data: {json.dumps(event)}\n\n".encode())
    assert 200_000 < len(arrival.text) <= 1 << 18
    assert arrival.text.startswith(" abcdefghi ")


def test_half_a_word_is_not_told() -> None:
    arrival = Arriving().begin(JournalEntry("forwarded", "POST /v1"))
    arrival.feed(b'data: {"choices": [{"delta": {"content": "It is sk-ab"}}]}\n\n')
    assert arrival.words == "It is "
