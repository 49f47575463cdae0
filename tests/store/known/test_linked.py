"""A file that a transcript links to is found beside it or in its folder, and nowhere else."""

from pathlib import Path

import pytest

from rechat.store.known import linked
from rechat.store.known.files import digest_of
from rechat.store.known.index_file import Link


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    (tmp_path / "root" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "a.txt").write_bytes(b"far")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return tmp_path / "root" / "inner"


def test_a_file_beside_the_transcript_goes_before_one_of_its_folder(inner: Path) -> None:
    path, roots = inner / "x.md", [inner.parent]
    assert linked.read(roots, path, "a.txt", {}) == b"far"
    (inner / "a.txt").write_bytes(b"near")
    assert linked.read(roots, path, "a.txt", {}) == b"near"


def test_all_places_that_were_looked_at_are_told(inner: Path) -> None:
    links: dict[str, Link] = {}
    linked.read([inner.parent], inner / "x.md", "a.txt", links)
    digests = {name: link.digest for name, link in links.items()}
    assert digests == {"a.txt": "", "../a.txt": digest_of(b"far")}


@pytest.mark.parametrize("link", ["../../secret.txt", "no.txt"])
def test_a_file_outside_the_folder_is_not_there(inner: Path, link: str) -> None:
    links: dict[str, Link] = {}
    with pytest.raises(FileNotFoundError, match="does not exist"):
        linked.read([inner.parent], inner / "x.md", link, links)
    assert not any(link.digest for link in links.values())


def test_a_symbolic_link_does_not_lead_out_of_the_folder(inner: Path) -> None:
    (inner / "b.txt").symlink_to(inner.parent.parent / "secret.txt")
    with pytest.raises(FileNotFoundError, match="does not exist"):
        linked.read([inner.parent], inner / "x.md", "b.txt", {})


def test_a_text_says_what_the_files_say_that_it_links_to(inner: Path) -> None:
    text = "### system\n\n[prompt](a.txt)\n\n### user\n\n> Hi\n"
    links: dict[str, Link] = {}
    [section] = linked.parse([inner.parent], inner / "x.md", text, links).sections
    assert ("far" in repr(section.entries[0]), set(links)) == (True, {"a.txt", "../a.txt"})
