"""What has to be watched for a folder."""

import os
from pathlib import Path

from rechat.store.watching.plan import Plan
from rechat.store.watching.plan import plan_of


def concerned(plan: Plan, path: Path, *, may_lead: bool = False) -> list[Path | None]:
    return list(plan.concerned(path.parent, path.name, may_lead=may_lead))


def test_a_file_below_concerns_itself_and_a_folder_concerns_all(folder: Path) -> None:
    (folder / "deep").mkdir()
    plan = plan_of([folder], [])
    for path in (folder / "a.md", folder / "deep" / "b.txt"):
        assert concerned(plan, path) == [path]
    assert concerned(plan, folder / "new", may_lead=True) == [None]
    assert concerned(plan, folder / ".git", may_lead=True) == []
    assert concerned(plan, folder / ".a.md.abc.rechat-part") == []


def test_each_folder_above_is_watched_for_the_way_down_only(folder: Path) -> None:
    plan = plan_of([folder], [])
    for path in (folder, *folder.parents[:-1]):
        assert concerned(plan, path) == [None]
        assert concerned(plan, path.with_name("other"), may_lead=True) == []


def test_a_folder_that_is_not_there_is_waited_for(folder: Path) -> None:
    root = folder / "not" / "yet"
    plan = plan_of([root], [])
    assert concerned(plan, folder / "not", may_lead=True) == [None]
    assert concerned(plan, root, may_lead=True) == [None]


def test_a_linked_folder_is_watched_where_it_is_and_named_as_it_is_linked(folder: Path) -> None:
    real = folder.parent / "elsewhere"
    (real / "deep").mkdir(parents=True)
    (folder / "link").symlink_to("../elsewhere")
    plan = plan_of([folder], [])
    assert concerned(plan, real / "deep" / "a.md") == [folder / "link" / "deep" / "a.md"]
    assert concerned(plan, real) == [None]
    assert concerned(plan, folder / "link") == [None]


def test_each_step_of_a_linked_file_counts(folder: Path) -> None:
    data = folder / "..2026"
    data.mkdir()
    (data / "a.md").touch()
    (folder / "..data").symlink_to("..2026")
    (folder / "a.md").symlink_to(Path("..data", "a.md"))
    plan = plan_of([folder], [])
    for path in (folder / "a.md", folder / "..data", data, data / "a.md"):
        assert concerned(plan, path) == [None]
    assert data in plan.inside


def test_an_absolute_link_and_one_into_itself(folder: Path) -> None:
    target = folder.parent / "target.md"
    target.touch()
    (folder / "a.md").symlink_to(target)
    (folder / "loop.md").symlink_to("loop.md")
    plan = plan_of([folder], [])
    assert concerned(plan, target) == [None]
    assert concerned(plan, folder / "loop.md") == [None]


def test_a_single_file_counts_without_its_neighbours(folder: Path) -> None:
    (folder / "a.md").touch()
    plan = plan_of([folder / "a.md"], [])
    assert concerned(plan, folder / "a.md") == [None]
    assert concerned(plan, folder / "b.md") == []
    assert folder in plan.inside


def test_files_that_are_linked_to_from_a_transcript(folder: Path) -> None:
    (folder / "assets").mkdir()
    (folder / ".hidden").mkdir()
    plan = plan_of([folder], [os.fspath(folder / ".hidden" / "tools.json")])
    assert plan.reaches(os.fspath(folder / "assets" / "prompt.txt"))
    assert not plan.reaches(os.fspath(folder / ".hidden" / "tools.json"))
    assert concerned(plan, folder / ".hidden" / "tools.json") == [None]
    assert concerned(plan, folder / ".hidden" / "other.json") == []
