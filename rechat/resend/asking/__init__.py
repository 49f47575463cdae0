"""A question as a request of the API that is asked."""

from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.asking.question import outgoing

__all__ = ["Asked", "ask_in", "outgoing"]
