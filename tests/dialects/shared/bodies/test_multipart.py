"""Forms with files, whatever their boundary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects.shared.bodies.multipart import FormField
from rechat.dialects.shared.bodies.multipart import read
from rechat.values.errors import BodyError

BOUNDARY = "----formdata-undici-0123"
KIND = f"multipart/form-data; boundary={BOUNDARY}"


def form(*fields: FormField, boundary: str = BOUNDARY) -> bytes:
    blocks = []
    for field in fields:
        head = f'Content-Disposition: form-data; name="{field.name}"'
        if field.filename is not None:
            head += f'; filename="{field.filename}"'
        if field.media_type:
            head += f"\r\nContent-Type: {field.media_type}"
        blocks.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + field.content + b"\r\n")
    return b"".join(blocks) + f"--{boundary}--\r\n".encode()


contents = st.binary(max_size=40) | st.sampled_from((b"\r\n", b"--", b"\n\n", b"a\r\n\r\nb", b""))
fields = st.builds(
    FormField,
    st.from_regex(r"[a-z_\[\]]{1,9}", fullmatch=True),
    contents.filter(lambda content: BOUNDARY.encode() not in content),
    st.none() | st.from_regex(r"[a-z]{1,5}\.[a-z]{2,3}", fullmatch=True),
    st.sampled_from(("", "audio/wav", "application/json")),
)


@given(st.lists(fields, max_size=4))
def test_every_byte_of_a_field_is_read(sent: list[FormField]) -> None:
    assert read(form(*sent), KIND) == tuple(sent)


def test_the_boundary_does_not_matter() -> None:
    sent = FormField("model", b"whisper-1")
    other = read(form(sent, boundary="x"), 'multipart/form-data; boundary="x"')
    assert other == read(form(sent), KIND) == (sent,)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"", KIND, "was truncated"),
        (form(FormField("a", b"1"))[:-6], KIND, "was truncated"),
        (b"--x", "multipart/form-data", "needs a boundary"),
        (b"--x\r\n\r\na\r\n--x--", "multipart/form-data; boundary=x", "has no name"),
        (b"--xy\r\n--x--", "multipart/form-data; boundary=x", "no line end"),
    ],
)
def test_what_is_no_form_is_an_error(body: bytes, kind: str, message: str) -> None:
    with pytest.raises(BodyError, match=message):
        read(body, kind)


def test_heads_that_are_too_long_are_not_read() -> None:
    body = b'--b\r\ncontent-disposition: form-data; name="' + b";a=" * 300_000
    with pytest.raises(
        BodyError, match=r"the head of a field .* has 900,038 bytes, expected at most 8,192"
    ):
        read(body + b"\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b")
    with pytest.raises(
        BodyError, match=r"content-type .* has 300,031 characters, expected at most 8,192"
    ):
        read(b"", 'multipart/form-data; boundary="' + ";" * 300_000)
