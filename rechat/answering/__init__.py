"""What is said to a request: policies, takes, chains and pace."""

from rechat.answering import pace
from rechat.answering.edits import ConflictError
from rechat.answering.edits import EditedText
from rechat.answering.edits import Promoted
from rechat.answering.edits import accept
from rechat.answering.edits import known_path
from rechat.answering.edits import text_of
from rechat.answering.edits import write_answer
from rechat.answering.endpoint import Endpoint
from rechat.answering.errors import bad_request_response
from rechat.answering.errors import refusal_response
from rechat.answering.errors import upstream_failure_response
from rechat.answering.model_list import asks_for_models
from rechat.answering.model_list import joined_lists
from rechat.answering.outcome import Answered
from rechat.answering.outcome import Asked
from rechat.answering.outcome import Held
from rechat.answering.outcome import Later
from rechat.answering.outcome import Sent
from rechat.answering.outcome import failure
from rechat.answering.outcome import since
from rechat.answering.policy import Session
from rechat.answering.sessions import Sessions
from rechat.answering.sessions import Use
from rechat.answering.sessions import Wanted
from rechat.answering.sessions import uses_of
from rechat.answering.takes import Room

__all__ = [
    "Answered",
    "Asked",
    "ConflictError",
    "EditedText",
    "Endpoint",
    "Held",
    "Later",
    "Promoted",
    "Room",
    "Sent",
    "Session",
    "Sessions",
    "Use",
    "Wanted",
    "accept",
    "asks_for_models",
    "bad_request_response",
    "failure",
    "joined_lists",
    "known_path",
    "pace",
    "refusal_response",
    "since",
    "text_of",
    "upstream_failure_response",
    "uses_of",
    "write_answer",
]
