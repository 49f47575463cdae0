"""Whether a word is a password: it stands where one does, and is not what stands for one."""

import re
from base64 import b64decode
from binascii import Error

from rechat.values.secrets.kinds import is_words
from rechat.values.secrets.names import looks_random

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

# Words alone are a password where a text says so, if they are not about one.
_LOWER = re.compile(r"[a-z]{6,40}\Z")
_JOINED = re.compile(r"[a-z]{3,20}(?:-[a-z]{3,20}){3,11}\Z")
_SENTENCE = re.compile(r"[A-Za-z]{3,20}(?:[ -][A-Za-z]{3,20}){2,11}\Z")
_ABOUT_ONE = re.compile(
    r"pass|pwd|secret|example|sample|test|dummy|fake|your|string|user|name|admin|token|hash|field"
    r"|requir|option|valid|miss|wrong|correct(?!-)|enter|type|text|hidden|input|change|default|holder"
    r"|redact|mask|crypt|none|true|false|empty|unknown|thing|what|foobar|here|word|sens|strict|strong"
    r"|strength|weak|short|nullable|varchar|integer|object|array|number|enable|disable|forbid|allow"
    r"|private|public|protect|internal|daily|monthly|yearly|never|always|postgres|mysql|redis|mongo"
    r"|basic|bearer|digest|plain|random|generat|prompt|manual|expire|update|reset|forg[eo]t"
    r"|confirm|repeat|submit|reveal|visible|control|primary|column|kennwort|parola|senha"
    r"|salasana|lozinka|encod|format|credential|login|access|account|email|phone|server|database",
    re.IGNORECASE,
)
_NAME_OF_ONE = re.compile(r"(?:passw(?:or)?d|pass|pwd|psk|passphrase|secret)\Z", re.IGNORECASE)
_SHORTEST = 6


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


def is_joined(words: str) -> bool:
    """Whether these are four words or more that a password is made of: `raincoat-…-…-…`."""
    return bool(_JOINED.match(words)) and not _ABOUT_ONE.search(words)


def is_said(words: str) -> bool:
    """Whether words are a password where a text says that they are one, as in quotes behind its
    name: neither a stand-in, nor what is said about passwords (`required`).
    """
    return bool(_LOWER.match(words) or _JOINED.match(words)) and not _ABOUT_ONE.search(words)


def may_be(word: str) -> bool:
    """Whether a word is a password where only one can stand."""
    return is_password(word) or is_said(word)


def is_sentence(words: str) -> bool:
    """Whether three words or more are a passphrase where a text says that they are one."""
    return bool(_SENTENCE.match(words)) and not _ABOUT_ONE.search(words)


def is_secret(name: str, value: object) -> bool:
    """Whether a value under the name of a credential is one: it looks random, or like a password
    under the name of one. What is called a token may be a short piece of text.
    """
    return isinstance(value, str) and (
        looks_random(value)
        or (
            len(value) >= _SHORTEST
            and bool(_NAME_OF_ONE.search(name))
            and (is_password(value) or is_joined(value))
        )
    )


def names_a_password(name: str) -> bool:
    """Whether a name is one of a password: `pass`, `db_password`."""
    return bool(_NAME_OF_ONE.search(name))


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
