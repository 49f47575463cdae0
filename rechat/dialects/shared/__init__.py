"""What every dialect uses."""

from rechat.dialects.shared import failures
from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import side_events
from rechat.dialects.shared import vectors
from rechat.dialects.shared.bodies import events
from rechat.dialects.shared.bodies import llama_cpp
from rechat.dialects.shared.bodies import multipart
from rechat.dialects.shared.bodies import sse
from rechat.dialects.shared.bodies.events import Events
from rechat.dialects.shared.bodies.multipart import FormField
from rechat.dialects.shared.endings import ending_in_chat
from rechat.dialects.shared.fold import Rows
from rechat.dialects.shared.fold import Table
from rechat.dialects.shared.fold import by_index
from rechat.dialects.shared.fold import each
from rechat.dialects.shared.fold import first
from rechat.dialects.shared.fold import go_on
from rechat.dialects.shared.fold import grow
from rechat.dialects.shared.fold import index_of
from rechat.dialects.shared.fold import join
from rechat.dialects.shared.fold import last
from rechat.dialects.shared.fold import last_said
from rechat.dialects.shared.fold import latest
from rechat.dialects.shared.frame import Frame
from rechat.dialects.shared.frame import settings_of
from rechat.dialects.shared.frame import wants_usage
from rechat.dialects.shared.live_text import LiveText
from rechat.dialects.shared.plain_text import arguments_of
from rechat.dialects.shared.plain_text import as_text
from rechat.dialects.shared.plain_text import text_answer
from rechat.dialects.shared.portable import portable
from rechat.dialects.shared.protocol import Dialect
from rechat.dialects.shared.protocol import Received
from rechat.dialects.shared.tokens import asked_tokens
from rechat.dialects.shared.tokens import said_tokens
from rechat.dialects.shared.tokens import tokens
from rechat.dialects.shared.tokens import used_tokens
from rechat.dialects.shared.verbatim import is_json
from rechat.dialects.shared.verbatim import passing_error
from rechat.dialects.shared.verbatim import read_error
from rechat.dialects.shared.verbatim import read_whole
from rechat.dialects.shared.verbatim import write_verbatim

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
    "each",
    "ending_in_chat",
    "events",
    "failures",
    "first",
    "go_on",
    "grow",
    "index_of",
    "is_json",
    "join",
    "last",
    "last_said",
    "latest",
    "llama_cpp",
    "multipart",
    "openai_wire",
    "passing_error",
    "portable",
    "read_error",
    "read_whole",
    "said_tokens",
    "settings_of",
    "side_events",
    "sse",
    "text_answer",
    "tokens",
    "used_tokens",
    "vectors",
    "wants_usage",
    "write_verbatim",
]
