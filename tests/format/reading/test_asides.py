"""Commentary that may have been meant as something else."""

import pytest

from rechat.format.reading.asides import asides

ASKED = "### user\n\n> Hi\n"


@pytest.mark.parametrize(
    ("below", "line", "kind"),
    [
        ("More.", 5, "text"),
        ("- one\n- two", 5, "text"),
        ("```python\nx\n```", 5, "text"),
        ("finish_reason: length", 5, "field"),
        ("**Assistant**: Yes.", 5, "speaker"),
        ("# Steps", 5, "heading"),
        ("# Steps\n\n- one\n\n### error 429", 5, "heading"),
        ("##### Steps", 5, "heading"),
        ("  > there", 5, "quote"),
        ("\uff1e there", 5, "quote"),
        ("&gt; there", 5, "quote"),
    ],
)
def test_what_stands_beside_a_text_is_told_once(below: str, line: int, kind: str) -> None:
    assert [(one.line, one.role, one.kind) for one in asides(f"{ASKED}\n{below}\n\nAnd more.\n")] == [(line, "user", kind)]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("![a dot](dot.svg)", "picture"),
        ("> [!NOTE]\n> Hi", "alert"),
        (">> Hi\n>>\n>> there", "twice"),
        ("> > Hi\n>\n> > there", "twice"),
        ("> > Hi\n> there", ""),
        ("<blockquote>\n\n> Hi\n\n</blockquote>", ""),
        ("[the prompt](prompt.md)", ""),
    ],
)
def test_a_body_that_says_more_than_people_see_is_told(body: str, kind: str) -> None:
    assert [(one.line, one.kind) for one in asides(f"### user\n\n{body}\n")] == [(3, kind)] * bool(kind)  # fmt: skip


@pytest.mark.parametrize("body", ["> Hi", "<blockquote>\nHi\n</blockquote>", '```json\n"Hi"\n```'])
def test_a_body_of_no_message_is_told(body: str) -> None:
    assert [(one.line, one.role) for one in asides(f"# T\n\n{body}\n\n{ASKED}")] == [(3, "")]


def test_a_body_in_a_section_without_messages_is_lost() -> None:
    found = asides(f"> above\n\n{ASKED}\n## User 2\n\n> Hi\n\n## Three\n\n> Hi\n\n{ASKED}")
    assert [(one.line, one.kind) for one in found] == [(1, "text"), (9, "lost"), (13, "text")]


def test_a_section_with_a_text_and_no_messages_below_others_is_told() -> None:
    found = asides(
        f"## Notes\n\nWords.\n\n## One\n\n{ASKED}\n## Steps\n\n1. a\n\n## Two\n\n{ASKED}"
    )
    assert [(one.line, one.role, one.kind) for one in found] == [(11, "user", "section")]


def test_a_setting_without_a_fence_in_a_section_is_told() -> None:
    found = asides(f"## One\n\nmodel: m\n\nModel: the small one.\n\n{ASKED}")
    assert [(one.line, one.role, one.kind) for one in found] == [(3, "", "setting")]


def test_of_what_stands_beside_an_error_only_its_headers_are_told() -> None:
    found = asides("### error 429\n\nWords.\n\nretry-after: 1\n\n> Slow down.\n")
    assert [(one.line, one.kind) for one in found] == [(5, "field")]


@pytest.mark.parametrize(
    "source",
    [
        f"Words.\n\n{ASKED}",
        f"> [!NOTE]\n> Words.\n\n{ASKED}",
        f"{ASKED}\n<!-- Words. -->\n",
        f"{ASKED}\n<details><summary>more</summary>\n\n```yaml\nname: a\n```\n\n</details>\n",
        f"{ASKED}\n---\n\n## Two\n\nWords.\n\n{ASKED}",
        f"{ASKED}\n# Part two\n\nWords.\n\n## Two\n\n{ASKED}",
        f"{ASKED}\n# Part two\n\n<!-- Words. -->\n\n{ASKED}",
        "### user\n\n#### image\n\n![a dot](dot.svg)\n",
        "### user\n\n#### call f\n\n```text\nx\n```\n",
        f"{ASKED}\n### assistant\n\n> Yes.\n\nexpect: contains Yes\n",
        "### error timeout\n\nNever answers.\n",
    ],
)
def test_plain_commentary_is_not_told(source: str) -> None:
    assert not list(asides(source))
