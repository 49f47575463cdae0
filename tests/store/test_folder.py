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
from stored import store_of

from rechat.format import reader
from rechat.index.found import Hit
from rechat.store import folder as store_module
from rechat.store.folder import Store
from rechat.store.known import Change
from rechat.store.known import NotInMemory
from rechat.store.placement import Recording
from rechat.values import Json
from rechat.values.conversation import Answer
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


def said(store: Store, request: Request) -> str | None:
    found = store.index.find(request)
    if not isinstance(found, Hit):
        return None
    first = found.exchange.answered[0].answer
    assert isinstance(first, Answer)
    return first.choices[0].message.body


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


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"### user\n\n> \xff\n", 3, "not UTF-8"),
        (b"### usr\n\n> Hi\n", 1, "did you mean 'user'?"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_serve(
    folder: Path, raw: bytes, line: int, message: str
) -> None:
    (folder / "bad.md").write_bytes(raw)
    (folder / "good.md").write_text(TEXT.format("Hi", "Hello"))
    store = store_of(folder)
    [problem] = store.problems.values()
    assert str(problem).startswith(f"{folder}/bad.md:{line}: ")
    assert message in problem.message
    assert said(store, asked("Hi")) == "Hello"


def test_the_last_good_version_serves_while_a_file_is_broken(folder: Path) -> None:
    path = folder / "mine.md"
    path.write_text(TEXT.format("Hi", "one"))
    store = store_of(folder)
    path.write_text("### usr\n")
    change = store.reload(path)
    assert change is not None
    assert change.problem is not None
    assert said(store, asked("Hi")) == "one"
    path.write_text(TEXT.format("Hi", "two"))
    store.reload(path)
    assert (said(store, asked("Hi")), store.problems) == ("two", {})


def test_a_file_that_is_gone_is_forgotten(folder: Path) -> None:
    path = folder / "mine.md"
    path.write_text(TEXT.format("Hi", "one"))
    store = store_of(folder)
    path.unlink()
    change = store.reload(path)
    assert change is not None
    assert change.is_gone
    assert said(store, asked("Hi")) is None
    assert store.reload(path) is None


def test_bytes_that_did_not_change_are_not_read_again(folder: Path) -> None:
    path = folder / "mine.md"
    path.write_text(TEXT.format("Hi", "one"))
    store = store_of(folder)
    path.touch()
    assert store.reload(path) is None


def test_a_missing_folder_is_a_usage_error(folder: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        store_of(folder / "nowhere")


def test_a_link_to_a_file_outside_the_folder_is_not_followed(folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes(b"secret")
    (folder / "mine.md").write_text("### user\n\n#### image\n\n![x](../secret.png)\n")
    [problem] = store_of(folder).problems.values()
    assert (problem.line, "does not exist" in problem.message) == (3, True)


def test_an_answer_that_would_not_come_back_is_not_written(folder: Path) -> None:
    store = store_of(folder)
    with pytest.raises(RechatError, match="not saved"):
        store.save(Recording(asked("Hi"), ErrorAnswer(400, "x", (("a", "\ud800"), ("a", "b")))))
    assert list(folder.glob("*.md")) == []


def test_texts_that_were_let_go_are_read_when_they_are_asked_for(folder: Path) -> None:
    for number in range(20):
        (folder / f"{number}.md").write_text(TEXT.format(f"Hello {number}", "Hi!"))
    store = Store([folder], limit=0)
    store.load()
    for number in (3, 17, 3):
        hit = store.index.find(asked(f"Hello {number}"))
        assert isinstance(hit, Hit)
        assert hit.exchange.path.endswith(f"/{number}.md")
    assert len(list(store.index.exchanges())) == 20


def test_a_text_that_changed_since_it_was_let_go_is_read_as_it_is_now(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.md").write_text(TEXT.format(name, "Hi!"))
    store = Store([folder], limit=0)
    store.load()
    assert isinstance(store.index.find(asked("b")), Hit)
    (folder / "a.md").write_text(TEXT.format("c", "Hi!"))
    assert not isinstance(store.index.find(asked("a")), Hit)
    assert isinstance(store.index.find(asked("c")), Hit)
    (folder / "a.md").write_text("### user\n\nbroken\n\n### assistant\n")
    store.index.find(asked("b"))
    assert not isinstance(store.index.find(asked("c")), Hit)
    assert list(store.problems) == [(folder / "a.md").as_posix()]
    (folder / "a.md").write_text(TEXT.format("d", "Hi!"))
    store.reload(folder / "a.md")
    (folder / "b.md").unlink()
    assert not isinstance(store.index.find(asked("b")), Hit)


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


def test_the_thread_that_answers_reads_no_file(folder: Path) -> None:
    for name, text in (("a", "Hello"), ("b", "Bye")):
        (folder / f"{name}.md").write_text(f"### user\n\n> {text}\n\n### assistant\n\n> {name}\n")
    store = Store([folder], limit=0)
    store.load()
    store.answer_here()
    with pytest.raises(NotInMemory) as needed:
        store.index.find(asked("Hello"))
    path = Path(needed.value.path)
    assert path.name == "a.md"
    store.refresh(path.as_posix())
    assert said(store, asked("Hello")) == "a"


def test_a_file_that_changed_is_not_brought_back_as_it_was(folder: Path) -> None:
    (folder / "a.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> a\n")
    (folder / "b.md").write_text("### user\n\n> Bye\n\n### assistant\n\n> b\n")
    store = Store([folder], limit=0)
    store.load()
    store.answer_here()
    (folder / "a.md").write_text("### user\n\n> Other\n\n### assistant\n\n> new\n")
    store.refresh((folder / "a.md").as_posix())
    with pytest.raises(NotInMemory):
        store.index.find(asked("Hello"))


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
    linking(folder, "prompt")
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


def linking(folder: Path, how: str) -> Path:
    """A transcript that links to a prompt, or to settings; the file that it links to."""
    path = folder / "linking.md"
    if how == "prompt":
        path.write_text("### system\n\n[prompt](prompt.txt)\n\n" + TEXT.format("Hello", "x"))
        linked = folder / "prompt.txt"
    else:
        path.write_text("---\nmodel: {$ref: assets/m.json}\n---\n\n" + TEXT.format("Hello", "x"))
        linked = folder / "assets" / "m.json"
        linked.parent.mkdir()
    linked.write_text('"one"')
    return linked


def with_prompt(text: str) -> Request:
    return Request({"model": text}, (Message("system", f'"{text}"'), Message("user", "Hello")))


@pytest.mark.parametrize("how", ["prompt", "settings"])
def test_an_edit_of_a_linked_file_is_an_edit_of_the_transcript(folder: Path, how: str) -> None:
    linked = linking(folder, how)
    store = store_of(folder)
    assert said(store, with_prompt("one")) == "x"
    linked.write_text('"two"')
    assert store.touched([linked]) == [folder / "linking.md"]
    assert store.reload(folder / "linking.md") == Change((folder / "linking.md").as_posix())
    assert (said(store, with_prompt("one")), said(store, with_prompt("two"))) == (None, "x")


@pytest.mark.parametrize("how", ["prompt", "settings"])
def test_a_linked_file_that_comes_back_solves_the_problem(folder: Path, how: str) -> None:
    linked = linking(folder, how)
    linked.unlink()
    store = store_of(folder)
    [problem] = store.problems.values()
    assert linked.name in problem.message
    linked.write_text('"one"')
    assert store.touched([linked]) == [folder / "linking.md"]
    assert store.reload(folder / "linking.md")
    assert (said(store, with_prompt("one")), store.problems) == ("x", {})


def test_a_linked_file_that_appears_nearer_is_the_one(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    linking(folder, "prompt").rename(folder / "prompt.txt")
    (folder / "linking.md").rename(inner / "linking.md")
    store = store_of(folder)
    assert said(store, with_prompt("one")) == "x"
    (inner / "prompt.txt").write_text('"two"')
    assert store.touched([inner / "prompt.txt"]) == [inner / "linking.md"]
    assert store.reload(inner / "linking.md")
    assert said(store, with_prompt("two")) == "x"


def test_a_text_that_was_let_go_is_not_brought_back_with_another_linked_file(folder: Path) -> None:
    linked = linking(folder, "prompt")
    (folder / "other.md").write_text(TEXT.format("Other", "y"))
    store = Store([folder], limit=0)
    store.load()
    assert said(store, asked("Other")) == "y"
    store.answer_here()
    linked.write_text('"two"')
    store.refresh((folder / "linking.md").as_posix())
    with pytest.raises(NotInMemory):
        store.index.find(with_prompt("one"))


def test_a_transcript_in_a_linked_folder_has_the_files_beside_it(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    linking(elsewhere, "prompt")
    (folder / "linked").symlink_to(elsewhere)
    store = store_of(folder)
    assert (said(store, with_prompt("one")), store.problems) == ("x", {})
    (folder / "linked" / "prompt.txt").write_text('"two"')
    assert store.changed() == [folder / "linked" / "linking.md"]
    assert store.reload(folder / "linked" / "linking.md")
    assert said(store, with_prompt("two")) == "x"


def test_a_symbolic_link_that_leads_nowhere_is_a_problem(folder: Path) -> None:
    (folder / "a.md").symlink_to("nowhere.md")
    store = store_of(folder)
    [problem] = store.problems.values()
    assert "a symbolic link to nowhere.md, which does not exist" in problem.message
    assert store.reload(folder / "a.md") is None
    (folder / "nowhere.md").write_text(TEXT.format("Hi", "Ho"))
    assert store.reload(folder / "a.md")
    assert (said(store, asked("Hi")), store.problems) == ("Ho", {})
    (folder / "nowhere.md").unlink()
    assert store.reload(folder / "a.md") == Change((folder / "a.md").as_posix(), problem)
    assert said(store, asked("Hi")) is None
    (folder / "a.md").unlink()
    assert store.reload(folder / "a.md") is None
    assert store.problems == {}


def test_a_file_that_the_disk_does_not_give_is_a_problem(folder: Path) -> None:
    (folder / "a.md").mkdir()
    store = Store([folder])
    change = store.reload(folder / "a.md")
    assert change
    assert change.problem
    assert "cannot be read" in change.problem.message
    assert store.reload(folder / "a.md") is None


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


@pytest.mark.timeout(60)
def test_odd_files_are_problems_and_the_others_serve(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "device.md").symlink_to("/dev/zero")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "null.md").write_text(
        "### user\n\n#### image\n\n![x](a\0b.png)\n\n### assistant\n\n> x\n"
    )
    aliases = "a: &a [x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in itertools.pairwise("abcdefghijkl")
    )
    (folder / "aliases.md").write_text(f"---\n{aliases}---\n\n{TEXT.format('Hey', 'Ha')}")
    (folder / "good.md").write_text(TEXT.format("Hi", "Ho"))
    store = store_of(folder)
    names = [Path(name).name for name in sorted(store.problems)]
    assert names == ["aliases.md", "device.md", "loop.md", "null.md", "pipe.md"]
    assert said(store, asked("Hi")) == "Ho"


@pytest.mark.parametrize("model", [["a", "b"], {"name": "a"}, 1, None])
def test_a_model_that_is_no_name_is_a_setting_like_any_other(folder: Path, model: Json) -> None:
    request = Request({"model": model}, (Message("user", "Hi"),))
    assert store_of(folder).save(Recording(request, answer("Ho")))
    store = store_of(folder)
    assert store.problems == {}
    assert said(store, request) == "Ho"
    assert said(store, Request({"model": "a"}, (Message("user", "Hi"),))) is None


def test_whatever_goes_wrong_with_a_file_is_its_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise TypeError("no such thing")

    (folder / "a.md").write_text(TEXT.format("Hi", "Ho"))
    monkeypatch.setattr("rechat.store.handwritten.check", stumble)
    store = store_of(folder)
    [problem] = store.problems.values()
    assert str(problem).startswith(f"{folder}/a.md:1: cannot be read: TypeError: no such thing")
