"""The latest entries, by number."""

from itertools import count

from rechat.observe.entry import JournalEntry
from rechat.observe.history import Log


def log(rows: int = 1000, room: int = 1 << 20) -> Log:
    clock = count(100)
    return Log(rows, room, lambda: float(next(clock)))


def fill(made: Log, number: int, size: int = 1) -> None:
    for at in range(number):
        made.add(
            JournalEntry("hit", f"POST /{made.latest + 1}", place=f"f{at % 2}.md:{at}", size=size),
            at,
        )


def test_entries_have_numbers_and_times() -> None:
    made = log()
    fill(made, 3)
    assert [(one.number, one.at, one.milliseconds) for one in made.after(1)] == [
        (2, 101.0, 1),
        (3, 102.0, 2),
    ]
    assert made.after(3) == made.after(99) == []
    found = made.get(2)
    assert found
    assert (found.number, found.entry.target) == (2, "POST /2")
    assert made.get(0) is made.get(4) is None


def test_only_the_latest_are_kept_and_their_numbers_stay() -> None:
    made = log(rows=10)
    fill(made, 1000)
    kept = made.after(0)
    assert made.latest == kept[-1].number == 1000
    assert kept[-1].entry.target == "POST /1000"
    assert 10 <= len(kept) < 300
    assert made.get(kept[0].number) == kept[0]
    assert made.get(kept[0].number - 1) is None


def test_large_entries_are_counted_as_they_come() -> None:
    made = log()
    fill(made, 20, size=1 << 19)
    assert len(made.after(0)) == 2


def test_large_entries_take_the_room_of_many() -> None:
    made = log(room=5000)
    fill(made, 1024, size=1000)
    assert len(made.after(0)) <= 300
    fill(made, 256, size=10_000)
    assert len(made.after(0)) == 1


def test_requests_are_counted_by_file_even_after_they_are_gone() -> None:
    made = log(rows=10)
    fill(made, 1001)
    assert made.served() == {"f0.md": 501, "f1.md": 500}
    assert made.served() == {"f0.md": 501, "f1.md": 500}
