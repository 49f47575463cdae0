"""Credentials in JSON that are told by what stands beside them: the value of a variable or header
by its name, the data of a Secret by its kind, a cookie by its domain.
"""

import re
from collections.abc import Iterator, Mapping

from rechat.values.jsontext import Json
from rechat.values.secrets.kinds import is_words
from rechat.values.secrets.names import NAMES
from rechat.values.secrets.names import tells
from rechat.values.secrets.passwords import is_basic
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_said
from rechat.values.secrets.passwords import is_secret
from rechat.values.secrets.passwords import is_stand_in
from rechat.values.secrets.passwords import names_a_password

# How programs call a value and the name of it.
_VALUES = ("value", "Value", "VALUE", "content", "ParameterValue", "parameterValue", "val")
_NAMES = frozenset(
    {"name", "key", "header", "field", "parametername", "parameterkey", "config_var", "variable"}
)
# An object with none of these fields has no such credential.
_MARKS = frozenset({"auth", "kind", "kty", "username", *_VALUES})
_OF_A_KEY = frozenset({"d", "k", "p", "q", "dp", "dq", "qi"})
_OF_A_COOKIE = frozenset({"domain", "httpOnly", "sameSite", "hostOnly", "url"})
_COOKIES = "cookies[]"
# The length of a key of Kaggle's, and the digits that it is made of.
_KAGGLE = 32
_HEX = frozenset("0123456789abcdef")
# "a=b; c=d", of which some are no cookies
_COOKIE = re.compile(r"(?P<name>[^\s=;,\[\]]{1,200}+)=(?P<value>[^\s;,\[\]]{6,}+)")
_ATTRIBUTES = frozenset({"domain", "expires", "max-age", "path", "priority", "samesite", "version"})
_LAST_WORD = re.compile(r"[^\s]+\Z")
_SHORTEST_COOKIE = 6
_LONGEST = 8192


def fields_told_by_others(value: Mapping[str, Json], place: str = "") -> frozenset[str]:
    """The names of the fields of an object in which every text is secret, because of the fields
    beside them, or because of the list that the object stands in.
    """
    if _MARKS.isdisjoint(value):
        return frozenset()
    if value.get("kind") == "Secret":
        return frozenset({"data", "stringData"})
    if isinstance(value.get("kty"), str):
        return _OF_A_KEY
    told = set(_named_values(value, place))
    key, password = value.get("key"), value.get("password")
    if "username" in value:
        if isinstance(key, str) and len(key) == _KAGGLE and _HEX.issuperset(key):
            told.add("key")
        if isinstance(password, str) and is_said(password):
            told.add("password")
    auth = value.get("auth")
    if isinstance(auth, str) and is_basic(auth):
        told.add("auth")
    return frozenset(told)


def _named_values(value: Mapping[str, Json], place: str) -> Iterator[str]:
    """The fields whose text is secret because of the name beside it."""
    for field in _VALUES:
        said = value.get(field)
        if not isinstance(said, str) or (field == "content" and "role" in value):
            continue
        names = [name for key, name in value.items() if key.lower() in _NAMES]
        is_of_cookies = place == _COOKIES or not _OF_A_COOKIE.isdisjoint(value)
        for name in names:
            if isinstance(name, str) and any(in_member(name, said, is_of_cookies=is_of_cookies)):
                yield field


def in_member(name: str, value: str, *, is_of_cookies: bool) -> Iterator[tuple[int, int, str]]:
    """Where credentials stand in a value with a name of its own, as headers, variables and cookies
    have in lists, and their kinds.
    """
    lower = name.lower()
    if lower in ("cookie", "set-cookie"):
        yield from cookies_in(value)
    elif lower in NAMES or tells(name) or names_a_password(name):
        word = _LAST_WORD.search(value, max(0, len(value) - _LONGEST))
        if word and (
            is_secret(name, word[0])
            or (lower in NAMES and is_password(word[0]) and not is_stand_in(word[0]))
        ):
            yield (*word.span(), "secret")
    elif is_of_cookies and is_cookie(value):
        yield 0, len(value), "cookie"


def cookies_in(text: str, start: int = 0, end: int = _LONGEST) -> Iterator[tuple[int, int, str]]:
    """Where the values of cookies stand in a header of them, and their kind."""
    for match in _COOKIE.finditer(text, start, end):
        if match["name"].lower() not in _ATTRIBUTES and is_cookie(match["value"]):
            yield (*match.span("value"), "cookie")


def is_cookie(value: str) -> bool:
    """Whether the value of a cookie is no word, as of a theme."""
    return len(value) >= _SHORTEST_COOKIE and not is_words(value)
