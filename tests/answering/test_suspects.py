"""Broken files that a miss names."""

import json
import shutil
from pathlib import Path

import pytest
from stored import asked
from stored import store_of

from rechat.answering.suspects import unread
from rechat.store.known import Problem
from rechat.values.conversation import Request

BROKEN = "### user\n\n{}\n\n### asistant\n\n> A fine one.\n"


def told(folder: Path, request: Request) -> str:
    store = store_of(folder)
    return unread(store.roots, store.problems.values(), request)


@pytest.mark.parametrize(
    "question",
    [
        "> Recommend a wine from Portugal",
        "<blockquote>\n\nRecommend a wine\nfrom Portugal!\n\n</blockquote>",
        '```json\n"Recommend a wine from\\r\\nPortugal"\n```',
        "> recommend a wine from Spain",
    ],
)
def test_a_broken_file_with_the_words_of_the_question_is_named_with_its_line(
    folder: Path, question: str
) -> None:
    (folder / "a.md").write_text(BROKEN.format(question))
    said = told(folder, asked("Recommend a wine from Portugal"))
    line = (folder / "a.md").read_text().splitlines().index("### asistant") + 1
    assert said.startswith(f"{folder}/a.md:{line} cannot be read: ")
    assert "did you mean 'assistant'?" in said


def test_a_broken_file_about_something_else_is_not_named(folder: Path) -> None:
    (folder / "a.md").write_text(BROKEN.format("> Translate this poem"))
    assert told(folder, asked("Recommend a wine from Portugal")) == ""


def test_no_broken_file_no_words(folder: Path) -> None:
    (folder / "a.md").write_text(BROKEN.format("> Hello").replace("asistant", "assistant"))
    assert told(folder, asked("Recommend a wine")) == ""


@pytest.mark.parametrize("heading", ["user, any", "user, like", "input, any"])
def test_a_broken_file_with_patterns_may_answer_anything(folder: Path, heading: str) -> None:
    (folder / "a.md").write_text(BROKEN.format("> ...").replace("user", heading))
    assert "a.md:" in told(folder, asked("Recommend a wine from Portugal"))


def test_that_a_file_cannot_be_read_is_said_once(folder: Path) -> None:
    problem = Problem("a.md", 1, "cannot be read: it is a pipe", code="unreadable-link")
    assert unread([folder], [problem], asked("x")) == "a.md:1 cannot be read: it is a pipe"


def test_a_file_whose_question_is_elsewhere_may_have_it(folder: Path) -> None:
    (folder / "a.md").write_text("### user\n\n[it](gone.txt)\n\n### assistant\n\n> Hi!\n")
    assert "a.md:3 cannot be read" in told(folder, asked("Recommend a wine"))


def test_a_file_that_the_disk_does_not_give_may_have_it(folder: Path) -> None:
    (folder / "a.md").symlink_to("nowhere.md")
    assert "a.md:1 cannot be read" in told(folder, asked("Recommend a wine"))
    gone = Problem((folder / "gone.md").as_posix(), 1, "broken", "some-code")
    assert "gone.md:1 cannot be read" in unread([folder], [gone], asked("Recommend a wine"))


@pytest.mark.parametrize(("count", "more"), [(2, ""), (3, "1 more file"), (5, "3 more files")])
def test_of_many_broken_files_two_are_named(folder: Path, count: int, more: str) -> None:
    for number in range(count):
        (folder / f"{number}.md").write_text(BROKEN.format("> Recommend a wine"))
    said = told(folder, asked("Recommend a wine"))
    assert said.count(" cannot be read") == 2
    assert said.partition("nor can ")[2] == more


def test_the_file_with_most_of_the_words_is_named_first(folder: Path) -> None:
    for name, question in [("a", "Recommend a wine"), ("b", "A red wine"), ("c", "Any red wine?")]:
        (folder / f"{name}.md").write_text(BROKEN.format(f"> {question}"))
    said = told(folder, asked("any red wine"))
    assert said.startswith(f"{folder}/c.md:5 cannot be read")
    assert f"{folder}/b.md:5" in said
    assert "a.md" not in said


def test_letters_within_other_words_are_no_words(folder: Path) -> None:
    (folder / "a.md").write_text(BROKEN.format("> An assistant is asked"))
    assert told(folder, asked("tab q, is it?")) == ""
    (folder / "b.md").write_text(BROKEN.format("> フランスの首都は何ですか"))
    assert "b.md:5" in told(folder, asked("フランスの首都は"))


def test_a_request_without_messages_suspects_all(folder: Path) -> None:
    (folder / "a.md").write_text(BROKEN.format("> Hi"))
    assert "a.md:" in told(folder, Request({"model": "m"}, ()))


def test_a_folder_that_is_gone_is_named(folder: Path) -> None:
    store = store_of(folder)
    shutil.rmtree(folder)
    assert unread(store.roots, [], asked("Hello")) == f"{folder} does not exist"


def test_a_long_question_is_not_looked_at_whole(folder: Path) -> None:
    (folder / "a.md").write_text(BROKEN.format("> " + json.dumps("x " * 1_000_000)))
    assert told(folder, asked("word " * 400_000)) == ""
