"""Changes of files, told as batches of transcripts."""

import os
import queue
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stored import asked

from rechat.index.found import Hit
from rechat.store.folder import Store
from rechat.store.watching import watch as watch_module
from rechat.store.watching.watch import Watch

DEADLINE = 60
TEXT = "### user\n\n> {}\n\n### assistant\n\n> Hi!\n"


class Served:
    """A folder that is watched: what changes is taken in, as a server does."""

    def __init__(self, *roots: Path, polls: bool = False) -> None:
        self.store = Store(roots)
        self.store.load()
        self.warnings: list[str] = []
        self._told: queue.Queue[list[Path]] = queue.Queue()
        self.watch = Watch(self.store, self._take_in, self.warnings.append, polls=polls)

    def _take_in(self, paths: list[Path]) -> None:
        for path in paths:
            self.store.reload(path)
        self._told.put(paths)

    def answers(self, question: str) -> bool:
        return isinstance(self.store.index.find(asked(question)), Hit)

    def wait_for(self, question: str, *, is_answered: bool = True) -> None:
        """Return once a question is answered, or is not any more."""
        while self.answers(question) != is_answered:
            self._told.get(timeout=DEADLINE)


def write(path: Path, question: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(question))
    return path


def test_what_goes_wrong_with_one_change_keeps_no_other_from_being_told(folder: Path) -> None:
    told: queue.Queue[str] = queue.Queue()
    store = Store((folder,))
    store.load()

    def take_in(paths: list[Path]) -> None:
        for path in paths:
            if path.name == "odd.md":
                raise KeyError("odd")
            told.put(path.name)

    with Watch(store, take_in, told.put):
        write(folder / "odd.md", "Odd")
        assert "could not be taken in: KeyError: 'odd'" in told.get(timeout=DEADLINE)
        write(folder / "next.md", "Next")
        while told.get(timeout=DEADLINE) != "next.md":
            pass


@pytest.fixture(params=["told by the system", "polling"])
def polls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(watch_module, "EVERY", 0.05)
    return bool(request.param == "polling")


@pytest.fixture
def served(folder: Path, polls: bool) -> Iterator[Served]:
    write(folder / "a.md", "Hello")
    served = Served(folder, polls=polls)
    with served.watch:
        yield served
    assert served.warnings == []


def test_a_file_that_is_new_changed_renamed_and_gone(folder: Path, served: Served) -> None:
    path = write(folder / "b.md", "one")
    served.wait_for("one")
    write(path, "two")
    served.wait_for("two")
    assert not served.answers("one")
    path.rename(folder / "c.md")
    while "c.md" not in str(served.store.index.paths):
        served._told.get(timeout=DEADLINE)
    assert served.answers("two")
    (folder / "c.md").unlink()
    served.wait_for("two", is_answered=False)
    assert served.answers("Hello")


def test_a_file_in_a_new_folder_in_a_new_folder(folder: Path, served: Served) -> None:
    path = write(folder / "deep" / "er" / "b.md", "one")
    served.wait_for("one")
    write(path, "two")
    served.wait_for("two")


def test_a_folder_that_is_moved_in_and_out(folder: Path, served: Served) -> None:
    away = write(folder.parent / "away" / "b.md", "one").parent
    away.rename(folder / "in")
    served.wait_for("one")
    write(folder / "in" / "b.md", "two")
    served.wait_for("two")
    (folder / "in").rename(folder / "other")
    write(folder / "other" / "c.md", "three")
    served.wait_for("three")
    assert served.answers("two")
    (folder / "other").rename(away)
    served.wait_for("two", is_answered=False)
    write(away / "d.md", "four")
    write(folder / "e.md", "five")
    served.wait_for("five")
    assert not served.answers("four")


def test_what_changed_between_the_load_and_the_watch_is_told(folder: Path, polls: bool) -> None:
    path = write(folder / "a.md", "one")
    served = Served(folder, polls=polls)
    write(path, "two")
    with served.watch:
        served.wait_for("two")


