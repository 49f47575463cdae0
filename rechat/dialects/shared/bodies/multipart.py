"""Forms with files (`multipart/form-data`, RFC 7578): bytes to fields, without a socket.

The boundary is only a mark between the fields; what is read does not depend on it.
"""

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from rechat.values import BodyError

_LINE = re.compile(rb"\r?\n")
_HEADERS = BytesHeaderParser()
# Reading the parameters of a header takes the square of its length.
_HEAD_LIMIT = 1 << 13


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form; `filename` None is a plain value, and `media_type` empty if not said."""

    name: str
    content: bytes
    filename: str | None = None
    media_type: str = ""


def read(body: bytes, content_type: str) -> tuple[FormField, ...]:
    """The fields of a form, in order. Raises `BodyError` if it has no boundary or was truncated."""
    if len(content_type) > _HEAD_LIMIT:
        raise BodyError(
            f"the content-type of the multipart body has {len(content_type):,} characters, "
            f"expected at most {_HEAD_LIMIT:,}"
        )
    kind = Message()
    kind["content-type"] = content_type
    boundary = kind.get_boundary()
    if not boundary:
        raise BodyError("a multipart body needs a boundary in its content-type")
    mark = b"--" + boundary.encode("ascii", "replace")
    _, *blocks = (b"\r\n" + body).split(b"\r\n" + mark)
    if not blocks or not blocks[-1].startswith(b"--"):
        raise BodyError("the multipart body was truncated")
    return tuple(map(_field, blocks[:-1]))


def _field(block: bytes) -> FormField:
    line_end = _LINE.match(block)
    if not line_end:
        raise BodyError("a boundary of the multipart body has no line end")
    head, _, content = block[line_end.end() :].partition(b"\r\n\r\n")
    if len(head) > _HEAD_LIMIT:
        raise BodyError(
            f"the head of a field of the multipart body has {len(head):,} bytes, "
            f"expected at most {_HEAD_LIMIT:,}"
        )
    headers = _HEADERS.parsebytes(head)
    name = headers.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise BodyError("a field of the multipart body has no name")
    typed = headers.get_content_type() if "content-type" in headers else ""
    return FormField(name, content, headers.get_filename(), typed)
