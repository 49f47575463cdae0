"""The folder on the disk: loaded, changed atomically, never spoilt."""

import itertools
import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock
from stored import answer
from stored import asked
from stored import said
from stored import store_of

from rechat.format import reader
from rechat.index.found import Hit
from rechat.store import folder as store_module
from rechat.store.folder import Store
from rechat.store.placement import Recording
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.errors import RechatError
from rechat.values.errors import UsageError

TEXT = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been written an hour ago."""
    now = time.time_ns
    monkeypatch.setattr(
        "rechat.store.known.index_file.time.time_ns", lambda: now() + 3_600_000_000_000
    )


def test_a_recording_is_found_again_by_a_fresh_store(folder: Path) -> None:
    saved = store_of(folder).save(Recording(asked("Hi"), answer("Hello")))
    assert saved
    path, _, line = saved.place.rpartition(":")
    assert Path(path).read_text().splitlines()[int(line) - 1] == "### assistant"
    assert said(store_of(folder), asked("Hi")) == "Hello"


def test_the_file_is_named_after_the_first_line_and_the_request(folder: Path) -> None:
    store_of(folder).save(Recording(asked("How are you, Zoë?\nFine?"), answer("Fine")))
    [path] = folder.glob("*.md")
    assert path.name.startswith("how-are-you-zoe-")
    assert len(path.stem.rpartition("-")[2]) == 6


def test_saying_the_same_again_leaves_the_bytes_alone(folder: Path) -> None:
    store = store_of(folder)
    store.save(Recording(asked("Hi"), answer("Hello")))
    [path] = folder.glob("*.md")
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert store.save(Recording(asked("Hi"), answer("Hello", 2)), replaces=True) is None
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_change_on_the_disk_is_taken_in_before_writing(folder: Path) -> None:
    one, two = store_of(folder), store_of(folder)
    one.save(Recording(asked("Hi"), answer("Hello")))
    two.save(Recording(asked("Hi"), answer("Hello")))
    one.save(Recording(asked("Hi", "Hello", "More?"), answer("Yes")))
    two.save(Recording(asked("Hi", "Hello", "More?", "Yes", "And?"), answer("No")))
    [path] = folder.glob("*.md")
    assert path.read_text().count("### assistant\n") == 3


def test_many_threads_and_stores_lose_nothing(folder: Path) -> None:
    def record(number: int) -> None:
        store = store_of(folder)
        for turn in range(5):
            store.save(Recording(asked(f"{number}.{turn}"), answer("x")))

    threads = [threading.Thread(target=record, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = store_of(folder)
    assert store.problems == {}
    assert len(store.index.paths) == 30


def test_commentary_and_line_ends_of_a_file_stay(folder: Path) -> None:
    path = folder / "mine.md"
    text = "\ufeff# Mine\r\n\r\nA note.\r\n\r\n### user\r\n\r\n> Hi\r\n\r\n### assistant\r\n\r\n*later*\r\n"
    path.write_bytes(text.replace("\r\n\r\n*later*", "").encode())
    store = store_of(folder)
    store.save(Recording(asked("Hi"), answer("Hello")))
    raw = path.read_bytes()
    assert raw.startswith("\ufeff# Mine\r\n\r\nA note.\r\n\r\n### user\r\n\r\n> Hi\r\n".encode())
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert said(store_of(folder), asked("Hi")) == "Hello"


def test_a_missing_folder_is_a_usage_error(folder: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        store_of(folder / "nowhere")


def test_an_answer_that_would_not_come_back_is_not_written(folder: Path) -> None:
    store = store_of(folder)
    with pytest.raises(RechatError, match="not saved"):
        store.save(Recording(asked("Hi"), ErrorAnswer(400, "x", (("a", "\ud800"), ("a", "b")))))
    assert list(folder.glob("*.md")) == []


def test_many_files_are_read_side_by_side(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_MANY", 3)
    for number in range(9):
        (folder / f"{number}.md").write_text(TEXT.format(f"Hello {number}", "Hi!"))
    (folder / "broken.md").write_text("### user\n\nno body\n\n### assistant\n")
    store = Store([folder], limit=1000)
    seen: list[tuple[int, int]] = []
    store.load(lambda number, count: seen.append((number, count)))
    assert seen == [(number, 10) for number in range(1, 11)]
    assert list(store.problems) == [(folder / "broken.md").as_posix()]
    hit = store.index.find(asked("Hello 7"))
    assert isinstance(hit, Hit)
    assert not store.reload(folder / "7.md")


def test_a_lock_that_another_holds_for_long_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_PATIENCE", 0.01)
    store = store_of(folder)
    (folder / ".wire").mkdir()
    with (
        FileLock(folder / ".wire" / "lock"),
        pytest.raises(RechatError, match=r"\.wire/lock is held"),
    ):
        store.save(Recording(asked("Hi"), answer("Hello")))


def test_a_turn_is_appended_without_reading_the_whole_file_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(folder)
    store.save(Recording(asked("1"), answer("a")))
    monkeypatch.setattr(reader, "parse", None)
    for texts in (("1", "a", "2"), ("1", "a", "2", "b", "3")):
        store.save(Recording(asked(*texts), answer("b")))
    monkeypatch.undo()
    fresh, [path] = store_of(folder), folder.glob("*.md")
    assert store.index.sections(path.as_posix()) == fresh.index.sections(path.as_posix())
    assert store.index.card(path.as_posix()) == fresh.index.card(path.as_posix())
    assert said(fresh, asked("1", "a", "2", "b", "3")) == "b"


def test_a_file_that_was_edited_is_read_whole_before_a_turn_is_appended(folder: Path) -> None:
    store = store_of(folder)
    store.save(Recording(asked("1"), answer("a")))
    [path] = folder.glob("*.md")
    path.write_text(path.read_text().replace("### user", "# Mine\n\n### user", 1))
    store.save(Recording(asked("1", "a", "2"), answer("b")))
    assert "# Mine\n\n### user" in path.read_text()
    assert said(store_of(folder), asked("1", "a", "2")) == "b"


def test_files_that_changed_concern_transcripts_only(folder: Path) -> None:
    (folder / "a.md").write_text(TEXT.format("Hi", "Ho"))
    (folder / "d.md").mkdir()
    store = store_of(folder)
    others = [folder / name for name in (".hidden.md", "assets/x.md", "x.txt", "d.md")]
    new = folder / "new.md"
    assert store.touched([*others, new, folder / "a.md"]) == [folder / "a.md", new]


def test_a_look_at_all_finds_what_is_new_changed_and_gone(folder: Path) -> None:
    for name in ("a.md", "b.md", "deep/c.md", "deep/d.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(TEXT.format(name, "Ho"))
        os.utime(folder / name, (0, 0))
    store = Store([folder])
    store.load()
    (folder / "b.md").write_text(TEXT.format("b.md", "Hu"))
    shutil.rmtree(folder / "deep")
    (folder / "e.md").write_text(TEXT.format("e.md", "Ho"))
    changed = {path.relative_to(folder).as_posix() for path in store.changed()}
    assert {"b.md", "deep/c.md", "deep/d.md", "e.md"} <= changed
    told = [change for path in store.changed() if (change := store.reload(path))]
    assert len(told) == 4
    assert said(store, asked("b.md")) == "Hu"
    assert said(store, asked("deep/c.md")) is None


@pytest.mark.usefixtures("later")
def test_what_surely_did_not_change_is_not_read_again(folder: Path) -> None:
    (folder / "a.md").write_text(TEXT.format("Hi", "Ho"))
    text = "### system\n\n[prompt](prompt.txt)\n\n" + TEXT.format("Hello", "x")
    (folder / "linking.md").write_text(text)
    (folder / "prompt.txt").write_text("one")
    store = store_of(folder)
    assert store.changed() == []
    (folder / "prompt.txt").touch()
    assert store.changed() == [folder / "linking.md"]
    assert store.reload(folder / "linking.md") is None
    assert store.changed() == []


def test_a_missing_folder_and_all_in_it_are_gone(folder: Path) -> None:
    (folder / "a.md").write_text(TEXT.format("Hi", "Ho"))
    store = store_of(folder)
    shutil.rmtree(folder)
    assert store.changed() == [folder / "a.md"]


def test_a_long_prompt_is_kept_beside_the_file_that_links_to_it(folder: Path) -> None:
    request = Request({"model": "m"}, (Message("system", "x" * 5000), Message("user", "Hi")))
    assert store_of(folder).save(Recording(request, answer("Ho")))
    [asset] = (folder / "assets").iterdir()
    assert asset.read_text() == "x" * 5000
    assert said(store_of(folder), request) == "Ho"


def test_a_conversation_whose_name_is_taken_gets_another(folder: Path) -> None:
    store = store_of(folder)
    saved = store.save(Recording(asked("Hi"), answer("Ho")))
    assert saved
    path = Path(saved.place.rpartition(":")[0])
    other = TEXT.format("Something else", "x")
    path.write_text(other)
    assert store.reload(path)
    again = store.save(Recording(asked("Hi"), answer("Ho")))
    assert again
    assert path.read_text() == other
    assert Path(again.place.rpartition(":")[0]).name == f"{path.stem}-2.md"


def test_a_folder_that_never_rests_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(folder)
    path, numbers = folder / "restless.md", itertools.count()

    def somebody_writes(*_: object) -> Path:
        path.write_text(TEXT.format(f"Change {next(numbers)}", "Ho"))
        return path

    monkeypatch.setattr(Store, "_path_of", somebody_writes)
    with pytest.raises(RechatError, match="keeps changing"):
        store.save(Recording(asked("Hi"), answer("Ho")))
    assert [*folder.glob("*.md")] == [path]
    assert "Hi" not in path.read_text()


def test_an_answer_that_another_process_has_saved_is_not_saved_again(folder: Path) -> None:
    first, second = store_of(folder), store_of(folder)
    saved = first.save(Recording(asked("Hi"), answer("Ho")))
    assert saved
    path = Path(saved.place.rpartition(":")[0])
    before = path.read_bytes()
    assert second.save(Recording(asked("Hi"), answer("Ho", 2))) is None
    assert (path.read_bytes(), [*folder.glob("*.md")]) == (before, [path])


def test_what_a_crash_left_is_tidied_up_unless_somebody_may_be_writing_it(folder: Path) -> None:
    store = Store([folder])
    store.save(Recording(asked("Hi"), answer("Ho")))
    left = folder / ".hi.md.abc.rechat-part"
    left.write_bytes(b"half")
    store.tidy()
    assert left.exists()
    os.utime(left, (0, 0))
    with FileLock(folder / ".wire" / "lock"):
        store.tidy()
        assert left.exists()
    store.tidy()
    assert not left.exists()
