"""A body is a frame, a quote, a literal, or the file behind a link; what cannot be read says where."""

import pytest

from rechat.format.blocks import Block
from rechat.format.reading.bodies import body_of
from rechat.format.reading.bodies import linked
from rechat.values.assets import no_assets
from rechat.values.errors import TranscriptError

FILES = {"a.md": b"From a file", "b.bin": b"\xff"}


def block(kind: str, text: str) -> Block:
    return Block(kind, 0, 0, 7, text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("frame", "\nHi\n\n", "Hi"),
        ("quote", "> a\n> b\n", "a\nb"),
        ("fence", '[1, "a"]', [1, "a"]),
        ("fence", '{"$bytes": "a.md"}', "RnJvbSBhIGZpbGU="),
        ("link", "a.md", "From a file"),
    ],
)
def test_each_kind_of_body_has_its_value(kind: str, text: str, value: object) -> None:
    assert body_of(block(kind, text), FILES.__getitem__) == value


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("fence", "{", "invalid-json"),
        ("fence", '{"$bytes": "c.bin"}', "unreadable-link"),
        ("link", "c.md", "unreadable-link"),
        ("link", "b.bin", "unreadable-link"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_the_line_of_its_block(
    kind: str, text: str, code: str
) -> None:
    def read(path: str) -> bytes:
        return FILES[path] if path in FILES else no_assets(path)

    with pytest.raises(TranscriptError) as caught:
        body_of(block(kind, text), read)
    assert (caught.value.code, caught.value.line) == (code, 7)


def test_the_bytes_of_a_link_are_given_as_they_are() -> None:
    assert linked(block("link", "b.bin"), FILES.__getitem__) == b"\xff"
    with pytest.raises(TranscriptError, match="the linked file cannot be read"):
        linked(block("link", "c.bin"), no_assets)
