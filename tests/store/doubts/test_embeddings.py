"""Vectors that do not fit their inputs."""

import pytest

from rechat.format import parse
from rechat.store.doubts.embeddings import doubts_about_embeddings

ONE, TWO = "### input\n\n> a\n\n", "### input\n\n> a\n\n### input\n\n> b\n\n"
VECTOR = "### embedding\n\n```json\n[0.1, 0.2]\n```\n\n"
FIRST, SECOND = (VECTOR.replace("embedding", f"embedding, choice {at}") for at in (1, 2))
HASH = "### embedding, from hash\n\n"


def told(source: str) -> list[tuple[int, str]]:
    [section] = parse(source).sections
    return list(doubts_about_embeddings(section))


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("### input\n\n> - a\n> - b\n\n" + HASH, 1, "one text of several lines"),
        ("### input\n\n> 1. a\n> 2. b\n\n" + HASH, 1, "one text of several lines"),
        ('### input\n\n```json\n["a", "b"]\n```\n\n' + HASH, 1, "a list of 2 texts"),
        ("### input\n\n#### text\n\n> a\n\n" + HASH, 1, "has no parts"),
        (TWO + VECTOR, 9, "1 vector for 2 inputs"),
        (ONE + FIRST + SECOND, 5, "2 vectors for 1 input"),
        (ONE + VECTOR + ONE + VECTOR, 11, "begin a section"),
        (TWO + FIRST + SECOND.replace(", 0.2", ""), 9, "1, 2 numbers"),
        ("---\ndimensions: 3\n---\n\n" + ONE + VECTOR, 9, "`dimensions` asks for 3"),
    ],
)
def test_an_input_or_vector_that_does_not_fit_is_told(source: str, line: int, words: str) -> None:
    ((at, message),) = told(source)
    assert at == line
    assert words in message


@pytest.mark.parametrize(
    "source",
    [
        ONE + VECTOR,
        TWO + FIRST + SECOND,
        TWO + HASH,
        "### input, any\n\n" + HASH,
        "### input\n\n```json\n[1, 2, 3]\n```\n\n" + VECTOR,
        "### input\n\n> - a\n\n" + VECTOR,
        "### input\n\n> a\n> b\n\n" + VECTOR,
        "---\ndimensions: 2\n---\n\n" + ONE + VECTOR,
        ONE + "### error 429\n\n" + VECTOR,
    ],
)
def test_what_fits_is_not_told(source: str) -> None:
    assert not told(source)
