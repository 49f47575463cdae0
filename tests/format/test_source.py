"""The bytes around a change stay as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.format.source import decode
from rechat.format.source import splice
from rechat.values.errors import TranscriptError


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\nb\n", "a\nb\n"),
        (b"a\r\nb\n", "a\nb\n"),
        (b"a\rb", "a\rb"),
        (b"a\r\r\n", "a\r\n"),
        (b"\xef\xbb\xbfa", "a"),
        ("é𝒳".encode(), "é𝒳"),
        (b"", ""),
    ],
)
def test_a_source_has_lf_line_ends_and_no_byte_order_mark(raw: bytes, text: str) -> None:
    assert decode(raw) == text


def test_bytes_that_are_not_utf8_are_an_error_in_their_line() -> None:
    with pytest.raises(
        TranscriptError, match="not UTF-8: byte 0xff; save the file as UTF-8"
    ) as caught:
        decode(b"a\nb\n\xff")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("raw", "new", "expected"),
    [
        (b"a\r\nb\r\n", "a\nb\nc\n", b"a\r\nb\r\nc\r\n"),
        (b"a\r\nb\r\n", "a\nx\nb\n", b"a\r\nx\r\nb\r\n"),
        (b"a\r\nb\nc\n", "a\nb\nc\nd\n", b"a\r\nb\nc\nd\n"),
        (b"a\r\nb\nc\n", "X\na\nb\nc\n", b"X\na\r\nb\nc\n"),
        (b"\xef\xbb\xbfa\r\n", "b\n", b"\xef\xbb\xbfb\r\n"),
        (b"\xef\xbb\xbfa\n", "", b"\xef\xbb\xbf"),
        (b"a\r\n\r\n\r\nb", "a\nb", b"a\r\nb"),
        ("é\r\n𝒳\r\n".encode(), "é\nü\n𝒳\n", "é\r\nü\r\n𝒳\r\n".encode()),
        (b"", "a\n", b"a\n"),
        (b"a", "a", b"a"),
    ],
)
def test_a_change_takes_the_line_ends_of_its_file(raw: bytes, new: str, expected: bytes) -> None:
    assert splice(raw, new) == expected


_PIECES = st.lists(st.sampled_from(["a", "b", "é", "𝒳", "\n", "\r\n", "\r"]), max_size=20)


@given(_PIECES.map("".join), _PIECES.map("".join), st.booleans())
def test_what_is_spliced_reads_as_the_new_source(old: str, new: str, mark: bool) -> None:
    raw = (("\ufeff" if mark else "") + old).encode()
    new = new.replace("\r", "")
    assert decode(splice(raw, new)) == new


@given(_PIECES.map("".join), _PIECES.map("".join))
def test_bytes_before_and_after_a_change_stay(before: str, after: str) -> None:
    new = f"{decode(before.encode())}|new|{decode(after.encode())}"
    changed = splice(f"{before}|old|{after}".encode(), new)
    assert changed.startswith(f"{before}|".encode())
    assert changed.endswith(f"|{after}".encode())


def test_a_change_that_changes_nothing_touches_nothing() -> None:
    raw = b"\xef\xbb\xbfa\r\nb\nc\r\r\n"
    assert splice(raw, decode(raw)) == raw


def test_a_megabyte_is_spliced() -> None:
    raw = b"line\r\n" * 170_000
    source = decode(raw)
    assert splice(raw, f"{source}more\n") == raw + b"more\r\n"
    assert splice(raw, f"more\n{source}") == b"more\r\n" + raw
