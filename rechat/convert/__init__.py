"""Other formats, read into exchanges and conversations, and written from them. Pure."""

from rechat.convert.exports.har import created
from rechat.convert.exports.otel import Timed
from rechat.convert.exports.otel import spans_of
from rechat.convert.exports.record import Record
from rechat.convert.exports.record import url_of
from rechat.convert.exports.written import FORMS
from rechat.convert.exports.written import Form
from rechat.convert.found import Conversation
from rechat.convert.found import Found
from rechat.convert.found import HttpExchange
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.convert.imports.recognise import FORMATS
from rechat.convert.imports.recognise import read
from rechat.convert.marks import Mark
from rechat.convert.marks import marked
from rechat.convert.marks import marks_of
from rechat.convert.wire import exchange_of

__all__ = [
    "FORMATS",
    "FORMS",
    "Conversation",
    "Form",
    "Found",
    "HttpExchange",
    "Left",
    "Mark",
    "Record",
    "Source",
    "Timed",
    "created",
    "exchange_of",
    "marked",
    "marks_of",
    "read",
    "spans_of",
    "url_of",
]
