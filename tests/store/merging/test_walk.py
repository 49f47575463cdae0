"""How far two conversations are the same."""

import pytest

from rechat.store.merging.pieces import cut
from rechat.store.merging.walk import adds_only
from rechat.store.merging.walk import walk

ONE = "### user\n\n> a\n\n### assistant\n\n> b\n"
TAKE = ONE + "\n### assistant, take 2\n\n> c\n"
MORE = "\n### user\n\n> d\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "shared", "rest", "is_whole"),
    [
        (ONE, ONE, 2, 0, True),
        (ONE, ONE + MORE, 2, 1, True),
        (ONE + MORE, ONE, 2, 0, False),
        (TAKE, ONE + MORE, 2, 1, True),
        (ONE, ONE.replace("assistant", "assistant, given"), 2, 0, True),
        (ONE, ONE.replace("> b", "> x"), 2, 0, True),
        (ONE.replace("assistant", "assistant, given"), ONE.replace("> b", "> x"), 1, 1, False),
        (ONE, ONE.replace("> a", "> x"), 0, 2, False),
        (ONE, ONE.replace("user", "user, like"), 0, 2, False),
    ],
)
def test_turns_are_shared_from_the_top(
    ours: str, theirs: str, shared: int, rest: int, *, is_whole: bool
) -> None:
    found = walk(cut(ours).conversations[0], cut(theirs).conversations[0])
    assert (len(found.shared), len(found.rest), found.is_whole) == (shared, rest, is_whole)


def test_turns_that_may_differ_are_passed() -> None:
    ours, theirs = (cut(text).conversations[0] for text in (ONE, ONE.replace("> a", "> x")))
    assert len(walk(ours, theirs, range(1)).shared) == 2


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ONE, ONE, True),
        (ONE, ONE + MORE, True),
        (ONE, TAKE, True),
        (ONE + MORE, TAKE + MORE, True),
        ("", ONE, True),
        (ONE, ONE + "\n## New\n" + MORE, True),
        (ONE.replace("> b\n", ""), ONE, True),
        (ONE, "# Title\n\n" + ONE, False),
        (ONE, ONE.replace("> b", "> x"), False),
        (ONE, ONE + "\nA remark.\n", False),
        (ONE + MORE, ONE, False),
        (ONE + MORE, ONE + MORE.replace("d", "x") + MORE, False),
        ("## A\n\n" + ONE, "## B\n\n" + ONE, False),
        ("Above.\n\n## A\n\n" + ONE, "Other.\n\n## A\n\n" + ONE, False),
    ],
)
def test_a_version_that_only_adds(before: str, after: str, *, expected: bool) -> None:
    assert adds_only(cut(before), cut(after)) is expected
