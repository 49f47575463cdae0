"""What is remembered of the pieces of a text changes nothing in what is found."""

import json
import random
from pathlib import Path

import pytest

from rechat.store.lint import ReadFile
from rechat.store.tidying import checking
from rechat.store.tidying import pieces
from rechat.store.tidying.checking import check_text
from rechat.store.tidying.pieces import Pieces

SPEC = Path(__file__).parents[3] / "docs" / "spec" / "tests"
PATH = Path("a.md")
HELLO = "### user\n\n> {0}?\n\n### assistant\n\n> {0}.\n\n"
MANY = "---\nmodel: gpt-5\n---\n\n" + "".join(f"## {n}\n\n{HELLO.format(n)}" for n in range(20))
# What is typed into texts: ends of bodies and beginnings, titles, settings, mistakes.
TYPED = (
    *(
        "\n",
        "x",
        "## 3",
        "## Turn 2\n",
        "### user\n\n> 3?\n",
        "### usr\n",
        "</blockquote>\n",
        "-->",
    ),
    *("<blockquote>\n\n", "```\n", "```yaml\n", "<!-- ", "> ", "---\n", "- \u200b", "<details>\n"),
    *(
        "### assistant, take 2\n\n> Ho\n\n",
        "me@example.com ",
        "password=hunter2hunter2 ",
        "...",
        "#",
    ),
)


def edited(text: str, chosen: random.Random) -> str:
    """A text that is typed in, or out of which something is taken."""
    at = chosen.randrange(len(text) + 1)
    at = text.rfind("\n", 0, at) + 1 if chosen.random() < 0.6 else at
    end = at + chosen.randrange(40) if chosen.random() < 0.4 else at
    return text[:at] + (chosen.choice(TYPED) if chosen.random() < 0.8 else "") + text[end:]


def sources() -> list[str]:
    """The texts of the specification, put together in sections."""
    valid = [path.read_text("utf-8") for path in sorted((SPEC / "valid").glob("*.md"))]
    plain = [text for text in valid if not text.startswith("---") and len(text) < 2000]
    joined = [
        "".join(f"## {n}\n\n{text}\n" for n, text in enumerate(plain[at : at + 8]))
        for at in range(0, len(plain), 8)
    ]
    return [MANY, *(text for text in valid if "\n## " in text), *joined]


@pytest.mark.parametrize("seed", range(12))
def test_after_each_edit_the_same_is_found_as_in_the_whole(seed: int) -> None:
    chosen = random.Random(seed)
    for start in chosen.sample(sources(), 4):
        text, known = start, Pieces(PATH)
        for _ in range(25):
            found = known.check(text)
            assert found == check_text(PATH, text).findings, json.dumps(text)
            can_go_on = not any(one.level == "error" for one in found)
            text = edited(text if can_go_on else start, chosen)


def test_an_edit_checks_what_was_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def read_text(path: Path, text: str) -> ReadFile:
        checked.append(text)
        return checking.read_text(path, text)

    known = Pieces(PATH)
    assert known.check(MANY) == []
    monkeypatch.setattr(pieces, "read_text", read_text)
    assert known.check(MANY.replace("> 7?", "> 7?\n> Really?")) == []
    [one] = checked
    assert "> Really?" in one
    assert "> 6?" not in one
    assert "> 8?" not in one
