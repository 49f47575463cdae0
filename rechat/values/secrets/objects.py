"""Credentials in JSON that are told by what stands beside them: the value of a variable by its
name, the data of a Secret by its kind, an argument of a command by the option before it.
"""

import re
from collections.abc import Mapping
from itertools import accumulate

from rechat.values.jsontext import Json
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.names import tells
from rechat.values.secrets.passwords import is_basic
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.text import secrets_in

# An object with none of these fields has no such credential.
_MARKS = frozenset({"auth", "kind", "kty", "username", "value"})
_OF_A_KEY = frozenset({"d", "k", "p", "q", "dp", "dq", "qi"})
_PASSWORD = re.compile(r"(?:passw(?:or)?d|pass|pwd|psk|passphrase|secret)\Z", re.IGNORECASE)
_SHORTEST = 6
# The length of a key of Kaggle's, and the digits that it is made of.
_KAGGLE = 32
_HEX = frozenset("0123456789abcdef")


def fields_told_by_others(value: Mapping[str, Json]) -> frozenset[str]:
    """The names of the fields of an object in which every text is secret, because of the fields
    beside them.
    """
    if _MARKS.isdisjoint(value):
        return frozenset()
    if value.get("kind") == "Secret":
        return frozenset({"data", "stringData"})
    if isinstance(value.get("kty"), str):
        return _OF_A_KEY
    told = set()
    name = value.get("name", value.get("key"))
    if (
        isinstance(name, str)
        and (tells(name) or _PASSWORD.search(name))
        and is_secret(name, value.get("value"))
    ):
        told.add("value")
    key = value.get("key")
    if (
        isinstance(key, str)
        and "username" in value
        and len(key) == _KAGGLE
        and _HEX.issuperset(key)
    ):
        told.add("key")
    auth = value.get("auth")
    if isinstance(auth, str) and is_basic(auth):
        told.add("auth")
    return frozenset(told)


def is_secret(name: str, value: object) -> bool:
    """Whether a value under the name of a credential is one: it looks random, or like a password
    under the name of one. What is called a token may be a short piece of text.
    """
    return isinstance(value, str) and (
        looks_random(value)
        or (len(value) >= _SHORTEST and bool(_PASSWORD.search(name)) and is_password(value))
    )


def redact_arguments(items: list[Json]) -> list[Json]:
    """The items of a list without the credentials that an item before them tells, as in `["mysql",
    "-p…"]`: the same objects where there is none.
    """
    texts = [item if isinstance(item, str) else "" for item in items]
    if not any(text.startswith("-") for text in texts):
        return items
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    redacted: list[Json] = [*items]
    for secret in reversed(secrets_in(" ".join(texts))):
        for number, text in enumerate(texts):
            at, to = secret.start - starts[number], secret.end - starts[number]
            if at >= 0 and to <= len(text):
                said = str(redacted[number])
                redacted[number] = f"{said[:at]}[redacted {secret.kind}]{said[to:]}"
    return redacted
