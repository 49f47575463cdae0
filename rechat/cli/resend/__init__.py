"""Recorded questions asked again."""

from rechat.cli.resend.parameters import resend
from rechat.cli.resend.parameters import verify_tests

__all__ = ["resend", "verify_tests"]
