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
    ],
)
def test_what_stands_beside_a_text_is_told_once(below: str, line: int, kind: str) -> None:
    assert [(one.line, one.role, one.kind) for one in asides(f"{ASKED}\n{below}\n\nAnd more.\n")] == [(line, "user", kind)]  # fmt: skip


@pytest.mark.parametrize("body", ["> Hi", "<blockquote>\nHi\n</blockquote>", '```json\n"Hi"\n```'])
def test_a_body_of_no_message_is_told(body: str) -> None:
    assert [(one.line, one.role) for one in asides(f"# T\n\n{body}\n\n{ASKED}")] == [(3, "")]


@pytest.mark.parametrize(
    "source",
    [
        f"Words.\n\n{ASKED}",
        f"> [!NOTE]\n> Words.\n\n{ASKED}",
        f"{ASKED}\n<!-- Words. -->\n",
        f"{ASKED}\n<details><summary>more</summary>\n\n```yaml\nname: a\n```\n\n</details>\n",
        f"{ASKED}\n---\n\n## Two\n\nWords.\n\n{ASKED}",
        f"{ASKED}\n# Part two\n\nWords.\n\n## Two\n\n{ASKED}",
        "### user\n\n#### call f\n\n```text\nx\n```\n",
        f"{ASKED}\n### assistant\n\n> Yes.\n\nexpect: contains Yes\n",
        "### error timeout\n\nNever answers.\n",
    ],
)
def test_plain_commentary_is_not_told(source: str) -> None:
    assert not list(asides(source))
