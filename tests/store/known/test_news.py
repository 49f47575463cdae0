"""Files that have changed and are not taken in yet."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from rechat.store.known.news import News

A, B = Path("t/a.md"), Path("t/b.md")
PATIENCE = 60


def test_a_changed_file_is_news_until_it_is_taken_in() -> None:
    news = News()
    assert not news
    news.come([A])
    assert news
    assert news.concerns("t/a.md")
    assert not news.concerns("t/b.md")
    news.taken_in(news.told)
    assert not news
    assert not news.concerns("t/a.md")


def test_what_changed_again_while_it_was_read_is_still_news() -> None:
    news = News()
    news.come([A, B])
    read = news.told
    news.come([A])
    news.taken_in(read)
    assert news.concerns("t/a.md")
    assert not news.concerns("t/b.md")


def test_where_all_has_to_be_looked_at_each_file_is_concerned() -> None:
    news = News()
    news.come([None])
    assert news.concerns("t/a.md")
    assert news.concerns("t/b.md")


def test_what_we_write_ourselves_is_no_news_and_what_others_make_of_it_is(tmp_path: Path) -> None:
    news, path = News(), tmp_path / "a.md"
    with news.writing(path):
        path.write_text("ours")
        news.come([path])
    news.come([path])
    assert not news
    assert news.count == 0
    path.write_text("theirs")
    news.come([path])
    assert news.concerns(path.as_posix())


def test_a_file_may_be_written_while_another_is_looked_for(tmp_path: Path) -> None:
    news = News()

    class Looked(type(tmp_path)):  # type: ignore[misc]
        """A path that another thread writes a file beside, while it is compared."""

        def __eq__(self, other: object) -> bool:
            with news.writing(tmp_path / "other.md"):
                pass
            return str(self) == str(other)

        __hash__ = Path.__hash__

    for number in range(3):
        with news.writing(tmp_path / f"{number}.md"):
            pass
    news.come([Looked(tmp_path / "theirs.md")])
    assert news.concerns((tmp_path / "theirs.md").as_posix())


def test_a_write_that_fails_leaves_the_file_to_others(tmp_path: Path) -> None:
    news, path = News(), tmp_path / "a.md"
    with pytest.raises(OSError, match="full"), news.writing(path):
        raise OSError("full")
    news.come([path])
    assert news.concerns(path.as_posix())


def waits(news: News, meanwhile: Callable[[], object]) -> bool:
    """Whether who waits for A goes on once this has happened in another thread."""

    async def wait() -> bool:
        waiting = asyncio.ensure_future(news.wait_while(lambda: news.concerns("t/a.md"), PATIENCE))
        await asyncio.sleep(0)
        assert not waiting.done()
        await asyncio.to_thread(meanwhile)
        await waiting
        return not news.concerns("t/a.md")

    return asyncio.run(wait())


def test_who_waits_goes_on_when_the_file_is_taken_in() -> None:
    news = News()
    news.come([A])
    assert waits(news, lambda: news.taken_in(news.told))


def test_who_waits_for_one_file_is_not_kept_by_another() -> None:
    news = News()
    news.come([A])
    read = news.told
    news.come([B])
    assert waits(news, lambda: news.taken_in(read))
    assert news.concerns("t/b.md")


def test_nobody_waits_for_ever() -> None:
    news = News()
    news.come([A])
    asyncio.run(news.wait_while(lambda: True, 0))
    assert news
