"""Headings that can only mean one thing are corrected."""

import pytest

from rechat.format.writing.repairs import repaired


@pytest.mark.parametrize(
    "heading",
    [
        "###user",
        " ### user",
        "###\u00a0user",
        "### User",
        "### Human",
        "### **user**",
        "###User",
        "## User",
    ],
)
def test_a_heading_that_can_only_mean_a_role_becomes_it(heading: str) -> None:
    assert repaired(f"{heading}\n\n> Hi\n") == "### user\n\n> Hi\n"


@pytest.mark.parametrize("text", ["### usr\n\n> a\n", "### user\n\n<blockquote>\n\na\n", "fine\n"])
def test_what_is_not_clear_stays(text: str) -> None:
    assert repaired(text) == text


def test_all_of_them_are_corrected_in_one_go() -> None:
    assert repaired("###user\n\n> a\n\n###assistant\n\n> b\n\n### usr\n") == (
        "### user\n\n> a\n\n### assistant\n\n> b\n\n### usr\n"
    )