def test_the_folder_is_removed_and_made_again(folder: Path, polls: bool) -> None:
    write(folder / "a.md", "Hello")
    served = Served(folder, polls=polls)
    with served.watch:
        for number in range(3):
            shutil.rmtree(folder)
            served.wait_for("Hello", is_answered=False)
            write(folder / "a.md", "Hello")
            served.wait_for("Hello")
            write(folder / "a.md", f"Again {number}")
            served.wait_for(f"Again {number}")
            write(folder / "a.md", "Hello")
            served.wait_for("Hello")
    assert set(served.warnings) <= {f"{folder} does not exist any more: its answers are not served"}


def test_a_folder_that_is_gone_is_named(folder: Path, polls: bool) -> None:
    write(folder / "a.md", "Hello")
    served = Served(folder, polls=polls)
    with served.watch:
        folder.parent.rename(folder.parent.with_name("elsewhere"))
        served.wait_for("Hello", is_answered=False)
    assert served.warnings == [f"{folder} does not exist any more: its answers are not served"]
    folder.parent.with_name("elsewhere").rename(folder.parent)


def test_the_folder_is_replaced_by_a_rename(folder: Path, served: Served) -> None:
    other = write(folder.parent / "other" / "b.md", "one").parent
    folder.rename(folder.parent / "old")
    other.rename(folder)
    served.wait_for("one")
    assert not served.answers("Hello")
    write(folder.parent / "old" / "a.md", "old")
    write(folder / "b.md", "two")
    served.wait_for("two")
    assert not served.answers("old")


def test_a_folder_above_is_replaced_by_a_rename(tmp_path: Path, polls: bool) -> None:
    write(tmp_path / "one" / "project" / "transcripts" / "a.md", "one")
    write(tmp_path / "two" / "project" / "transcripts" / "a.md", "two")
    served = Served(tmp_path / "one" / "project" / "transcripts", polls=polls)
    with served.watch:
        (tmp_path / "one").rename(tmp_path / "zero")
        (tmp_path / "two").rename(tmp_path / "one")
        served.wait_for("two")


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_branch_without_the_folder_is_checked_out_and_back(folder: Path, polls: bool) -> None:
    project = folder.parent
    git(project, "init", "--initial-branch", "main")
    (project / "README.md").write_text("x")
    git(project, "add", ".")
    git(project, "commit", "--message", "without")
    git(project, "branch", "without")
    write(folder / "a.md", "Hello")
    write(folder / "deep" / "b.md", "deep")
    git(project, "add", ".")
    git(project, "commit", "--message", "with")
    served = Served(folder, polls=polls)
    with served.watch:
        for _ in range(2):
            git(project, "checkout", "without")
            served.wait_for("Hello", is_answered=False)
            assert not folder.exists()
            git(project, "checkout", "main")
            served.wait_for("Hello")
            served.wait_for("deep")
        git(project, "stash", "--include-untracked")
        write(folder / "deep" / "b.md", "deeper")
        served.wait_for("deeper")
        git(project, "checkout", ".")
        served.wait_for("deep")


def test_many_files_are_checked_out_at_once(folder: Path) -> None:
    git(folder, "init", "--initial-branch", "main")
    write(folder / "a.md", "Hello")
    git(folder, "add", ".")
    git(folder, "commit", "--message", "few")
    git(folder, "checkout", "-b", "many")
    for number in range(1000):
        write(folder / str(number % 30) / f"{number}.md", f"Q{number}")
    git(folder, "add", ".")
    git(folder, "commit", "--message", "many")
    git(folder, "checkout", "main")
    served = Served(folder)
    with served.watch:
        git(folder, "checkout", "many")
        while len(served.store.index.paths) < 1001:
            served._told.get(timeout=60)
        git(folder, "checkout", "main")
        while len(served.store.index.paths) > 1:
            served._told.get(timeout=60)
    assert served.answers("Hello")


def test_the_folder_is_a_symbolic_link_that_is_set_anew(tmp_path: Path, polls: bool) -> None:
    first = write(tmp_path / "releases" / "1" / "a.md", "one")
    second = write(tmp_path / "releases" / "2" / "a.md", "two")
    link = tmp_path / "current"
    link.symlink_to("releases/1")
    served = Served(link, polls=polls)
    with served.watch:
        assert served.answers("one")
        write(first, "one more")
        served.wait_for("one more")
        (tmp_path / "new").symlink_to("releases/2")
        (tmp_path / "new").replace(link)
        served.wait_for("two")
        write(second, "two more")
        served.wait_for("two more")
        assert list(served.store.index.paths) == [(link / "a.md").as_posix()]


