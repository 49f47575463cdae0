"""A source is cut at its headings without losing a character."""

from pathlib import Path

import pytest

from rechat.format import source
from rechat.store.merging.pieces import cut

SPEC = Path(__file__).parents[3] / "docs" / "spec" / "tests" / "valid"


@pytest.mark.parametrize("path", sorted(SPEC.glob("*.md")), ids=lambda path: path.stem)
def test_the_pieces_are_the_source(path: Path) -> None:
    text = source.decode(path.read_bytes())
    assert cut(text).text == text


def test_takes_are_one_turn() -> None:
    conversation = cut(
        "### user\n\n> a\n\n### assistant\n\n> b\n\n### assistant, take 2\n\n> c\n\n### user\n\n> d\n"
    ).conversations[0]
    assert conversation.turns() == [range(1), range(1, 3), range(3, 4)]


def test_what_is_put_in_stands_before_the_blank_lines_at_the_end() -> None:
    file = cut("### user\n\n> a\n\n\n## Next\n\n### user\n\n> b")
    first, second = file.conversations
    first.insert(1, second.pieces[0])
    second.insert(1, first.pieces[0])
    assert file.text == (
        "### user\n\n> a\n\n### user\n\n> b\n\n\n## Next\n\n### user\n\n> b\n\n### user\n\n> a\n"
    )
