"""A question as a request in the API of its target."""

from rechat.resend.asking.estimate import estimated_tokens
from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.asking.question import outgoing
from rechat.resend.asking.variation import marked

__all__ = ["Asked", "ask_in", "estimated_tokens", "marked", "outgoing"]
