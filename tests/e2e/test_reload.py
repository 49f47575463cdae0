"""Saving a file changes the next answer."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openai import BadRequestError
from process import Rechat

TEXT = "# Mine\n\n### user\n\n> Hello\n\n### assistant\n\n> {}\n"


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def by_rename(path: Path, text: str) -> None:
    new = path.with_suffix(".md~new")
    new.write_text(text)
    new.replace(path)


def with_backup(path: Path, text: str) -> None:
    path.rename(path.with_suffix(".md~"))
    path.write_text(text)


def by_delete(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


def in_two_writes(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.write(text[:20])
        file.flush()
        os.fsync(file.fileno())
        file.write(text[20:])


def ask(rechat: Rechat) -> str:
    answer = rechat.client().chat.completions.create(
        model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
    )
    return answer.choices[0].message.content or ""


def wait_for_answer(rechat: Rechat, expected: str) -> str:
    """The answer once the last reload has been told; editors that write twice are read twice."""
    seen = 0
    while True:
        rechat.wait_for(lambda line: " reloaded" in line or ": " in line, "no reload", seen)
        seen = len(rechat.lines)
        try:
            said = ask(rechat)
        except BadRequestError:
            continue
        if said == expected:
            return said


@pytest.fixture
def path(folder: Path) -> Path:
    path = folder / "mine.md"
    path.write_text(TEXT.format("one"))
    return path


@pytest.mark.parametrize("save", [in_place, by_rename, with_backup, by_delete, in_two_writes])
def test_whatever_way_an_editor_saves(path: Path, save: Callable[[Path, str], None]) -> None:
    with Rechat("replay", path.parent, folder=path.parent.parent) as rechat:
        assert ask(rechat) == "one"
        start = len(rechat.lines)
        save(path, TEXT.format("two"))
        rechat.wait_for_line("mine.md reloaded", start)
        assert wait_for_answer(rechat, "two") == "two"


@pytest.mark.parametrize("save", [in_place, by_rename, by_delete])
def test_who_asks_right_after_a_save_gets_what_was_saved(
    path: Path, save: Callable[[Path, str], None]
) -> None:
    with Rechat("replay", path.parent, folder=path.parent.parent) as rechat:
        assert ask(rechat) == "one"
        for number in range(20):
            save(path, TEXT.format(number))
            assert ask(rechat) == str(number)


def test_a_new_file_in_a_new_folder_is_taken_in(folder: Path) -> None:
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        new = folder / "deep" / "er"
        new.mkdir(parents=True)
        (new / "mine.md").write_text(TEXT.format("new"))
        rechat.wait_for_line("mine.md reloaded")
        assert ask(rechat) == "new"


def test_a_deleted_file_answers_no_more(path: Path) -> None:
    with Rechat("replay", path.parent, folder=path.parent.parent) as rechat:
        path.unlink()
        rechat.wait_for_line("mine.md gone")
        with pytest.raises(BadRequestError):
            ask(rechat)


def test_a_folder_that_is_moved_away_takes_its_files_along(path: Path, tmp_path: Path) -> None:
    inner = path.parent / "inner"
    inner.mkdir()
    path.rename(inner / path.name)
    with Rechat("replay", path.parent, folder=tmp_path) as rechat:
        assert ask(rechat) == "one"
        shutil.move(inner, tmp_path / "elsewhere")
        rechat.wait_for_line("mine.md gone")
        with pytest.raises(BadRequestError):
            ask(rechat)


def test_a_renamed_file_answers_under_its_new_name(path: Path) -> None:
    with Rechat("replay", path.parent, folder=path.parent.parent) as rechat:
        path.rename(path.with_name("yours.md"))
        rechat.wait_for_line("yours.md reloaded")
        assert ask(rechat) == "one"


def test_a_broken_file_keeps_its_last_good_version_and_says_what_is_wrong(path: Path) -> None:
    (path.parent / "other.md").write_text(TEXT.format("other").replace("Hello", "Other"))
    with Rechat("replay", path.parent, folder=path.parent.parent) as rechat:
        path.write_text(TEXT.format("two").replace("### assistant", "### asistant"))
        said = rechat.wait_for_line("mine.md:7:")
        assert "did you mean 'assistant'?" in said
        assert ask(rechat) == "one"
        path.write_text(TEXT.format("three"))
        rechat.wait_for_line("mine.md reloaded")
        assert ask(rechat) == "three"


def test_a_broken_file_at_the_start_does_not_take_the_others_down(path: Path) -> None:
    (path.parent / "broken.md").write_text("### user\n\n<blockquote>\n\nnever closed\n")
    with Rechat("replay", path.parent, folder=path.parent.parent) as rechat:
        rechat.wait_for_line("broken.md:3:")
        assert ask(rechat) == "one"


def test_a_burst_of_files_is_taken_in_whole(folder: Path) -> None:
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        for number in range(50):
            (folder / f"{number}.md").write_text(TEXT.format(number).replace("Hello", f"Q{number}"))
        for number in range(50):
            rechat.wait_for_line(f"/{number}.md reloaded")
        client = rechat.client()
        for number in (0, 25, 49):
            answer = client.chat.completions.create(
                model="gpt-5", messages=[{"role": "user", "content": f"Q{number}"}]
            )
            assert answer.choices[0].message.content == str(number)


def test_a_single_file_is_watched_too(path: Path) -> None:
    with Rechat("replay", path, folder=path.parent.parent) as rechat:
        by_rename(path, TEXT.format("two"))
        rechat.wait_for_line("mine.md reloaded")
        assert ask(rechat) == "two"


def test_a_branch_without_the_transcripts_is_checked_out_and_back(path: Path) -> None:
    project = path.parent.parent

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=project, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    git("commit", "--allow-empty", "--message", "without")
    git("branch", "without")
    git("add", ".")
    git("commit", "--message", "with")
    with Rechat("replay", folder=project) as rechat:
        for _ in range(2):
            start = len(rechat.lines)
            git("checkout", "without")
            rechat.wait_for_line("mine.md gone", start)
            with pytest.raises(BadRequestError):
                ask(rechat)
            git("checkout", "main")
            rechat.wait_for_line("mine.md reloaded", start)
            assert ask(rechat) == "one"


def test_an_edited_prompt_is_an_edit_of_the_transcript(path: Path) -> None:
    (path.parent / "hello.txt").write_text("Good bye")
    path.write_text(path.read_text().replace("> Hello", "[the question](hello.txt)"))
    with Rechat("replay", path.parent, folder=path.parent.parent) as rechat:
        with pytest.raises(BadRequestError):
            ask(rechat)
        (path.parent / "hello.txt").write_text("Hello")
        rechat.wait_for_line("mine.md reloaded")
        assert ask(rechat) == "one"


def test_a_network_drive_is_polled_on_request(path: Path) -> None:
    with Rechat("replay", path.parent, "--poll", folder=path.parent.parent) as rechat:
        path.write_text(TEXT.format("two"))
        rechat.wait_for_line("mine.md reloaded")
        assert ask(rechat) == "two"


def limited(name: str, most: int) -> type[Rechat]:
    """A rechat that runs where the system has few watches to give."""
    setting = f"/proc/sys/user/{name}"
    command = ("unshare", "--user", "--map-root-user", "sh", "-c")
    inside = (*command, f'echo {most} > {setting} && exec "$@"', "sh")
    try:
        subprocess.run([*inside, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("limits of its own need Linux, and unshare")

    class Limited(Rechat):
        through = inside

    return Limited


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("max_inotify_watches", "no inotify watches are left (fs.inotify.max_user_watches)"),
        ("max_inotify_instances", "no inotify instances are left (fs.inotify.max_user_instances)"),
    ],
)
def test_where_no_watches_are_left_it_polls_and_says_so(path: Path, limit: str, told: str) -> None:
    project = path.parent.parent
    with limited(limit, 0)("replay", folder=project) as rechat:
        said = rechat.wait_for_line(told)
        assert said.endswith(": rechat looks for changed files every second instead")
        path.write_text(TEXT.format("two"))
        rechat.wait_for_line("mine.md reloaded")
        assert ask(rechat) == "two"


def test_a_folder_that_comes_when_no_watch_is_left_is_seen_all_the_same(path: Path) -> None:
    project = path.parent.parent
    enough = len(path.parents)
    with limited("max_inotify_watches", enough)("replay", folder=project) as rechat:
        path.write_text(TEXT.format("two"))
        rechat.wait_for_line("mine.md reloaded")
        assert "no inotify" not in rechat.output
        new = path.parent / "deep" / "new.md"
        new.parent.mkdir()
        rechat.wait_for_line("no inotify watches are left")
        new.write_text(TEXT.format("new").replace("Hello", "New"))
        rechat.wait_for_line("new.md reloaded")
