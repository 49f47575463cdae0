"""What a merge leaves in a text is found, and told as one problem with its lines and sides."""

import subprocess
from pathlib import Path

import pytest

from rechat.format.reading.conflicts import find_conflict

BASE, OURS, THEIRS = (
    "# Head\n\nbase\n\nend\n",
    "# Head\n\nour one\n\nend\n",
    "# Head\n\nit\n\nend\n",
)


def merged(folder: Path, *options: str) -> str:
    """The text in which git leaves a conflict."""
    for name, text in (("ours", OURS), ("base", BASE), ("theirs", THEIRS)):
        (folder / name).write_text(text)
    command = ["git", "merge-file", "-p", *options, "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("options", "last"),
    [
        ((), 7),
        (("--diff3",), 9),
        (("--zdiff3",), 9),
        (("--marker-size=9",), 7),
        (("--marker-size=32", "--diff3"), 9),
    ],
)
def test_gits_conflicts_are_found_in_every_style(
    options: tuple[str, ...], last: int, tmp_path: Path
) -> None:
    conflict = find_conflict(merged(tmp_path, *options))
    assert conflict
    assert (conflict.line, conflict.last, conflict.names) == (3, last, ("ours", "theirs"))
    assert "between `ours` and `theirs` in lines 3 to " in str(conflict)


def test_sides_whose_own_marks_were_removed_are_a_conflict_still() -> None:
    text = "a\n\none\n||||||| 1a2b3c\nbase\n=======\nother\n"
    conflict = find_conflict(text)
    assert conflict
    assert (conflict.line, conflict.last) == (4, 6)
    assert find_conflict(text, is_quotable=False) is None


@pytest.mark.parametrize(
    "text",
    ["||||||| 1a2b3c\n", "A heading\n=======\n\n||||||| a table\n", "> ||||||| a\n> =======\n"],
)
def test_one_of_the_lines_alone_may_be_meant(text: str) -> None:
    assert find_conflict(text) is None


JUJUTSU = """\
a
<<<<<<< Conflict 1 of 1
%%%%%%% Changes from base to side #1
-base
+ours
+++++++ Contents of side #2
theirs
>>>>>>> Conflict 1 of 1 ends
"""


@pytest.mark.parametrize(
    "text",
    [
        JUJUTSU,
        JUJUTSU.replace("Conflict 1 of 1", "conflict 1 of 1"),
        JUJUTSU.replace("%" * 7, "%" * 15).replace("<" * 7, "<" * 15).replace(">" * 7, ">" * 15),
        "a\n<<<<<<< abc\n+++++++ abc one\nx\n------- base\n\ny\n>>>>>>> def\n",
    ],
)
def test_jujutsus_conflicts_are_found(text: str) -> None:
    conflict = find_conflict(text)
    assert conflict
    assert (conflict.line, conflict.last) == (2, 8)
    assert conflict.is_jujutsu


def test_several_conflicts_are_one_problem() -> None:
    conflict = find_conflict("<<<<<<< a\n=======\n>>>>>>> b\nx\n<<<<<<<\n=======\n>>>>>>>\n")
    assert conflict
    assert (conflict.line, conflict.last, conflict.count) == (1, 3, 2)
    assert "lines 1 to 3 (the first of 2)" in str(conflict)


def test_a_conflict_in_a_conflict_belongs_to_it() -> None:
    inner = (
        "<<<<<<<<< Temporary merge branch 1\nx\n=========\ny\n>>>>>>>>> Temporary merge branch 2\n"
    )
    conflict = find_conflict(f"<<<<<<< a\nq\n||||||| base\n{inner}=======\nz\n>>>>>>> b\n")
    assert conflict
    assert (conflict.last, conflict.count) == (11, 1)


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", ">>>>>>> other", "<<<<<<<"])
def test_a_mark_that_was_left_behind_is_told_as_such(mark: str) -> None:
    conflict = find_conflict(f"a\n{mark}\nb\n")
    assert conflict
    assert (conflict.line, conflict.last) == (2, 2)
    assert "left behind" in str(conflict)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "> <<<<<<< HEAD\n> =======\n> >>>>>>> other\n",
        " <<<<<<< HEAD\n",
        "<<<<<<<HEAD\n",
        "<<<<<< six\n=======\n>>>>>> six\n",
        ">>>>>>>> a quote of a quote\n",
        "<<<<<<<< eight\n>>>>>>>>> nine\n",
        "Title\n=======\n|||||||\n",
    ],
)
def test_a_text_that_is_no_conflict_is_left_alone(text: str) -> None:
    assert find_conflict(text) is None


EDIT = "Answer so:\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n"


def test_how_models_show_an_edit_is_no_conflict_where_it_cannot_be_quoted() -> None:
    assert find_conflict(EDIT)
    assert find_conflict(EDIT, is_quotable=False) is None
    assert find_conflict(f"{EDIT}<<<<<<< HEAD\n=======\n>>>>>>> x\n", is_quotable=False)


@pytest.mark.timeout(60)
def test_a_text_full_of_marks_is_searched_in_linear_time() -> None:
    marks = "".join(f"{'<' * (8 + number % 9)}\n" for number in range(200_000))
    assert find_conflict(marks) is None
    assert find_conflict(f"{marks}{'>' * 8}\n{'>' * 7}\n")
