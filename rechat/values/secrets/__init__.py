"""Credentials in texts: their kinds, their names, where they stand."""

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.names import NAMES
from rechat.values.secrets.names import is_parameter
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.names import parameter_tells
from rechat.values.secrets.names import tells
from rechat.values.secrets.objects import fields_told_by_others
from rechat.values.secrets.passwords import is_secret
from rechat.values.secrets.text import own_patterns
from rechat.values.secrets.text import redact_arguments
from rechat.values.secrets.text import redact_text
from rechat.values.secrets.text import secrets_in
from rechat.values.secrets.text import set_own

__all__ = [
    "NAMES",
    "Secret",
    "fields_told_by_others",
    "is_parameter",
    "is_secret",
    "looks_random",
    "own_patterns",
    "parameter_tells",
    "redact_arguments",
    "redact_text",
    "secrets_in",
    "set_own",
    "tells",
]
