"""What every dialect uses."""

from rechat.dialects.shared import multipart, openai_wire, sse
from rechat.dialects.shared.foreign import plain
from rechat.dialects.shared.live_text import Deltas
from rechat.dialects.shared.multipart import FormField
from rechat.dialects.shared.openai_wire import (
    JSON_HEADERS,
    check_end,
    deployed_model,
    read_chunks,
    read_whole,
    stream,
    usage_of,
    with_envelope,
)
from rechat.dialects.shared.plain_text import as_text, error_text, text_answer
from rechat.dialects.shared.protocol import Dialect, Received
from rechat.dialects.shared.tokens import asked_tokens, said_tokens, tokens
from rechat.dialects.shared.verbatim import read_error, write_verbatim

__all__ = [
    "JSON_HEADERS",
    "Deltas",
    "Dialect",
    "FormField",
    "Received",
    "as_text",
    "asked_tokens",
    "check_end",
    "deployed_model",
    "error_text",
    "multipart",
    "openai_wire",
    "plain",
    "read_chunks",
    "read_error",
    "read_whole",
    "said_tokens",
    "sse",
    "stream",
    "text_answer",
    "tokens",
    "usage_of",
    "with_envelope",
    "write_verbatim",
]
