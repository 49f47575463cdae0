"""Whether a word is a password: it stands where one does, and is not what stands for one."""

import re
from base64 import b64decode
from binascii import Error

from rechat.values.secrets.kinds import is_words

# What stands for a password in documentation.
_STAND_INS = frozenset(
    {
        "%s", "admin", "changeit", "changeme", "dbpass", "example", "example_password", "foobar",
        "guest", "mypass", "mypassword", "mysecret", "none", "null", "pass", "passwd", "password",
        "password123", "postgres", "pwd", "pw", "root", "secret", "test", "testing", "token",
        "true", "false", "xxx", "xxxx", "your-password", "your_password", "yourpassword",
    }
)  # fmt: skip
_PORT = re.compile(r"[0-9.:/-]+(?:tcp|udp)?\Z", re.ASCII)
# "/tmp/x1", "~/a1": PWD is a folder as well.
_PATH = re.compile(r"[~.]{0,2}/[\w.-]+(?:/|\Z)")


def is_password(word: str) -> bool:
    """Whether a word looks like a password: letters and digits, not made of words, and no path."""
    return (
        any(map(str.isdigit, word))
        and any(map(str.isalpha, word))
        and not is_words(word)
        and not _PATH.match(word)
    )


def is_stand_in(word: str) -> bool:
    """Whether a word stands for a password, or cannot be one: `$PASSWORD`, `xxx`, `8080:80`."""
    return (
        word.lower() in _STAND_INS
        or not word.strip("*x.%X")
        or word[0] in "-$%[{<*"
        or bool(_PATH.match(word))
        or bool(_PORT.match(word))
    )


def is_basic(token: str) -> bool:
    """Whether this is the base64 of `user:password`."""
    try:
        said = b64decode(token + "=" * (-len(token) % 4), validate=True).decode()
    except (Error, UnicodeDecodeError, ValueError):
        return False
    return ":" in said and said.isprintable()