def test_linked_folders_and_files_inside(folder: Path, served: Served) -> None:
    elsewhere = folder.parent / "elsewhere"
    inner = write(elsewhere / "set" / "b.md", "one")
    single = write(elsewhere / "c.md", "single")
    (folder / "set").symlink_to(elsewhere / "set")
    (folder / "c.md").symlink_to("../elsewhere/c.md")
    served.wait_for("one")
    served.wait_for("single")
    write(inner, "two")
    served.wait_for("two")
    write(single, "other")
    served.wait_for("other")
    new = write(elsewhere / "new.md", "by rename")
    new.replace(single)
    served.wait_for("by rename")
    (elsewhere / "set").rename(elsewhere / "gone")
    served.wait_for("two", is_answered=False)
    write(elsewhere / "set" / "b.md", "back")
    served.wait_for("back")


def config_map(folder: Path, version: str, question: str) -> None:
    """What the kubelet does: the new version in a hidden folder of its own, one rename of a link,
    and the old version is removed.
    """
    data = folder / "..data"
    before = data.readlink() if data.is_symlink() else None
    write(folder / version / "a.md", question)
    (folder / version / "prompt.txt").write_text(question)
    (folder / "..data_tmp").symlink_to(version)
    (folder / "..data_tmp").replace(data)
    for name in ("a.md", "prompt.txt"):
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(f"..data/{name}")
    if before:
        shutil.rmtree(folder / before)


def test_a_config_map_is_swapped(folder: Path, polls: bool) -> None:
    config_map(folder, "..2026_01", "one")
    served = Served(folder, polls=polls)
    with served.watch:
        assert served.answers("one")
        for number in range(2, 5):
            config_map(folder, f"..2026_0{number}", f"version {number}")
            served.wait_for(f"version {number}")
            assert served.store.problems == {}


def test_a_single_file_of_a_config_map_is_swapped(folder: Path, polls: bool) -> None:
    config_map(folder, "..2026_01", "one")
    served = Served(folder / "a.md", polls=polls)
    with served.watch:
        config_map(folder, "..2026_02", "two")
        served.wait_for("two")


def test_a_linked_prompt_in_a_config_map_is_swapped(folder: Path, polls: bool) -> None:
    config_map(folder, "..2026_01", "one")
    write(folder / "b.md", "Hello")
    (folder / "b.md").write_text("### user\n\n[it](prompt.txt)\n\n### assistant\n\n> Hi!\n")
    served = Served(folder / "b.md", polls=polls)
    with served.watch:
        assert served.answers("one")
        config_map(folder, "..2026_02", "two")
        served.wait_for("two")
        (folder / "..data" / "prompt.txt").write_text("three")
        served.wait_for("three")


