"""What is passed around: conversations, HTTP messages, JSON and errors. Nothing here does I/O."""

from rechat.values import assets
from rechat.values import jsontext
from rechat.values.addresses.base_url import BaseUrl
from rechat.values.addresses.base_url import default_port
from rechat.values.addresses.base_url import leading_url
from rechat.values.addresses.base_url import meant_url
from rechat.values.addresses.base_url import name_of
from rechat.values.addresses.outer_proxy import OuterProxies
from rechat.values.addresses.outer_proxy import OuterProxy
from rechat.values.assets import ReadAsset
from rechat.values.assets import no_assets
from rechat.values.client_environment import base_url_of
from rechat.values.client_environment import client_environment
from rechat.values.client_environment import need_key
from rechat.values.conversation import ALWAYS_ASKING
from rechat.values.conversation import CHAT
from rechat.values.conversation import LASTING_ERRORS
from rechat.values.conversation import OFFLINE
from rechat.values.conversation import PACE
from rechat.values.conversation import RAW
from rechat.values.conversation import ROLES
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Entry
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Given
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Options
from rechat.values.conversation import Part
from rechat.values.conversation import Pattern
from rechat.values.conversation import Policy
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Reply
from rechat.values.conversation import Request
from rechat.values.conversation import Section
from rechat.values.conversation import Span
from rechat.values.conversation import Text
from rechat.values.conversation import Transcript
from rechat.values.conversation import day_at
from rechat.values.conversation import history_of
from rechat.values.conversation import made_at
from rechat.values.conversation import time_of
from rechat.values.conversation import told_by_api
from rechat.values.errors import BodyError
from rechat.values.errors import RechatError
from rechat.values.errors import ServerError
from rechat.values.errors import TranscriptError
from rechat.values.errors import UsageError
from rechat.values.failure import disk_reason
from rechat.values.failure import reason_of
from rechat.values.http import Headers
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.http import Piece
from rechat.values.http import check_headers
from rechat.values.http import header
from rechat.values.http import headers_under
from rechat.values.http import leads_up
from rechat.values.http import location_under
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonError
from rechat.values.jsontext import JsonObject
from rechat.values.jsontext import canonical
from rechat.values.jsontext import dump
from rechat.values.jsontext import dump_visible
from rechat.values.jsontext import kind_of
from rechat.values.jsontext import same
from rechat.values.known import Known
from rechat.values.known import made_once
from rechat.values.map_text import in_answer
from rechat.values.map_text import in_message
from rechat.values.redact import ANSWER_HEADERS
from rechat.values.redact import REQUEST_HEADERS
from rechat.values.redact import allowed_headers
from rechat.values.redact import redact
from rechat.values.redact import redact_also
from rechat.values.redact import redact_path
from rechat.values.redact import redact_query
from rechat.values.remembered import Remembered
from rechat.values.retry_after import retry_after
from rechat.values.scan import delete
from rechat.values.scan import delete_from_lines
from rechat.values.scan import find_line
from rechat.values.scan import has_any
from rechat.values.scan import shared_end
from rechat.values.scan import shared_start
from rechat.values.secrets import own_patterns
from rechat.values.secrets import redact_text
from rechat.values.secrets import secrets_in
from rechat.values.spans import fields_of
from rechat.values.spans import read_body
from rechat.values.spans import without_ids
from rechat.values.tags import in_enclosed

__all__ = [
    "ALWAYS_ASKING",
    "ANSWER_HEADERS",
    "CHAT",
    "LASTING_ERRORS",
    "OFFLINE",
    "PACE",
    "RAW",
    "REQUEST_HEADERS",
    "ROLES",
    "Answer",
    "AnyAnswer",
    "BaseUrl",
    "BinaryAnswer",
    "BodyError",
    "Call",
    "Choice",
    "Entry",
    "ErrorAnswer",
    "Fault",
    "Given",
    "Headers",
    "HttpRequest",
    "HttpResponse",
    "Json",
    "JsonError",
    "JsonObject",
    "Known",
    "Media",
    "Message",
    "Opaque",
    "Options",
    "OuterProxies",
    "OuterProxy",
    "Part",
    "Pattern",
    "Piece",
    "Policy",
    "RawAnswer",
    "ReadAsset",
    "Reasoning",
    "RechatError",
    "Refusal",
    "Remembered",
    "Reply",
    "Request",
    "Section",
    "ServerError",
    "Span",
    "Text",
    "Transcript",
    "TranscriptError",
    "UsageError",
    "allowed_headers",
    "assets",
    "base_url_of",
    "canonical",
    "check_headers",
    "client_environment",
    "day_at",
    "default_port",
    "delete",
    "delete_from_lines",
    "disk_reason",
    "dump",
    "dump_visible",
    "fields_of",
    "find_line",
    "has_any",
    "header",
    "headers_under",
    "history_of",
    "in_answer",
    "in_enclosed",
    "in_message",
    "jsontext",
    "kind_of",
    "leading_url",
    "leads_up",
    "location_under",
    "made_at",
    "made_once",
    "meant_url",
    "name_of",
    "need_key",
    "no_assets",
    "own_patterns",
    "read_body",
    "reason_of",
    "redact",
    "redact_also",
    "redact_path",
    "redact_query",
    "redact_text",
    "retry_after",
    "same",
    "secrets_in",
    "shared_end",
    "shared_start",
    "time_of",
    "told_by_api",
    "without_ids",
]
