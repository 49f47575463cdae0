"""What a transcript says, as values: frozen, and compared by content."""

from rechat.values.conversation.answers import LASTING_ERRORS
from rechat.values.conversation.answers import Answer
from rechat.values.conversation.answers import AnyAnswer
from rechat.values.conversation.answers import BinaryAnswer
from rechat.values.conversation.answers import Choice
from rechat.values.conversation.answers import ErrorAnswer
from rechat.values.conversation.answers import Fault
from rechat.values.conversation.answers import RawAnswer
from rechat.values.conversation.made import day_at
from rechat.values.conversation.made import made_at
from rechat.values.conversation.made import time_of
from rechat.values.conversation.made import told_by_api
from rechat.values.conversation.messages import REQUEST_ROLES
from rechat.values.conversation.messages import ROLES
from rechat.values.conversation.messages import Call
from rechat.values.conversation.messages import Media
from rechat.values.conversation.messages import Message
from rechat.values.conversation.messages import Opaque
from rechat.values.conversation.messages import Part
from rechat.values.conversation.messages import Reasoning
from rechat.values.conversation.messages import Refusal
from rechat.values.conversation.messages import Text
from rechat.values.conversation.request import ALWAYS_ASKING
from rechat.values.conversation.request import OFFLINE
from rechat.values.conversation.request import RAW
from rechat.values.conversation.request import Policy
from rechat.values.conversation.request import Request
from rechat.values.conversation.sections import CHAT
from rechat.values.conversation.sections import PACE
from rechat.values.conversation.sections import Entry
from rechat.values.conversation.sections import Given
from rechat.values.conversation.sections import MatchMode
from rechat.values.conversation.sections import Options
from rechat.values.conversation.sections import Pattern
from rechat.values.conversation.sections import Reply
from rechat.values.conversation.sections import Section
from rechat.values.conversation.sections import Span
from rechat.values.conversation.sections import TakesPolicy
from rechat.values.conversation.sections import Transcript
from rechat.values.conversation.sections import history_of

__all__ = [
    "ALWAYS_ASKING",
    "CHAT",
    "LASTING_ERRORS",
    "OFFLINE",
    "PACE",
    "RAW",
    "REQUEST_ROLES",
    "ROLES",
    "Answer",
    "AnyAnswer",
    "BinaryAnswer",
    "Call",
    "Choice",
    "Entry",
    "ErrorAnswer",
    "Fault",
    "Given",
    "MatchMode",
    "Media",
    "Message",
    "Opaque",
    "Options",
    "Part",
    "Pattern",
    "Policy",
    "RawAnswer",
    "Reasoning",
    "Refusal",
    "Reply",
    "Request",
    "Section",
    "Span",
    "TakesPolicy",
    "Text",
    "Transcript",
    "day_at",
    "history_of",
    "made_at",
    "time_of",
    "told_by_api",
]
