"""Files that no transcript needs are listed, and removed only when asked."""

from pathlib import Path

from process import run

from rechat.values import assets


def test_what_nothing_links_to_is_listed_then_removed(mine: Path) -> None:
    folder = mine.parent
    used, unused = b"used", b"unused"
    for content in (used, unused):
        path = folder / assets.path_of(content, "txt")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    (folder / "other.md").write_text(
        f"### user\n\n[text]({assets.path_of(used, 'txt')})\n\n### assistant\n\n> a\n"
    )
    gone = folder / assets.path_of(unused, "txt")
    listed = run("prune", folder=folder.parent)
    assert listed.stdout == f"transcripts/{assets.path_of(unused, 'txt')}\n"
    assert "1 file (6 bytes) can be removed with --yes" in listed.stderr
    assert gone.exists()
    run("prune", "--yes", folder=folder.parent)
    assert not gone.exists()
    assert (folder / assets.path_of(used, "txt")).exists()


def test_nothing_is_removed_while_a_transcript_cannot_be_read(mine: Path) -> None:
    (mine.parent / "odd.md").write_text("### usr\n")
    result = run("prune", "--yes", folder=mine.parent.parent)
    assert result.returncode == 2
    assert "odd.md:1" in result.stderr
