"""`rechat diff`, as a user runs it."""

import json
from pathlib import Path

import pytest
from process import run

QA = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    for name, answer in (("a", "To Rome"), ("b", "To Paris")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.md").write_text(QA.format("Hi", "Ho"))
        (tmp_path / name / "trip.md").write_text(f"## One\n\n{QA.format('Where?', answer)}")
    (tmp_path / "b" / "new.md").write_text(QA.format("New", "Yes"))
    return tmp_path


def test_two_files_that_say_the_same_are_no_news(work: Path) -> None:
    done = run("diff", "a/same.md", "b/same.md", folder=work)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("title", ["", "#One"])
def test_what_differs_is_told_with_its_lines(work: Path, title: str) -> None:
    done = run("diff", f"a/trip.md{title}", f"b/trip.md{title}", folder=work)
    assert done.returncode == 1
    assert '"Rome" ≠ "Paris"' in done.stdout
    assert "-To Rome" in done.stdout
    assert "+To Paris" in done.stdout


def test_folders_are_compared_file_by_file(work: Path) -> None:
    done = run("diff", "a", "b", folder=work)
    assert done.returncode == 1
    assert "new.md is only in b" in done.stdout
    assert "trip.md#One" in done.stdout
    assert "same.md" not in done.stdout
    rows = json.loads(run("diff", "a", "b", "--json", folder=work).stdout)
    assert [(row["file"], row["section"], row["first"]) for row in rows] == [
        ("new.md", "", None),
        ("trip.md", "One", 1),
    ]
    assert rows[1]["differences"][0]["second"] == "To Paris"


@pytest.mark.parametrize("path", ["none.md", "a/trip.md#None"])
def test_what_is_not_there_is_an_error(work: Path, path: str) -> None:
    done = run("diff", path, "b/trip.md", folder=work)
    assert done.returncode == 2
    assert done.stderr.startswith("rechat: ")
