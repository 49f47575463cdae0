"""Bytes that a transcript links to instead of containing them: pictures, sounds, files, and long
texts that repeat.

An asset is named after its content, `assets/<16 hex digits of its SHA-256>.<ext>`, so a folder
stores the same bytes only once, and a name always means the same bytes.
"""

import base64
import binascii
import hashlib
import mimetypes
import re
from collections.abc import Callable

type ReadAsset = Callable[[str], bytes]
"""Returns the bytes of a linked file, given its relative path; raises OSError."""


def no_assets(path: str) -> bytes:
    """The asset reader for a source without a folder."""
    raise FileNotFoundError(path)


# "assets/0123456789abcdef.md"
_NAMED = re.compile(r"(?:^|/)assets/([0-9a-f]{16})\.\w+$")
# An inline picture begins with "data:image/png;base64,iVBORw0".
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,([A-Za-z0-9+/]*={0,2})")

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/octet-stream": "bin",
    "application/x-float32": "f32",
    "text/plain": "txt",
    "text/markdown": "md",
}
_TYPES = {extension: media_type for media_type, extension in _EXTENSIONS.items()}


# The first bytes of file formats, in base64.
_MAGIC = (
    ("iVBORw0KGgo", "image/png"),
    ("/9j/", "image/jpeg"),
    ("R0lGOD", "image/gif"),
    ("UklGR", "image/webp"),
    ("SUQz", "audio/mpeg"),
    ("JVBERi0", "application/pdf"),
)


def type_of_base64(text: str) -> str:
    """The media type of base64 data, judging by its first bytes."""
    return next(
        (kind for magic, kind in _MAGIC if text.startswith(magic)), "application/octet-stream"
    )


def digest(content: bytes) -> str:
    """The name of some bytes: 16 hex digits of their SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def path_of(content: bytes, extension: str) -> str:
    """Where some bytes are stored, relative to the folder of transcripts."""
    return f"assets/{digest(content)}.{extension}"


def is_named(path: str) -> bool:
    """Whether a file is named after its content."""
    return bool(_NAMED.search(path))


def as_named(path: str, content: bytes) -> bytes | None:
    """The bytes that a file is named after, if `content` is what the disk has: the same, or with
    line endings that git or an editor changed. None if there is another difference. A file with any
    other name is returned as it is.
    """
    name = _NAMED.search(path)
    if not name or digest(content) == name[1]:
        return content
    with_lf = content.replace(b"\r\n", b"\n")
    for other in (with_lf, with_lf.replace(b"\n", b"\r\n")):
        if digest(other) == name[1]:
            return other
    return None


def extension_of(media_type: str) -> str | None:
    """The file extension for a media type; None if it would not be read back as the same type."""
    return _EXTENSIONS.get(media_type)


def type_of(path: str) -> str:
    """The media type of a file, by its extension."""
    extension = path.rpartition(".")[2].lower()
    if extension in _TYPES:
        return _TYPES[extension]
    return mimetypes.guess_type(f"x.{extension}")[0] or "application/octet-stream"


def split_data_url(url: str) -> tuple[str, bytes] | None:
    """The media type and bytes of a `data:` URL; None if it is another URL, or would not be written
    identically.
    """
    match = _DATA_URL.fullmatch(url)
    if not match:
        return None
    try:
        content = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        return None
    return (match[1], content) if data_url(match[1], content) == url else None


def data_url(media_type: str, content: bytes) -> str:
    """The `data:` URL of some bytes."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
