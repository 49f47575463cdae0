"""One file for each test, never the same for two."""

from pathlib import Path

import pytest

from rechat.testing.places import file_of
from rechat.testing.places import folder_of
from rechat.testing.places import node_in


@pytest.mark.parametrize(
    ("node", "folder", "path"),
    [
        ("test_a.py::test_b", "", "transcripts/test_a/test_b.md"),
        ("tests/test_a.py::test_b", "", "tests/transcripts/test_a/test_b.md"),
        ("tests/x/test_a.py::test_b", "saved", "saved/tests/x/test_a/test_b.md"),
        ("test_a.py::TestC::test_b[gpt-5]", "", "transcripts/test_a/TestC.test_b[gpt-5].md"),
    ],
)
def test_a_test_has_a_file_that_is_named_after_it(node: str, folder: str, path: str) -> None:
    assert file_of(node, folder) == path
    assert path.startswith(folder_of(node.partition("::")[0], folder) + "/")


def test_names_that_no_file_can_have_stay_apart() -> None:
    tests = ["p/2", "p-2", "p:2", "p 2", "p\\2", "é", "è", "..", "x" * 300, "x" * 301, "a\nb"]
    names = [file_of(f"test_a.py::test_b[{test}]").rpartition("/")[2] for test in tests]
    assert len({name.lower() for name in names}) == len(tests)
    assert all(name.isascii() and name.isprintable() and len(name) < 120 for name in names)
    assert not any(set(name) & set('/\\:*?"<>|') for name in names)


def test_a_test_is_named_as_seen_from_its_settings() -> None:
    above, root = Path("/repo"), Path("/repo/backend")
    assert (
        node_in(root, above, "backend/tests/test_a.py::test_b[x]") == "tests/test_a.py::test_b[x]"
    )
    assert node_in(root, above, "other/test_a.py::test_b") == "other/test_a.py::test_b"
    assert node_in(root, root, "tests/test_a.py::test_b") == "tests/test_a.py::test_b"
