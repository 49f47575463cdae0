"""The versions of files: taken in, let go, read again; and the files that they link to."""

import itertools
import os
from pathlib import Path

import pytest
from stored import answer
from stored import asked
from stored import said
from stored import store_of

from rechat.index.found import Hit
from rechat.store.folder import Store
from rechat.store.known import Change
from rechat.store.known import NotInMemory
from rechat.store.placement import Recording
from rechat.values import Json
from rechat.values.conversation import Message
from rechat.values.conversation import Request

TEXT = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


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


def test_a_link_to_a_file_outside_the_folder_is_not_followed(folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes(b"secret")
    (folder / "mine.md").write_text("### user\n\n#### image\n\n![x](../secret.png)\n")
    [problem] = store_of(folder).problems.values()
    assert (problem.line, "does not exist" in problem.message) == (3, True)


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