@pytest.mark.parametrize("name", ["prompt.txt", "assets/prompt.txt", ".hidden/prompt.txt", "l.txt"])
def test_an_edit_of_a_linked_file(folder: Path, served: Served, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    if name == "l.txt":
        (folder / "assets").mkdir()
        (folder / name).symlink_to("assets/real.txt")
    (folder / name).write_text("one")
    (folder / "b.md").write_text(f"### user\n\n[it]({name})\n\n### assistant\n\n> Hi!\n")
    served.wait_for("one")
    (folder / name).write_text("two")
    served.wait_for("two")
    (folder / "new.txt").write_text("three")
    (folder / "new.txt").replace(folder / name)
    served.wait_for("three")
    (folder / name).unlink()
    while not served.store.problems:
        served._told.get(timeout=DEADLINE)
    (folder / name).write_text("four")
    served.wait_for("four")
    assert served.store.problems == {}


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def by_rename(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.tmp")
    new.write_text(text)
    new.replace(path)


def as_vim_does(path: Path, text: str) -> None:
    """With `backupcopy=no`: a test file, the old one aside, the new one, and the backup removed."""
    (path.parent / "4913").touch()
    (path.parent / "4913").unlink()
    path.rename(f"{path}~")
    path.write_text(text)
    path.chmod(0o644)
    Path(f"{path}~").unlink()


def as_vs_code_does(path: Path, text: str) -> None:
    """Its `files.atomicSave`: a file beside it with another ending, renamed over it."""
    new = Path(f"{path}.vsctmp")
    with new.open("w") as file:
        file.write(text)
        os.fsync(file.fileno())
    new.replace(path)


def as_vs_code_truncates(path: Path, text: str) -> None:
    with path.open("r+") as file:
        file.truncate()
        file.flush()
        file.write(text)


def as_emacs_does(path: Path, text: str) -> None:
    (path.parent / f".#{path.name}").symlink_to("me@here.1")
    shutil.copy2(path, f"{path}~")
    path.write_text(text)
    (path.parent / f".#{path.name}").unlink()


def as_jetbrains_does(path: Path, text: str) -> None:
    """Its safe write: the new file, the old one aside, and each takes the other's place."""
    new, old = (Path(f"{path}___jb_{name}___") for name in ("tmp", "old"))
    new.write_text(text)
    path.rename(old)
    new.rename(path)
    old.unlink()


def left_open(path: Path, text: str) -> None:
    """Whoever writes never closes the file."""
    OPEN.append(os.open(path, os.O_WRONLY | os.O_TRUNC))
    os.write(OPEN[-1], text.encode())


OPEN: list[int] = []
WAYS = [
    *(in_place, by_rename, as_vim_does, as_vs_code_does, as_vs_code_truncates, as_emacs_does),
    *(as_jetbrains_does, left_open),
]


@pytest.mark.parametrize("save", WAYS)
def test_whatever_way_an_editor_saves(
    folder: Path, served: Served, save: Callable[[Path, str], None]
) -> None:
    for question in ("one", "two"):
        save(folder / "a.md", TEXT.format(question))
        served.wait_for(question)
    while OPEN:
        os.close(OPEN.pop())


@pytest.mark.skipif(not shutil.which("vim"), reason="vim is not installed")
@pytest.mark.parametrize("option", ["backupcopy=no", "backupcopy=yes", "nowritebackup"])
def test_vim_saves(folder: Path, served: Served, option: str) -> None:
    for question in ("one", "two"):
        edit = f"%s/^> .*/> {question}/ | x"
        command = ["vim", "-es", "-N", "-u", "NONE", "-c", f"set {option}", "-c", edit, "a.md"]
        subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL, timeout=DEADLINE)
        served.wait_for(question)


@pytest.mark.skipif(not shutil.which("sed"), reason="sed is not installed")
def test_sed_changes_a_file_in_place(folder: Path, served: Served) -> None:
    for question in ("one", "two"):
        edit = f"s/^> [^H].*/> {question}/; s/^> Hello/> {question}/"
        subprocess.run(["sed", "-i.bak", edit, "a.md"], cwd=folder, check=True)
        served.wait_for(question)


def test_a_file_that_may_be_read_at_last(folder: Path, polls: bool) -> None:
    path = write(folder / "a.md", "one")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read all files")
    served = Served(folder, polls=polls)
    with served.watch:
        assert not served.answers("one")
        path.chmod(0o644)
        served.wait_for("one")


def test_relative_names_stay(folder: Path, monkeypatch: pytest.MonkeyPatch, polls: bool) -> None:
    monkeypatch.chdir(folder.parent)
    served = Served(Path("transcripts"), polls=polls)
    with served.watch:
        write(folder / "deep" / "a.md", "one")
        served.wait_for("one")
        assert list(served.store.index.paths) == ["transcripts/deep/a.md"]
        monkeypatch.chdir(folder)
    served = Served(Path(), polls=polls)
    with served.watch:
        write(folder / "b.md", "two")
        served.wait_for("two")
        assert sorted(served.store.index.paths) == ["b.md", "deep/a.md"]


def test_a_single_file_is_watched_without_its_neighbours(folder: Path, polls: bool) -> None:
    path = write(folder / "a.md", "one")
    served = Served(path, polls=polls)
    with served.watch:
        write(folder / "b.md", "neighbour")
        by_rename(path, TEXT.format("two"))
        served.wait_for("two")
        path.unlink()
        served.wait_for("two", is_answered=False)
        write(path, "three")
        served.wait_for("three")
    assert not served.answers("neighbour")
