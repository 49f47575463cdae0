"""What is said to a request: policies, takes, chains and pace."""

from rechat.answering import pace
from rechat.answering.endpoint import Endpoint
from rechat.answering.outcome import Answered, Asked, Held, Later, Sent, failure, since
from rechat.answering.policy import (
    Session,
    bad_request_response,
    refusal_response,
    upstream_failure_response,
)

__all__ = [
    "Answered",
    "Asked",
    "Endpoint",
    "Held",
    "Later",
    "Sent",
    "Session",
    "bad_request_response",
    "failure",
    "pace",
    "refusal_response",
    "since",
    "upstream_failure_response",
]
