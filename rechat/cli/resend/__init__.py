"""Recorded questions asked again."""

from rechat.cli.resend.parameters import resend

__all__ = ["resend"]
