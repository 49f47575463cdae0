"""The bodies of messages and parts: a frame, a quote, a literal, or the file behind a link."""

from rechat.format import body
from rechat.format import parts
from rechat.format.blocks import Block
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import ReadAsset
from rechat.values import TranscriptError


def body_of(block: Block, read_asset: ReadAsset) -> Json:
    """The value of a body. Raises `TranscriptError`."""
    match block.kind:
        case "frame":
            return body.read_frame(block.text)
        case "quote":
            return body.read_quote(block.text)
        case "link":
            return _linked_text(block, read_asset)
    try:
        return parts.with_bytes(body.read_literal(block.text), read_asset)
    except JsonError as error:
        raise TranscriptError(block.line, str(error), code="invalid-json") from None
    except OSError as error:
        raise _unreadable(block, error) from None


def linked(block: Block, read_asset: ReadAsset) -> bytes:
    """The bytes of the file behind a link. Raises `TranscriptError`."""
    try:
        return read_asset(block.text)
    except OSError as error:
        raise _unreadable(block, error) from None


def _linked_text(block: Block, read_asset: ReadAsset) -> str:
    try:
        return read_asset(block.text).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(block, error, "text") from None


def _unreadable(block: Block, error: Exception, what: str = "file") -> TranscriptError:
    return TranscriptError(
        block.line,
        f"the linked {what} cannot be read: {error}{parts.link_remedy(block.text)}",
        code="unreadable-link",
    )
