r"""Credentials kept out of files, console and index.

1. Headers are stored by allow-list only, both ways. Nobody can list all the headers that carry a
   secret; the few that a replay needs can be listed.
2. In bodies and URLs what looks like a credential is replaced before anything is hashed, shown or
   written, on both sides: a recording and its replay are redacted alike, so they match.
3. The placeholder names the kind of secret and nothing else. A recording made with one key matches
   a replay with another. No placeholder looks like a credential, so redacting twice is redacting
   once.
4. A credential is found wherever it stands: after an escape (`\nsk-…` in the arguments of a call),
   between ideographs, and in a truncated private key.
5. Every pattern is linear. A pattern that may fail after reading far takes what it has read, and
   its replacement gives it back if it is not a credential.
"""

import re
from collections.abc import Iterable
from operator import is_not
from urllib.parse import unquote_plus

from rechat.values.http import Headers
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject
from rechat.values.remembered import Remembered

ANSWER_HEADERS = frozenset(
    {"content-type", "content-disposition", "retry-after", "retry-after-ms", "x-should-retry"}
)
REQUEST_HEADERS = frozenset({"content-type", "openai-beta", "anthropic-version", "anthropic-beta"})


def _key(prefix: str, rest: str) -> str:
    r"""A pattern for what begins with a prefix, after anything but a letter or digit, or after an
    escape: `=sk-…`, `\nsk-…`, `key%3Dsk-…`. The prefix stands first, which makes the search fast.
    """
    starts = rf"(?<![A-Za-z0-9]{prefix})|(?<=\\[nrt]{prefix})|(?<=%[0-9A-Fa-f][0-9A-Fa-f]{prefix})"
    return f"{prefix}(?:{starts}){rest}"


# "RSA PRIVATE KEY-----", after five dashes and BEGIN or END.
_PEM_LABEL = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
# "-----BEGIN PRIVATE KEY-----" and all up to the END, but not past another five dashes or a
# placeholder; else the lines of a truncated block.
_PEM = re.compile(
    rf"-----BEGIN {_PEM_LABEL}(?:(?:[^\[-]++|-{{1,4}}+(?!-))*+-----END {_PEM_LABEL}"
    r"|(?:(?:\s|\\++[nr])++[A-Za-z0-9+/=]{16,}+)++)",
    re.ASCII,
)
# "eyJ….eyJ….…"; without the group it is only base64 of some JSON.
_JWT = re.compile(_key("eyJ", r"[\w-]{10,}+(?P<jwt>\.eyJ[\w-]{10,}+\.[\w-]{10,}+)?"), re.ASCII)
# "abc.DEF-123/4==", after "Bearer "
_AFTER_BEARER = r"[\w.~+/-]{20,}+=*+"

# Every other kind with what it looks like: a prefix that no word has, then many random characters.
_KINDS = (
    ("bearer-token", _key("Bearer ", _AFTER_BEARER)),
    ("bearer-token", _key("bearer ", _AFTER_BEARER)),
    ("anthropic-key", _key("sk-ant-", r"[\w-]{20,}+")),
    ("openai-key", _key("sk-", r"[\w-]{20,}+")),  # and sk-proj-, sk-svcacct-, sk-or-v1-
    ("google-key", _key("AIza", r"[\w-]{30,}+")),
    ("github-token", _key("gh", r"[pousr]_[A-Za-z0-9]{30,}+")),
    ("github-token", _key("github_pat_", r"\w{40,}+")),
    ("slack-token", _key("xox", r"(?:[a-np-z]-|o-[0-9])[\w-]{10,}+")),  # letters end in "xoxo-"
    ("aws-key", _key("AKIA", r"[A-Z0-9]{16}(?![A-Za-z0-9])")),
    ("aws-key", _key("ASIA", r"[A-Z0-9]{16}(?![A-Za-z0-9])")),
    ("groq-key", _key("gsk_", r"[A-Za-z0-9]{30,}+")),
    ("huggingface-token", _key("hf_", r"[A-Za-z0-9]{30,}+")),
    ("xai-key", _key("xai-", r"[A-Za-z0-9]{40,}+")),
    ("client-secret", _key("ek_", r"[A-Za-z0-9]{20,}+")),  # what opens a realtime session
)
# An empty group at the end of each says which it was.
_SECRET = re.compile(
    "|".join(f"{pattern}(?P<k{at}>)" for at, (_, pattern) in enumerate(_KINDS)), re.ASCII
)

# Kinds that words may look like: "sk-learn-for-beginners-part-2", "Bearer process.env.API_KEY".
_WORDY = frozenset({"anthropic-key", "openai-key", "bearer-token"})
# "_", "-", "."
_BETWEEN_WORDS = re.compile(r"[^A-Za-z0-9]+")
# "learn", "Learn", "TensorFlow", "API", "python3", "2024"; not "a1B2c3", not twenty letters.
_WORD = re.compile(
    r"(?![A-Za-z]{20})(?:[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*|[A-Z]+)?[0-9]{0,4}", re.ASCII
)

# "data:image/png;base64,…", or the bytes of a file without a name: random letters that are no
# credential.
_BYTES = re.compile(
    r"(?:data:[^,\s]{0,200};base64,[A-Za-z0-9+/]*+|[A-Za-z0-9+/]{256,}+)={0,2}\Z", re.ASCII
)

