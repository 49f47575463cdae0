"""Transcripts in a real git repository: checkouts with other line ends, conflicts."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from process import run
from repository import Repository
from shared import SHARED
from upstream import Upstream

LONG = "You are a helper.\n" * 300
PIXEL = "data:image/png;base64,iVBORw0KGgo="
TURN = "### user\n\n> {0}?\n\n### assistant\n\n<blockquote>\n\n{0}, said here.\n\n</blockquote>\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    folder = tmp_path / "ours"
    folder.mkdir()
    return Repository(folder)


def requests() -> list[dict[str, Any]]:
    system = {"role": "system", "content": LONG}
    picture = {"type": "image_url", "image_url": {"url": PIXEL}}
    lines = {"role": "user", "content": "One.\nTwo.\n"}
    tools = [
        {"type": "function", "function": {"name": f"f{number}", "description": "x\n" * 40}}
        for number in range(60)
    ]
    return [
        {"model": "m", "messages": [system, lines]},
        {"model": "m", "messages": [system, lines], "stream": True},
        {"model": "m", "messages": [{"role": "user", "content": [picture]}], "tools": tools},
    ]


def answers(rechat: Rechat) -> list[bytes]:
    url = f"{rechat.url}/chat/completions"
    return [
        httpx.post(url, json=body, timeout=20).raise_for_status().content for body in requests()
    ]


@pytest.mark.parametrize("is_protected", [True, False], ids=["protected", "bare"])
def test_a_checkout_with_crlf_replays_byte_for_byte(
    *, is_protected: bool, repository: Repository, upstream: Upstream, tmp_path: Path
) -> None:
    """With sidecars in git too, and with or without the settings that `rechat record` writes."""
    with Rechat("record", upstream.url, folder=repository.folder) as rechat:
        recorded = answers(rechat)
    kept = repository.folder / "transcripts"
    for name in (".gitignore", ".wire/.gitignore"):
        (kept / name).unlink()
    if not is_protected:
        (kept / ".gitattributes").unlink()
    repository.commit()
    other = repository.clone(tmp_path / "theirs", "core.autocrlf=true")
    prompt = next((other.folder / "transcripts" / "assets").glob("*.md")).read_bytes()
    assert (b"\r\n" in prompt) is not is_protected
    with Rechat("replay", folder=other.folder) as rechat:
        assert answers(rechat) == recorded
    found = run("lint", folder=other.folder)
    assert ("changed the line ends of this file" in found.stdout) is not is_protected
    assert ": error: " not in found.stdout


def test_what_is_recorded_in_a_checkout_with_crlf_keeps_its_line_ends(
    repository: Repository, upstream: Upstream, tmp_path: Path
) -> None:
    with Rechat("record", upstream.url, folder=repository.folder) as rechat:
        answers(rechat)
    (repository.folder / "transcripts" / ".gitattributes").unlink()
    repository.commit()
    other = repository.clone(tmp_path / "theirs", "core.autocrlf=true")
    first = requests()[0]["messages"]
    more = [*first, {"role": "assistant", "content": "?"}, {"role": "user", "content": "And?"}]
    with Rechat("record", upstream.url, folder=other.folder) as rechat:
        said = httpx.post(f"{rechat.url}/chat/completions", json=requests()[0]).json()
        more[2] = said["choices"][0]["message"]
        body = {"model": "m", "messages": more}
        assert httpx.post(f"{rechat.url}/chat/completions", json=body).is_success
    [changed] = other.git("status", "--short", "transcripts").splitlines()
    written = (other.folder / changed.split()[-1]).read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_a_conflict_is_one_error_with_its_lines(style: str, repository: Repository) -> None:
    diverge(repository, TURN.format("A"), [TURN.format("B")], [TURN.format("C")])
    repository.git("config", "merge.conflictStyle", style)
    repository.git("merge", "theirs", code=1)
    source = (repository.folder / "transcripts" / "a.md").read_text()
    lines = source.splitlines()
    first, last = lines.index("<<<<<<< HEAD") + 1, lines.index(">>>>>>> theirs") + 1
    found = json.loads(run("lint", "--json", folder=repository.folder).stdout)
    assert [(item["line"], item["code"]) for item in found] == [(first, "conflict-marker")]
    assert f"between `HEAD` and `theirs` in lines {first} to {last}" in found[0]["message"]


def diverge(repository: Repository, base: str, ours: list[str], theirs: list[str]) -> None:
    """Two branches that go on from the same file, each commit with one more text at its end."""
    repository.commit({"transcripts/a.md": base})
    repository.git("branch", "theirs")
    for branch, texts in (("theirs", theirs), ("main", ours)):
        repository.git("checkout", branch)
        source = base
        for text in texts:
            source = f"{source}\n{text}"
            repository.commit({"transcripts/a.md": source})


HELLO = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


def test_a_submodule_is_told_until_it_is_checked_out(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "recorded").mkdir()
    recorded = Repository(tmp_path / "recorded")
    recorded.commit({"a.md": HELLO})
    allowed = ("-c", "protocol.file.allow=always", "submodule")
    repository.git(*allowed, "add", str(recorded.folder), "transcripts")
    repository.commit()
    other = repository.clone(tmp_path / "theirs")
    for command in (["lint"], ["replay"], ["record", "http://127.0.0.1:9"]):
        result = run(*command, folder=other.folder)
        assert (result.returncode, result.stdout) == (2, "")
        assert "transcripts is a submodule that git has not checked out" in result.stderr
    assert not any((other.folder / "transcripts").iterdir())
    other.git(*allowed, "update", "--init")
    assert run("lint", folder=other.folder).returncode == 0


def test_submodules_around_and_below_the_folder_are_told_and_left_empty(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "recorded").mkdir()
    recorded = Repository(tmp_path / "recorded")
    recorded.commit({"a.md": HELLO})
    allowed = ("-c", "protocol.file.allow=always", "submodule")
    for place in ("transcripts/shared", "vendor"):
        repository.git(*allowed, "add", str(recorded.folder), place)
    repository.commit({"transcripts/b.md": HELLO.replace("Hello", "Hi")})
    other = repository.clone(tmp_path / "theirs")
    told = "is a submodule that git has not checked out"
    found = json.loads(run("lint", "--json", folder=other.folder).stdout)
    assert [(one["path"], one["level"]) for one in found] == [("transcripts/shared", "warning")]
    assert told in found[0]["message"]
    with Rechat("replay", folder=other.folder) as replay:
        pass
    assert f"transcripts/shared {told}" in replay.output
    inside = "vendor/transcripts"
    for command in (["record", "http://127.0.0.1:9", "--to", inside], ["init", inside]):
        result = run(*command, folder=other.folder)
        assert (result.returncode, result.stdout) == (2, "")
        assert f"vendor, which {told}" in result.stderr
    assert not any((other.folder / "vendor").iterdir())


def test_a_sparse_checkout_without_the_folder_says_what_is_missing(repository: Repository) -> None:
    repository.commit({"transcripts/a.md": HELLO, "src/x": "x"})
    repository.git("sparse-checkout", "set", "src")
    result = run("replay", folder=repository.folder)
    assert (result.returncode, result.stdout) == (2, "")
    assert "transcripts does not exist" in result.stderr
    repository.git("sparse-checkout", "add", "transcripts")
    assert run("find", "Hello", folder=repository.folder).returncode == 0


def test_a_pointer_of_git_lfs_is_told(repository: Repository) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
    shown = "### user\n\n#### image\n\n![image](assets/a.png)\n\n### assistant\n\n> A cat.\n"
    folder = repository.folder
    repository.commit(
        {
            "transcripts/a.md": pointer,
            "transcripts/b.md": shown,
            "transcripts/assets/a.png": pointer,
            "transcripts/c.md": HELLO,
        }
    )
    found = json.loads(run("lint", "--json", folder=folder).stdout)
    assert [(item["line"], item["code"]) for item in found] == [
        (1, "lfs-pointer"),
        (3, "unreadable-link"),
    ]
    assert all("run `git lfs pull`" in item["message"] for item in found)
    with Rechat("replay", folder=folder) as rechat:
        rechat.wait_for_line("transcripts/a.md:1: this file is a pointer of Git LFS")
        (folder / "transcripts" / "a.md").write_text(HELLO.replace("Hello", "Fetched"))
        rechat.wait_for_line("transcripts/a.md reloaded")


def asked(rechat: Rechat, text: str) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], "stream": True}
    return httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=20).raise_for_status()


def test_a_transcript_that_is_renamed_and_moved_replays_byte_for_byte(
    repository: Repository, upstream: Upstream
) -> None:
    with Rechat("record", upstream.url, folder=repository.folder) as rechat:
        recorded = asked(rechat, "Hello").content
        repository.commit()
        [path] = (repository.folder / "transcripts").glob("*.md")
        before = f"transcripts/{path.name}"
        (path.parent / "deep").mkdir()
        for name in (path.name.upper().replace(".MD", ".md"), "deep/a.md", "deep/A.md"):
            repository.git("mv", before, f"transcripts/{name}")
            rechat.wait_for_line(f"transcripts/{name} reloaded")
            rechat.wait_for_line(f"{before} gone")
            before = f"transcripts/{name}"
            again = asked(rechat, "Hello")
            assert again.headers["x-rechat"] == "hit"
            assert again.content == recorded


def test_a_folder_that_is_cleaned_while_recording_is_made_again_with_its_settings(
    repository: Repository, upstream: Upstream
) -> None:
    repository.commit({"README": "x"})
    with Rechat("record", upstream.url, folder=repository.folder) as rechat:
        asked(rechat, "Hello")
        repository.git("clean", "-fdx")
        rechat.wait_for_line("transcripts does not exist any more")
        rechat.wait_for_line(" gone")
        assert asked(rechat, "Hello").headers["x-rechat"] == "recorded"
        assert asked(rechat, "Hello").headers["x-rechat"] == "hit"
    folder = repository.folder / "transcripts"
    assert (folder / ".gitattributes").is_file()
    assert repository.git("status", "--short", "--ignored").splitlines() == [
        "?? transcripts/",
        "!! transcripts/.wire/",
    ]


def test_what_is_stashed_is_not_served_until_it_is_back(
    repository: Repository, upstream: Upstream
) -> None:
    """With the sidecars, which are ignored."""
    with Rechat("record", upstream.url, folder=repository.folder) as rechat:
        kept = asked(rechat, "Kept").content
        repository.commit()
        stashed = asked(rechat, "Stashed").content
    with Rechat("replay", folder=repository.folder) as rechat:
        repository.git("stash", "--all")
        rechat.wait_for_line(" gone")
        assert asked(rechat, "Kept").headers["x-rechat"] == "hit"
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            asked(rechat, "Stashed")
        repository.git("stash", "pop")
        rechat.wait_for_line(" reloaded")
        assert asked(rechat, "Stashed").content == stashed
        assert asked(rechat, "Kept").content == kept


DAMAGED = SHARED / "cases" / "files"


@pytest.mark.skipif(not DAMAGED.is_dir(), reason="needs the cases beside the checkout")
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("F1-conflict-in-frame.md", 9),
        ("F3-nbsp-heading.md", 1),
        ("F4-front-matter-after-blank-line.md", 2),
    ],
)
def test_a_damaged_file_is_an_error_with_its_line(name: str, line: int, tmp_path: Path) -> None:
    result = run("lint", DAMAGED / name, folder=tmp_path)
    assert result.returncode == 1
    assert result.stdout.startswith(f"{DAMAGED / name}:{line}: error: ")
    assert len(result.stdout.splitlines()) == 1
