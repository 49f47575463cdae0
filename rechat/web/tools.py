"""Whether a tool failed, for which APIs have no common field."""

import re

from rechat.values import JsonError
from rechat.values import Message
from rechat.values import jsontext

# Only this much of a result is examined.
_BEGINNING = 400
_LONGEST = 20_000
_SAYS_SO = re.compile(
    r"\s*(?:<[a-z_]{0,20}error>|(?:fatal )?[A-Za-z.]{0,60}(?:error|exception)\b[:\s]|failed\b[:\s]"
    r"|Traceback \(most recent)",
    re.IGNORECASE,
)
_EXIT = re.compile(r"(?:exit code|exited with(?: code)?|exit status):? [1-9]", re.IGNORECASE)


def failed(result: Message) -> bool:
    """Whether the result of a tool is an error: it is marked as one, is an object with an `error`,
    or begins like one.
    """
    if result.fields.get("is_error") is True:
        return True
    text = result.text
    beginning = text[:_BEGINNING]
    if beginning.lstrip().startswith("{") and len(text) <= _LONGEST:
        try:
            value = jsontext.parse(text)
        except JsonError:
            return False
        told = value if isinstance(value, dict) else {}
        return bool(told.get("error")) or told.get("is_error") is True or told.get("ok") is False
    return bool(_SAYS_SO.match(beginning) or _EXIT.search(beginning))
