"""Credentials kept out of files, console and index.

1. Headers are stored by allow-list only, both ways. Nobody can list all the headers that carry a
   secret; the few that a replay needs can be listed.
2. In bodies and URLs what looks like a credential is replaced before anything is hashed, shown or
   written, on both sides: a recording and its replay are redacted alike, so they match.
3. The placeholder names the kind of secret and nothing else. A recording made with one key matches
   a replay with another.
"""

import re
from collections.abc import Iterable

from rechat.http import Headers
from rechat.jsontext import Json

ANSWER_HEADERS = frozenset(
    {"content-type", "content-disposition", "retry-after", "retry-after-ms", "x-should-retry"}
)
REQUEST_HEADERS = frozenset({"content-type", "openai-beta", "anthropic-version", "anthropic-beta"})

# Each kind with what it looks like. Keys are long and random; words of a text ("sk-learn", "Bearer
# of news") are not.
_KINDS = (
    (
        "private-key",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^-]|-(?!----))*-----END [A-Z ]*PRIVATE KEY-----",
    ),
    ("anthropic-key", r"\bsk-ant-[\w-]{20,}"),
    (
        "openai-key",
        r"\bsk-(?:proj-|svcacct-|admin-|or-v1-|None-)?(?=[\w-]{0,60}?\d|[A-Za-z]{32})[\w-]{20,}",
    ),
    ("google-key", r"\bAIza[\w-]{30,}"),
    ("github-token", r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,})"),
    ("slack-token", r"\bxox[a-z]-[\w-]{10,}"),
    ("aws-key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("jwt", r"(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    ("groq-key", r"\bgsk_[A-Za-z0-9]{30,}"),
    ("huggingface-token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("xai-key", r"\bxai-[A-Za-z0-9]{40,}"),
    ("client-secret", r"\bek_[A-Za-z0-9]{20,}"),
    ("bearer-token", r"(?<=\bBearer )(?=[\w.~+/-]*\d)[\w.~+/-]{20,}=*"),
)
_SECRET = re.compile("|".join(f"(?P<k{at}>{pattern})" for at, (_, pattern) in enumerate(_KINDS)))
# What every secret has somewhere; most texts have none of it, and are left alone at once.
_HINT = re.compile(
    r"sk-|AIza|gh[pousr]_|github_pat_|xox|AKIA|ASIA|eyJ|gsk_|hf_|xai-|ek_|Bearer |PRIVATE KEY"
)

# "data:image/png;base64,…", and the bytes of a file without a name: random letters that are no
# credential.
_BYTES = re.compile(r"data:[\w.+/-]+;base64,|[A-Za-z0-9+/]{256,}={0,2}\Z")

_SECRET_KEYS = frozenset(
    {
        "access_token",
        "api-key",
        "api_key",
        "apikey",
        "authorization",
        "client_secret",
        "domain_secret",
        "domain_secrets",
        "refresh_token",
        "secret_access_key",
        "x-api-key",
    }
)
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


def redact_text(text: str) -> str:
    """The text with `[redacted KIND]` for each credential in it."""
    if not _HINT.search(text) or _BYTES.match(text):
        return text
    return _SECRET.sub(_placeholder, text)


def _placeholder(match: re.Match[str]) -> str:
    assert match.lastgroup
    return f"[redacted {_KINDS[int(match.lastgroup[1:])][0]}]"


def redact(value: Json) -> Json:
    """The value with the credentials in its strings replaced; the very same object if there are
    none.
    """
    return _redact(value, "", is_secret=False)


def _redact(value: Json, name: str, *, is_secret: bool) -> Json:
    match value:
        case str() if is_secret and value:
            return f"[redacted {name}]"
        case str():
            return redact_text(value)
        case list():
            items = [_redact(item, name, is_secret=is_secret) for item in value]
            return value if all(map(_is, items, value)) else items
        case dict():
            return _redact_object(value, name, is_secret=is_secret)
        case _:
            return value


def _redact_object(value: dict[str, Json], name: str, *, is_secret: bool) -> Json:
    """An object: below a secret name all texts are secret, and so are the headers that a remote
    tool is called with.
    """
    is_remote = value.get("type") == "mcp"
    fields = {
        key: _redact(
            item,
            "header" if is_remote and key == "headers" else name if is_secret else key,
            is_secret=is_secret or _is_secret_key(key, item) or (is_remote and key == "headers"),
        )
        for key, item in value.items()
    }
    return value if all(fields[key] is item for key, item in value.items()) else fields


def _is_secret_key(key: str, item: Json) -> bool:
    """Whether a key names a credential. An object below it is a schema that describes one, not the
    thing itself.
    """
    lower = key.lower()
    return lower in _SECRET_KEYS and (lower == "domain_secrets" or not isinstance(item, dict))


def _is(a: Json, b: Json) -> bool:
    return a is b


def redact_query(query: str) -> str:
    """A query string with the values of credentials replaced; names and all other bytes stay."""
    if not query:
        return query
    return "&".join(map(_redact_parameter, query.split("&")))


def _redact_parameter(parameter: str) -> str:
    name, mark, value = parameter.partition("=")
    return (
        f"{name}=redacted" if value and mark and name.lower() in _SECRET_PARAMETERS else parameter
    )


def redact_url(url: str) -> str:
    """A URL without user and password, and with its query redacted."""
    address, mark, query = url.partition("?")
    return re.sub(r"(?<=://)[^/@]*@", "", address) + mark + redact_query(query)


def allowed(headers: Iterable[tuple[str, str]], names: frozenset[str]) -> Headers:
    """The headers of an allow-list, in order, their names in lower case."""
    return tuple((name.lower(), value) for name, value in headers if name.lower() in names)
