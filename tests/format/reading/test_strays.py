"""What looks like ours but has no meaning where it stands is an error; the spec has the cases."""

import pytest

from rechat.format.reader import parse
from rechat.values.errors import TranscriptError


@pytest.mark.parametrize("source", ["# user\n", "Words.\n\n---\nmodel: a\n---\n", "```yml\nmodel: a\n```\n"])  # fmt: skip
def test_what_would_be_lost_without_a_word_is_an_error(source: str) -> None:
    with pytest.raises(TranscriptError):
        parse(source)


@pytest.mark.parametrize("source", ["# Users\n", "---\n\nWords.\n\n---\n".join(["x\n\n", ""]), "```text\nmodel: a\n```\n"])  # fmt: skip
def test_commentary_stays_commentary(source: str) -> None:
    assert not parse(source).sections