_SECRET_KEYS = frozenset(
    {
        "access_token",
        "api-key",
        "api_key",
        "apikey",
        "authorization",
        "authorization_token",
        "client_secret",
        "refresh_token",
        "secret_access_key",
        "x-api-key",
    }
)
# All texts inside these are secret.
_SECRET_GROUPS = frozenset({"domain_secret", "domain_secrets"})
# The names that anything follows from.
_TELLING = _SECRET_KEYS | _SECRET_GROUPS | {"headers"}
_SECRET_PARAMETERS = _SECRET_KEYS | {
    "key",
    "se",
    "sig",
    "signature",
    "sp",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
}

# "https://me:password@" of "https://me:password@host/path"
_USER = re.compile(r"\A((?:[A-Za-z][A-Za-z0-9+.-]*+:)?//)[^/?#]*@")

# No credential is shorter.
_SHORTEST = len("xoxb-") + 10
# How much is remembered, in characters: the requests of some agents.
_ROOM = 1 << 24

# Where an entry of a list of tools stands.
_TOOL = "tools[]"


def redact_text(text: str) -> str:
    """The text with `[redacted KIND]` for each credential in it; the same object if there is
    none.
    """
    if len(text) < _SHORTEST:
        return text
    redacted = _remembered(text)
    return text if redacted is None else redacted


def _redacted(text: str) -> str | None:
    """The text without credentials; None if it has none."""
    if _BYTES.match(text):
        return None
    redacted = _PEM.sub("[redacted private-key]", text)
    redacted = _JWT.sub(_jwt_replacement, redacted)
    redacted = _SECRET.sub(_replacement, redacted)
    return None if redacted == text else redacted


_remembered = Remembered(_redacted, _ROOM)


def _jwt_replacement(match: re.Match[str]) -> str:
    return "[redacted jwt]" if match["jwt"] else match[0]


def _replacement(match: re.Match[str]) -> str:
    token = match[0]
    kind = _KINDS[int(str(match.lastgroup)[1:])][0]
    if kind in _WORDY and _is_words(token):
        return token
    word = token[: len("Bearer ")] if kind == "bearer-token" else ""
    return f"{word}[redacted {kind}]"


def _is_words(token: str) -> bool:
    """Whether a token is put together from words that a person would write."""
    return all(map(_WORD.fullmatch, _BETWEEN_WORDS.split(token)))


def redact(value: Json) -> Json:
    """The value with the credentials in its strings replaced; the same object if there are
    none. Keys stay, and the value given is not changed.
    """
    return _redact(value, "")


def _redact(value: Json, place: str) -> Json:
    """The redacted value. `place` is the key it stands under, with `[]` for an item of a list."""
    # By type and without `match`: every value of every request passes through here.
    if isinstance(value, str):
        return redact_text(value if place != "server_url" else redact_url(value))
    if isinstance(value, dict):
        return _redact_object(value, place)
    if isinstance(value, list):
        within = f"{place}[]"
        items = [_redact(item, within) for item in value]
        return items if any(map(is_not, items, value)) else value
    return value


def _redact_object(value: JsonObject, place: str) -> JsonObject:
    room = _TOOL if value.get("type") == "mcp" else place
    changed: JsonObject = {}
    for key, item in value.items():
        name = _secret_name(key, item, room)
        safe = _hide(item, name) if name else _redact(item, key)
        if safe is not item:
            changed[key] = safe
    return value | changed if changed else value


def _secret_name(key: str, value: Json, place: str) -> str:
    """What the placeholder calls the value of a key in an object at `place`; empty if it is no
    secret. An object under the name of a credential is a schema that describes one.
    """
    name = key.lower()
    if name not in _TELLING:
        return ""
    if name == "headers" and place == _TOOL:
        return "header"
    if name in _SECRET_KEYS:
        return key if isinstance(value, str) else ""
    if name in _SECRET_GROUPS:
        return "" if place == "properties" and isinstance(value, dict) else key
    return ""


def _hide(value: Json, kind: str) -> Json:
    """The value with every string in it replaced; the same object if there is nothing to."""
    placeholder = f"[redacted {kind}]"
    match value:
        case str():
            return value if value in ("", placeholder) else placeholder
        case list():
            items = [_hide(item, kind) for item in value]
            return items if any(map(is_not, items, value)) else value
        case dict():
            fields = {key: _hide(item, kind) for key, item in value.items()}
            return fields if any(map(is_not, fields.values(), value.values())) else value
        case _:
            return value


def redact_query(query: str) -> str:
    """A query string with the values of credentials replaced; names and all other bytes stay."""
    return "&".join(map(_redact_parameter, query.split("&")))


def _redact_parameter(parameter: str) -> str:
    name, _, value = parameter.partition("=")
    is_secret = value and unquote_plus(name).lower() in _SECRET_PARAMETERS
    return f"{name}=redacted" if is_secret else parameter


def redact_url(url: str) -> str:
    """A URL without user and password, and with its query redacted."""
    before, number_sign, fragment = url.partition("#")
    address, question_mark, query = before.partition("?")
    address = _USER.sub(r"\1", address)
    redacted = address + question_mark + redact_query(query) + number_sign + fragment
    return url if redacted == url else redacted


def allowed_headers(headers: Iterable[tuple[str, str]], names: frozenset[str]) -> Headers:
    """The headers of an allow-list, in order, their names in lower case."""
    return tuple((name.lower(), value) for name, value in headers if name.lower() in names)
