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


# "Summer2024", "winter1!", "Admin@123": a word of a person, and what rules of passwords ask for.
_MADE_UP = re.compile(
    r"(?!(?i:aes|argon|base|bcrypt|example|field|md|oauth|pass|passw|password|pbkdf|secret|sha|test"
    r"|user|utf)[!#$%&*?@]?[0-9])"
    r"(?:[A-Z][a-z]{3,20}[0-9]{2,4}|[A-Za-z]{3,20}[0-9]{1,4}[!#$%&*?@]|[A-Za-z]{3,20}[!#$*@][0-9]{1,4})"
    r"[!#$%&*?@.-]{0,2}\Z"
)
# "monkey99"
_EASY = re.compile(
    r"(?!(?:aes|arg|argon|base|bcrypt|example|field|line|oauth|param|pass|password|page|part|pbkdf|secret|step"
    r"|sha|test|token|user|utf|var|version)[0-9])[a-z]{4,20}[0-9]{1,4}\Z"
)
# Small and capital letters by turns, every third time, and not as in "signUpHint"; "!" or "#"
# within them.
_CHANGES = re.compile("(?<=[a-z])[A-Z]|(?<=[A-Z])[a-z]")
_PER_CHANGE = 3
_SHORTEST_OF_LETTERS = 8
_NAME = re.compile(r"[a-z]*(?:[A-Z][a-z]+)*[A-Z]?\Z")
_WITHIN = re.compile(r"[A-Za-z]+[!#%^*~]+[A-Za-z]")


def is_password(word: str) -> bool:
    """Whether a word looks like a password: letters with digits, signs, or small and capital ones
    by turns, not made of words, and no path; or a word with a number that is made up like one.
    """
    if _MADE_UP.match(word):
        return True
    if is_words(word):
        return bool(_WITHIN.search(word)) and not (word.islower() or word.isupper())
    return (
        any(map(str.isalpha, word))
        and (any(map(str.isdigit, word)) or _changes(word))
        and not _PATH.match(word)
    )


def _changes(word: str) -> bool:
    """Whether small and capital letters change too often for a name in a program."""
    changes = len(_CHANGES.findall(word)) * _PER_CHANGE
    return _SHORTEST_OF_LETTERS <= len(word) < changes and not _NAME.match(word)


def is_remembered_easily(word: str) -> bool:
    """Whether a word may be a password where a sentence says that it is: `monkey99`."""
    return bool(_EASY.match(word))


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
