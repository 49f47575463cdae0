"""Which files of a folder are transcripts."""

from pathlib import Path

import pytest

from rechat.store.paths import assets_in
from rechat.store.paths import check_checked_out
from rechat.store.paths import check_root
from rechat.store.paths import folders_in
from rechat.store.paths import is_transcript
from rechat.store.paths import misnamed_in
from rechat.store.paths import missing_submodules_in
from rechat.store.paths import transcripts_in
from rechat.values.errors import UsageError


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.md", True),
        ("deep/a.md", True),
        ("a.txt", False),
        (".hidden.md", False),
        (".git/a.md", False),
        ("assets/a.md", False),
        ("README.md", False),
    ],
)
def test_what_is_a_transcript(path: str, expected: bool) -> None:
    assert is_transcript(Path(path)) is expected


SUBMODULES = '[submodule "recorded"]\n\tpath = tests/recorded\n\turl = ../recorded\n'


def test_a_submodule_that_is_not_checked_out_is_told(tmp_path: Path) -> None:
    (tmp_path / ".gitmodules").write_text(SUBMODULES)
    for name in ("tests/recorded", "tests/other"):
        (tmp_path / name).mkdir(parents=True)
    check_root(tmp_path / "tests" / "other")
    told = r"is a submodule .*`git submodule update --init --recursive`"
    with pytest.raises(UsageError, match=told):
        check_root(tmp_path / "tests" / "recorded")
    with pytest.raises(UsageError, match=rf"deep is in .*recorded, which {told}"):
        check_root(tmp_path / "tests" / "recorded" / "deep")
    assert list(missing_submodules_in(tmp_path)) == [tmp_path / "tests" / "recorded"]
    assert list(missing_submodules_in(tmp_path / "tests" / "other")) == []
    (tmp_path / "tests" / "recorded" / "a.md").touch()
    check_root(tmp_path / "tests" / "recorded")
    check_checked_out(tmp_path / "tests" / "recorded" / "deep")


def test_a_submodule_in_a_submodule_is_told_too(tmp_path: Path) -> None:
    (tmp_path / ".gitmodules").write_text(SUBMODULES)
    inner = tmp_path / "tests" / "recorded"
    (inner / "agents").mkdir(parents=True)
    (inner / ".gitmodules").write_text('[submodule "agents"]\n\tpath = agents\n')
    assert list(missing_submodules_in(tmp_path / "tests")) == [inner / "agents"]
    with pytest.raises(UsageError, match="agents is a submodule"):
        check_root(inner / "agents")


def test_the_transcripts_of_a_folder_come_in_order(tmp_path: Path) -> None:
    names = ["b.md", "a/z.md", "a.md", "a/README.md", "assets/x.md", ".git/x.md", "x.txt", ".x.md"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in transcripts_in(tmp_path)]
    assert found == ["a/z.md", "a.md", "b.md"]
    assert all(is_transcript(Path(name)) for name in found)


def test_files_that_miss_being_transcripts_by_the_end_of_their_names(tmp_path: Path) -> None:
    for name in ("a.MD", "b.markdown", "c.md", "d.txt", "README.MD", ".git/e.MD", "assets/f.mdx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "g.md.txt").touch()
    (tmp_path / "h.txt").write_bytes(b"# T\r\n\r\n### user\r\n\r\n> Hi\r\n")
    found = [path.name for path in misnamed_in(tmp_path)]
    assert found == ["a.MD", "b.markdown", "g.md.txt", "h.txt"]


def test_a_readme_with_messages_is_told_unless_it_only_shows_them(tmp_path: Path) -> None:
    for name, text in {
        "a": "### user\n\n> Hi\n",
        "b": "# Recordings\n\n```markdown\n### user\n\n> Hi\n```\n",
        "c": "# Recordings\n",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(text)
    assert list(misnamed_in(tmp_path)) == [tmp_path / "a" / "README.md"]


def test_a_linked_folder_is_read_where_the_link_is(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "deep" / "a.md").touch()
    root = tmp_path / "root"
    root.mkdir()
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    assert list(transcripts_in(root)) == [root / "linked" / "deep" / "a.md"]


def test_a_folder_is_read_once_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "a.md").touch()
    (tmp_path / "2026" / "up").symlink_to(tmp_path)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.md").touch()
    for name, target in (("0", "2026"), ("latest", "2026"), ("seen", ".hidden"), ("too", "seen")):
        (tmp_path / name).symlink_to(target)
    assert list(transcripts_in(tmp_path)) == [tmp_path / "2026" / "a.md", tmp_path / "seen/b.md"]


def test_a_folder_tells_which_names_are_links(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("a.md")
    (tmp_path / "assets").mkdir()
    (tmp_path / "b.md").touch()
    (tmp_path / ".hidden").touch()
    top, assets = folders_in(tmp_path)
    assert (top.folders, sorted(top.files), top.links) == (["assets"], ["a.md", "b.md"], {"a.md"})
    assert assets.path == tmp_path / "assets"
    assert list(folders_in(tmp_path, without="assets")) == [top]
    assert list(folders_in(tmp_path / "nowhere")) == []


def test_the_assets_of_a_folder_are_those_that_are_named_after_their_bytes(tmp_path: Path) -> None:
    name = "0123456789abcdef.md"
    for path in (f"assets/{name}", f"deep/assets/{name}", "assets/mine.png", name):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in assets_in(tmp_path)]
    assert found == [f"assets/{name}", f"deep/assets/{name}"]


def test_a_link_that_leads_to_itself_hides_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "a.md").write_text("")
    assert list(transcripts_in(tmp_path)) == [tmp_path / "a.md", tmp_path / "loop.md"]


def test_a_url_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="`rechat record http://localhost:8000/v1` asks"):
        check_root(Path("http://localhost:8000/v1"))
    with pytest.raises(UsageError, match="does not exist"):
        check_root(tmp_path / "http")
