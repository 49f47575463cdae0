"""Work that nobody waits for."""

import threading

from rechat.observe.background import Background


def test_it_works_after_news_and_once_more_at_the_end() -> None:
    done: list[str] = []
    has_worked = threading.Event()

    def work() -> None:
        done.append(threading.current_thread().name)
        has_worked.set()

    with Background("worker", work) as background:
        assert done == []
        background.tell()
        assert has_worked.wait(20)
    assert len(done) >= 2
    assert set(done) == {"worker"}


def test_the_end_ends_a_pause() -> None:
    is_paused = threading.Event()

    def work() -> None:
        is_paused.set()
        background.pause(1000)

    with Background("worker", work) as background:
        background.tell()
        assert is_paused.wait(20)


def test_the_end_waits_no_longer_than_its_patience() -> None:
    may_go_on, has_ended = threading.Event(), threading.Event()

    def work() -> None:
        may_go_on.wait(20)
        has_ended.set()

    with Background("worker", work, patience=0):
        pass
    assert not has_ended.is_set()
    may_go_on.set()
    assert has_ended.wait(20)
