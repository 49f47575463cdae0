"""Two branches that add to one transcript are merged and rebased by a real git."""

import json
from pathlib import Path

import pytest
from process import run
from repository import Repository

BASE = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"
NAME = "transcripts/a.md"


def turn(question: str, answer: str) -> str:
    return f"\n### user\n\n> {question}\n\n### assistant\n\n> {answer}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    folder = tmp_path / "ours"
    folder.mkdir()
    repository = Repository(folder)
    assert "run `rechat init` in other clones too" in run("init", folder=folder).stderr
    return repository


def diverge(repository: Repository, ours: list[str], theirs: list[str], base: str = BASE) -> None:
    """Two branches from the same file, with a commit for each text at its end."""
    repository.commit({NAME: base})
    repository.git("branch", "theirs")
    for branch, texts in (("theirs", theirs), ("main", ours)):
        repository.git("checkout", branch)
        for text in texts:
            path = repository.folder / NAME
            repository.commit({NAME: path.read_text() + text})


def answers(repository: Repository, *texts: str) -> bool:
    messages = [
        {"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)
    ]
    given = json.dumps({"messages": messages})
    return run("find", "-", folder=repository.folder, given=given).returncode == 0


def test_a_merge_has_the_turns_of_both(repository: Repository) -> None:
    diverge(repository, [turn("A", "a")], [turn("B", "b"), turn("C", "c")])
    said = repository.git("merge", "theirs")
    assert f"rechat: {NAME}: joined 4 messages, 1 new section" in said
    assert answers(repository, "Hi", "Ho", "A")
    assert answers(repository, "Hi", "Ho", "B", "b", "C")
    assert run("lint", "--strict", folder=repository.folder).returncode == 0


def test_a_rebase_of_several_commits_has_them_all(repository: Repository) -> None:
    diverge(repository, [turn("A", "a")], [turn("B", "b"), turn("C", "c")])
    repository.git("checkout", "theirs")
    repository.git("rebase", "main")
    assert len(repository.git("log", "--format=%h", "main..theirs").split()) == 2
    assert answers(repository, "Hi", "Ho", "A")
    assert answers(repository, "Hi", "Ho", "B", "b", "C")
    assert (repository.folder / NAME).read_text().count("\n## ") == 1


def test_a_commit_that_is_picked_a_stash_and_a_worktree_are_joined_too(
    repository: Repository, tmp_path: Path
) -> None:
    diverge(repository, [turn("A", "a")], [turn("B", "b")])
    repository.git("cherry-pick", "theirs")
    path = repository.folder / NAME
    path.write_text(path.read_text() + turn("C", "c"))
    repository.git("stash")
    repository.commit({NAME: path.read_text() + turn("D", "d")})
    repository.git("stash", "pop")
    repository.commit()
    repository.git("worktree", "add", str(tmp_path / "tree"), "theirs")
    tree = Repository(tmp_path / "tree")
    tree.commit({NAME: (tree.folder / NAME).read_text() + turn("E", "e")})
    tree.git("merge", "main")
    assert answers(tree, "Hi", "Ho", "A")
    assert answers(tree, "Hi", "Ho", "B", "b", "C")
    assert answers(tree, "Hi", "Ho", "B", "b", "D")
    assert answers(tree, "Hi", "Ho", "B", "b", "E")
    assert run("lint", "--strict", folder=tree.folder).returncode == 0


def test_a_merge_of_merges_has_each_turn_once(repository: Repository) -> None:
    diverge(repository, [turn("A", "a")], [turn("B", "b")])
    before = repository.git("rev-parse", "theirs").strip()
    repository.git("checkout", "theirs")
    repository.git("merge", "main")
    repository.git("checkout", "main")
    repository.git("merge", before)
    for branch, text in (("main", turn("C", "c")), ("theirs", turn("D", "d"))):
        repository.git("checkout", branch)
        repository.commit({NAME: (repository.folder / NAME).read_text() + text})
    repository.git("merge", "main")
    text = (repository.folder / NAME).read_text()
    assert [text.count(f"> {word}\n") for word in "abcd"] == [1, 1, 1, 1]
    assert run("lint", "--strict", folder=repository.folder).returncode == 0


def test_a_file_that_one_branch_renamed_has_the_turns_of_both(repository: Repository) -> None:
    base = f"# Title\n\nA remark, long enough to be known again.\n\n{BASE}"
    diverge(repository, [], [turn("B", "b")], base)
    repository.git("mv", NAME, "transcripts/b.md")
    repository.commit({"transcripts/b.md": base + turn("A", "a")})
    repository.git("merge", "theirs")
    assert not (repository.folder / NAME).exists()
    assert answers(repository, "Hi", "Ho", "A")
    assert answers(repository, "Hi", "Ho", "B")


def test_a_file_that_both_branches_add_has_the_turns_of_both(repository: Repository) -> None:
    repository.commit()
    repository.git("branch", "theirs")
    repository.commit({NAME: BASE + turn("A", "a")})
    repository.git("checkout", "theirs")
    repository.commit({NAME: BASE + turn("B", "b")})
    repository.git("merge", "main")
    assert answers(repository, "Hi", "Ho", "A")
    assert answers(repository, "Hi", "Ho", "B")


def test_takes_of_both_are_served_in_order(repository: Repository) -> None:
    take = "\n### assistant, take 2\n\n> {}\n"
    diverge(repository, [take.format("x")], [take.format("y")])
    repository.git("merge", "theirs")
    expected = BASE + take.format("x") + take.format("y").replace("2", "3")
    assert (repository.folder / NAME).read_text() == expected


def test_what_git_can_merge_is_merged_as_ever(repository: Repository) -> None:
    base = f"# Title\n\nA remark.\n\n{BASE}"
    diverge(repository, [], [turn("B", "b")], base)
    repository.commit({NAME: base.replace("A remark", "Another")})
    repository.git("merge", "theirs")
    merged = base.replace("A remark", "Another") + turn("B", "b")
    assert (repository.folder / NAME).read_text() == merged


def test_what_both_change_is_a_conflict_that_is_told(repository: Repository) -> None:
    diverge(repository, [], [])
    repository.git("checkout", "theirs")
    repository.commit({NAME: BASE.replace("Ho", "x")})
    repository.git("checkout", "main")
    repository.commit({NAME: BASE.replace("Ho", "y")})
    assert "which is for you to decide" in repository.git("merge", "theirs", code=1)
    found = run("lint", folder=repository.folder).stdout
    assert found.startswith(f"{NAME}:7: error: an unresolved merge conflict between `ours`")
    assert repository.git("diff", "--name-only", "--diff-filter=U").split() == [NAME]


def test_a_conflict_that_is_there_is_joined_afterwards(repository: Repository) -> None:
    repository.git("config", "--remove-section", "merge.rechat")
    diverge(repository, [turn("A", "a")], [turn("B", "b")])
    repository.git("merge", "theirs", code=1)
    found = run("lint", folder=repository.folder).stdout
    assert "`rechat init`, then `git checkout --merge` of the file, joins" in found
    run("init", folder=repository.folder)
    repository.git("checkout", "--merge", NAME)
    assert run("lint", folder=repository.folder).returncode == 0
    assert answers(repository, "Hi", "Ho", "B")


def test_where_rechat_is_gone_git_leaves_its_own_conflict(repository: Repository) -> None:
    driver = repository.git("config", "merge.rechat.driver")
    program = driver.split()[2]
    repository.git("config", "merge.rechat.driver", driver.replace(program, "/nowhere/rechat"))
    diverge(repository, [turn("A", "a")], [turn("B", "b")])
    repository.git("merge", "theirs", code=1)
    text = (repository.folder / NAME).read_text()
    assert all(part in text for part in ("<<<<<<<", "> A\n", "> B\n", ">>>>>>>"))


def test_a_clone_without_the_driver_merges_as_ever(repository: Repository, tmp_path: Path) -> None:
    diverge(repository, [turn("A", "a")], [turn("B", "b")])
    other = repository.clone(tmp_path / "theirs")
    assert "CONFLICT" in other.git("merge", "origin/theirs", code=1)


def test_line_ends_of_the_file_are_kept(tmp_path: Path) -> None:
    texts = {"base": BASE, "ours": BASE + turn("A", "a"), "theirs": BASE + turn("B", "b")}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text.replace("\n", "\r\n").encode())
    assert run("merge", "base", "ours", "theirs", folder=tmp_path).returncode == 0
    written = (tmp_path / "ours").read_bytes()
    assert b"## Also: B" in written
    assert written.count(b"\n") == written.count(b"\r\n")


def test_bytes_that_are_no_text_are_left_as_they_are(tmp_path: Path) -> None:
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_bytes(b"\0\xff" + name.encode())
    assert run("merge", "base", "ours", "theirs", folder=tmp_path).returncode == 1
    assert (tmp_path / "ours").read_bytes() == b"\0\xffours"


def test_init_tells_what_a_folder_of_ones_own_settings_lacks(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit({"transcripts/.gitattributes": "*.md text\n", NAME: BASE})
    result = run("init", folder=tmp_path)
    assert "add this line to transcripts/.gitattributes: *.md merge=rechat" in result.stderr
    assert not (tmp_path / "transcripts" / "hello.md").exists()


def test_outside_of_a_repository_git_is_not_told(tmp_path: Path) -> None:
    result = run("init", folder=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert result.returncode == 0
    assert "merge" not in result.stdout + result.stderr


def test_without_git_a_merge_says_what_is_missing(tmp_path: Path) -> None:
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(BASE)
    result = run("merge", "base", "ours", "theirs", folder=tmp_path, PATH=str(tmp_path))
    assert result.returncode == 2
    assert "git is not on PATH" in result.stderr
