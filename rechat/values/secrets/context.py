"""Credentials that a word tells: one within them (a private key), or one before them (`Bearer`,
`password=`, `Cookie:`). An expression is used only where its word is, which a plain search finds.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Iterator

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.kinds import is_words

# "RSA PRIVATE KEY-----", after five dashes and BEGIN or END.
_PEM_LABEL = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
# "-----BEGIN PRIVATE KEY-----" and all up to the END, but not past another five dashes or a
# placeholder; else the lines of a truncated block.
_PEM = re.compile(
    rf"-----BEGIN {_PEM_LABEL}(?:(?:[^\[-]++|-{{1,4}}+(?!-))*+-----END {_PEM_LABEL}"
    r"|(?:(?:\s|\\++[nr])++[A-Za-z0-9+/=]{16,}+)++)",
    re.ASCII,
)
# " abc.DEF-123/4==", after "Bearer"
_BEARER = re.compile(r"(?:\s|%20|\+)(?P<token>[\w.~+/-]{20,}+=*+)", re.ASCII)
# " dXNlcjpwYXNzd29yZA==", after "Basic"
_BASIC = re.compile(r"(?:\s|%20|\+)(?P<token>[A-Za-z0-9+/]{6,}+={0,2}+)", re.ASCII)
# ": dXNlcjpwYXNzd29yZA==" after "auth", as docker keeps it
_AUTH = re.compile(
    r"\\{0,7}\"\s{0,3}:\s{0,3}\\{0,7}\"(?P<token>[A-Za-z0-9+/]{8,}+={0,2}+)", re.ASCII
)
# "user:password@" of "postgres://user:password@host/db"; of a DSN, the key before the "@".
_IN_URL = re.compile(
    r"://(?:[^\s:/?#@\"'`<>\\\[\]{}]{0,200}+:(?P<password>[^\s/?#@\"'`<>\\\[\]{}$]{1,500}+)@"
    r"|(?P<key>[0-9a-f]{32})@)"
)
# What stands for a password in documentation.
_NO_PASSWORDS = frozenset({"%s", "pass", "password", "passwd", "pw", "pwd", "xxx", "xxxx", "token"})
# ": a=b; c=d" after "Cookie", up to the end of the line or of the quotes.
_COOKIES = re.compile(
    r"(?:\\{0,7}[\"'])?\s{0,3}[:=]\s{0,3}(?:\\{0,7}[\"'])?(?P<cookies>[^\r\n\"'\\]{1,4096}+)"
)
_COOKIE = re.compile(r"(?P<name>[^\s=;,\[\]]{1,200}+)=(?P<value>[^\s;,\[\]]{6,}+)")
_ATTRIBUTES = frozenset({"domain", "expires", "max-age", "path", "priority", "samesite", "version"})
# ": Sup3rS3cret" after "password", "='…'"
_PASSWORD = re.compile(
    r"(?:[oO][rR])?[dD]?(?:\\{0,7}[\"'`])?\s{0,3}(?::=|=>|[:=])\s{0,3}(?:\\{0,7}[\"'`])?"
    r"(?P<password>[^\s\"'`\\,;<>{}()\[\]$&|]{8,200}+)(?![(\[{])"
)
# "ord 'Sup3rS3cret'" after "--passw"; "me:Sup3rS3cret" after "-u"; ".com login me password …"
# after "machine".
_OPTION = re.compile(r"(?:or)?d[ \t]{1,3}(?:\\{0,7}[\"'])?(?P<password>[^\s\"'\\$<>{}()]{6,200}+)")
_USER = re.compile(
    r"(?:\\{0,7}[\"'])?[^\s:\"'\\$<>{}()]{1,100}+:(?P<password>[^\s:\"'\\$<>{}()]{6,200}+)(?!:)"
)
_NETRC = re.compile(
    r"(?:\S{1,200}+(?:\s|\\n){1,8})?login\s{1,8}\S{1,200}+(?:\s|\\n){1,8}"
    r"password\s{1,8}(?P<password>[^\s\"'\\]{6,200}+)"
)


def in_context(text: str, lower: str) -> Iterator[Secret]:
    """What a word in it or before it tells. `lower` is the text in lower case, letter by letter."""
    for word in [word for word in _IN_CONTEXT if word in lower]:
        yield from _IN_CONTEXT[word](text, lower, word)


def _private_keys(text: str, _lower: str, _word: str) -> Iterator[Secret]:
    return (Secret(*match.span(), "private-key") for match in _PEM.finditer(text))


def _bearers(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in _after(text, lower, word, _BEARER):
        if not is_words(match["token"]):
            yield Secret(*match.span("token"), "bearer-token")


def _basics(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in _after(text, lower, word, _BASIC if word == "basic" else _AUTH):
        if _is_basic(match["token"]):
            yield Secret(*match.span("token"), "basic-auth")


def _cookies(text: str, lower: str, word: str) -> Iterator[Secret]:
    for line in _after(text, lower, word, _COOKIES):
        for match in _COOKIE.finditer(text, *line.span("cookies")):
            if match["name"].lower() not in _ATTRIBUTES and not is_words(match["value"]):
                yield Secret(*match.span("value"), "cookie")


def _told_by(pattern: re.Pattern[str]) -> Callable[[str, str, str], Iterator[Secret]]:
    """What finds a password by what stands around it."""

    def find(text: str, lower: str, word: str) -> Iterator[Secret]:
        for match in _after(text, lower, word, pattern):
            if _is_password(match["password"]):
                yield Secret(*match.span("password"), "password")

    return find


def _in_urls(text: str, _lower: str, _word: str) -> Iterator[Secret]:
    for match in _IN_URL.finditer(text):
        if match["key"]:
            yield Secret(*match.span("key"), "url-key")
        elif match["password"].lower() not in _NO_PASSWORDS and match["password"].strip("*x.%"):
            yield Secret(*match.span("password"), "password")


_IN_CONTEXT: dict[str, Callable[[str, str, str], Iterator[Secret]]] = {
    "private key": _private_keys,
    "bearer": _bearers,
    **dict.fromkeys(("basic", '"auth'), _basics),
    "://": _in_urls,
    "cookie": _cookies,
    **dict.fromkeys(("passw", "pwd", "secret"), _told_by(_PASSWORD)),
    "--passw": _told_by(_OPTION),
    **dict.fromkeys((" -u ", " --user "), _told_by(_USER)),
    "machine ": _told_by(_NETRC),
}
"""What to do where one of these words is in a text, in lower case."""


def _after(text: str, lower: str, word: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What follows each place of a word in the text, if it fits the pattern."""
    at = lower.find(word)
    while at >= 0:
        end = at + len(word)
        match = pattern.match(text, end)
        if match:
            yield match
            end = match.end()
        at = lower.find(word, end)


def _is_basic(token: str) -> bool:
    """Whether this is the base64 of `user:password`."""
    try:
        said = b64decode(token + "=" * (-len(token) % 4), validate=True).decode()
    except (Error, UnicodeDecodeError):
        return False
    return ":" in said and said.isprintable()


def _is_password(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word)) and not is_words(word)
