"""Searches in long texts find what one search would find."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.values import scan
from rechat.values.scan import delete
from rechat.values.scan import delete_from_lines
from rechat.values.scan import find_line
from rechat.values.scan import has_any
from rechat.values.scan import overlapping
from rechat.values.scan import shared_end
from rechat.values.scan import shared_start

LINE = re.compile(r"^(?:<{2}|###)(?: [^\n]*)?$", re.MULTILINE)
TEXTS = [
    "",
    "\n",
    "a\nb\n" * 9 + "<<",
    "a" * 30 + "\n<< x\n" + "b" * 30,
    "<< " + "x" * 40,
    "x" * 40 + "<<",
    "y" * 7 + "\n" + "### " + "z" * 40 + "\n<<\n",
    "<<a\n" * 9 + "###",
    "\n" * 20 + "###\n",
]


@pytest.mark.parametrize("piece", [1, 2, 5, 8, 16])
@pytest.mark.parametrize("text", TEXTS)
def test_a_line_is_found_where_one_search_finds_it(
    text: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "PIECE", piece)
    for start in range(len(text) + 1):
        for end in {start, (start + len(text)) // 2, len(text)}:
            expected = LINE.search(text, start, end)
            found = find_line(LINE, text, start, end)
            assert (found and found.span()) == (expected and expected.span())
    assert (find_line(LINE, text) is None) == (LINE.search(text) is None)


@pytest.mark.parametrize("text", ["", "aaaa", "aaaab", "baaaa", "aabaa"])
def test_a_character_is_found_in_any_piece(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "PIECE", 2)
    assert has_any(re.compile("b"), text) == ("b" in text)


@pytest.mark.parametrize("piece", [2, 5, 8, 16])
@pytest.mark.parametrize("text", [*TEXTS, "1. a\n22) b\n\n 3. c" * 9, "1. " + "1. " * 9 + "\n2. b"])
def test_beginnings_are_deleted_from_all_lines_and_from_nowhere_else(
    text: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "PIECE", piece)
    marks = re.compile(r"^(?:<|#|\d)", re.MULTILINE)
    assert delete_from_lines(marks, text) == marks.sub("", text)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_deleted_is_gone_from_all_pieces(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "PIECE", 3)
    blanks = re.compile(r"[\W_]++")
    assert delete(blanks, text) == blanks.sub("", text)


def test_no_call_searches_more_than_a_piece_and_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other threads run between two calls."""
    monkeypatch.setattr(scan, "PIECE", 100)
    searched: list[int] = []

    class Counting:
        def search(self, text: str, start: int, end: int) -> None:
            searched.append(end - start)

        def match(self, text: str, start: int, end: int) -> None:
            searched.append(len(text[start:end].partition("\n")[0]))

    assert find_line(Counting(), ("x" * 30 + "\n") * 1000) is None  # type: ignore[arg-type]
    assert not has_any(Counting(), "y" * 10_000)  # type: ignore[arg-type]
    assert max(searched) <= 131


def test_all_that_stands_together_is_in_one_of_the_overlapping_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan, "PIECE", 3)
    text = (
        " ".join(str(number) * (number % 7 + 1) for number in range(60)) + " " + "x" * 90 + " end"
    )
    pieces = list(overlapping(text, 8))
    assert len(pieces) > 10
    assert all(text[at : at + len(piece)] == piece for at, piece in pieces)
    for start in range(len(text) - 8):
        together = text[start : start + 8]
        if together.startswith("x"):
            continue
        assert any(at <= start < at + len(piece) and together in piece for at, piece in pieces)
    assert [piece for _, piece in overlapping("", 8)] == [""]


@given(one=st.text("ab", max_size=12), other=st.text("ab", max_size=12))
def test_the_ends_that_texts_share(one: str, other: str) -> None:
    start, end = shared_start(one, other), shared_end(one, other)
    assert one[:start] == other[:start]
    assert one[start : start + 1] != other[start : start + 1] or start == min(len(one), len(other))
    assert one[len(one) - end :] == other[len(other) - end :]
