"""What every dialect uses."""

from rechat.dialects.shared import multipart, openai_wire, sse
from rechat.dialects.shared.events import Events
from rechat.dialects.shared.fold import (
    Rows,
    Table,
    by_index,
    first,
    grow,
    join,
    last,
    last_said,
    latest,
)
from rechat.dialects.shared.frame import Frame, settings_of, wants_usage
from rechat.dialects.shared.live_text import LiveText
from rechat.dialects.shared.multipart import FormField
from rechat.dialects.shared.plain_text import arguments_of, as_text, text_answer
from rechat.dialects.shared.portable import portable
from rechat.dialects.shared.protocol import Dialect, Received
from rechat.dialects.shared.tokens import asked_tokens, said_tokens, tokens, used_tokens
from rechat.dialects.shared.verbatim import read_error, write_verbatim

__all__ = [
    "Dialect",
    "Events",
    "FormField",
    "Frame",
    "LiveText",
    "Received",
    "Rows",
    "Table",
    "arguments_of",
    "as_text",
    "asked_tokens",
    "by_index",
    "first",
    "grow",
    "join",
    "last",
    "last_said",
    "latest",
    "multipart",
    "openai_wire",
    "portable",
    "read_error",
    "said_tokens",
    "settings_of",
    "sse",
    "text_answer",
    "tokens",
    "used_tokens",
    "wants_usage",
    "write_verbatim",
]
