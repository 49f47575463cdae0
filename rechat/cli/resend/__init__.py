"""The commands that ask recorded questions again."""

from rechat.cli.resend.parameters import compare
from rechat.cli.resend.parameters import resend
from rechat.cli.resend.parameters import verify_tests

__all__ = ["compare", "resend", "verify_tests"]
