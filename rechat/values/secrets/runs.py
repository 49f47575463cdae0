"""Credentials that are runs of the characters of tokens: nearly all are. The runs are found in two
passes at the speed of memory, and only those that are not made of words are looked at: by how they
look (`kinds.toml`), or by the name before them (`DD_API_KEY=…`, `"apiKey": "…"`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote_plus

from rechat.values.secrets.context import in_context
from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.kinds import is_words
from rechat.values.secrets.kinds import kinds
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.names import parameter_tells
from rechat.values.secrets.names import tells

# "eyJ….eyJ….…", or the five parts of an encrypted one (JWE); without the group it is only base64
# of some JSON.
_JWT = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))"
    r"eyJ[\w-]{10,}+"
    r"(?P<jwt>\.eyJ[\w-]{10,}+\.[\w-]{10,}+(?:\.[\w-]{8,}+\.[\w-]{16,}+)?"
    r"|\.[\w-]*+\.[\w-]{12,}+\.[\w-]{8,}+\.[\w-]{16,}+)?",
    re.ASCII,
)
# The characters of tokens, for runs of at least so many.
_OF_TOKENS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~+/%$-")
_CLASSES = bytes(120 if code in _OF_TOKENS else 32 for code in range(256))
_RUN = "x" * 15
# A path, a name in a program: nothing but short words, each with a small number. No credential is.
_PLAIN = re.compile(
    r"(?:(?:[A-Z]?[a-z]{1,15}+(?:[A-Z][a-z]{2,15}+)*+|[A-Z]{0,15}+)[0-9]{0,4}+"
    r"(?:[^A-Za-z0-9]++|\Z))*+",
    re.ASCII,
)
# How many runs are remembered, up to so many characters each: outputs of tools repeat them.
_MOST_KNOWN = 1 << 14
_LONGEST_KNOWN = 128
# What may be at the start of a run: the rest of "\\n", "\\u003d", or of the colour of a terminal.
_ESCAPE = re.compile(r"(?<=\\)(?:[nrt]|u[0-9A-Fa-f]{4})|(?<=\[)[0-9]{1,2}m")
# Some tokens go on after "=", with a checksum.
_PADDING = re.compile("=[A-Za-z0-9_=+/-]*+", re.ASCII)
_LONGEST_PADDING = 64
# The code of a character in a URL.
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
# "%2F…%3D": base64 goes on.
_ENCODED_REST = re.compile(r"(?:%(?:2[bBfF]|3[dD])[\w-]*+)++", re.ASCII)
# A value that goes on after "=", in which it is one all the same, up to its own padding.
_REST = re.compile(r"(?:={1,2}[A-Za-z0-9_.~+/%-]{1,200}+){0,4}+={0,2}", re.ASCII)
# Base64 of both alphabets: this long, only its beginning is looked at.
_BLOB = 256
_IN_BLOB = re.compile(r"[A-Za-z0-9+/_-]*+")
# How far before a run the name of its value may stand, and the id of an AWS key.
_REACH = 80
_REACH_OF_AWS = 200
_LONGEST_BEGUN = 17
_AWS_LENGTH = 40
_AWS_SECRET = re.compile(r"[A-Za-z0-9+/]{40}")
_AWS_ID = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")
_BEFORE_VALUES = ("=", ":", '"', "'", "`", " ", ">")
# What names a value before it: `NAME=`, `"name": "`, `name is `, `'NAME', '`, `| name | `, `NAME "`
# (of which the name has an underscore), `name="NAME" value="`, `("NAME", "`, `the token `.
_LINE = r"(?:\s|\\{1,3}n)"
_NAME = re.compile(
    r"(?P<mark>[?&])?(?:(?P<name>(?:\b[A-Za-z]{3,12} )?[\w.-]{1,64}+)"
    r"(?:[\"'`\\\]]{0,9}\s{0,12}(?::=|=>|[:?]?=|\{ ?get[^{}\"]{0,40}\} ?="
    r"|:(?:\s{0,3}&?(?:Option(?:al)?[<\[])?(?:str|[Ss]tring|text|Text|SecretStr)[>\]?!]?\s{0,3}=)?|\|\|?|\?\?|\bis)\s{0,12}"
    r"|(?<=[A-Z0-9])[\"'\\]{1,9},\s{0,12}| (?=\\{0,7}\")|>|(?<![A-Z0-9])[\"'\\]{1,4}>"
    rf"|(?:[\"'\\]{{1,9}}|</\w{{1,20}}>)?,?\{{?{_LINE}{{0,20}}[\"'\\<]{{0,9}}\b(?:value|content|default|string)"
    r"(?:[\"'\\]{0,9}\s{0,3}[:=]\s{0,3}|>))"
    r"|[(\[][\"'\\]{1,9}(?P<argument>[\w.-]{1,64}+)[\"'\\]{1,9},[ \t]{0,12}(?=[\"'\\])"
    r"|[\"'](?P<header>(?i:x-[\w-]{1,60}|authorization))[\"'\\]{1,9},\s{0,12}(?=[\"'\\])"
    r"|(?P<variable>[A-Za-z0-9]{1,30}_\w{1,60}+) "
    r"|(?P<words>(?:\b[A-Za-z]{3,12} )?\b(?i:token|key|secret))(?: is| was| to)?:? )"
    r"(?:(?:[bBuUfF@L](?=[\"'\\]))?[\"'`\\]{0,9}(?:base64:)?)\Z",
    re.ASCII,
)
# "v1=", the beginning of a value that goes on after "=", behind its name.
_BEGUN = re.compile(r"(?<=[=:\s\"'`])[A-Za-z0-9]{1,14}={1,2}\Z", re.ASCII)
# In a sentence a token is told from a name by letters and digits that no "_" parts.
_DENSE = re.compile(r"[A-Za-z0-9]{12}")
# What is in all names that tell; looked for first, since most values are ids.
_IN_NAMES = (
    "key", "token", "secret", "pass", "pwd", "auth", "pat", "sid", "sess", "cred", "dsn", "hook",
    "docker", "phrase", "ssws", "bearer", "sig", "verif", "saml", "?", "&",
)  # fmt: skip
# A hash or an id: no kind looks like it, and only its name makes it a credential.
_HASH = re.compile(
    "[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
# The same behind it: `value="…" name="NAME"`.
_NAME_BEHIND = re.compile(
    r"[\"'\\]{1,9},?\s{0,12}[\"'\\]{0,9}(?:name|key)"
    r"[\"'\\]{0,9}\s{0,3}[:=]\s{0,3}[\"'\\]{0,9}(?P<name>[\w.-]{1,64}+)",
    re.IGNORECASE | re.ASCII,
)


def in_runs(text: str, data: bytes) -> Iterator[Secret]:
    """The credentials among the runs of a text. `data` has one byte for each character."""
    is_encoded = "%" in text
    for start, end in _runs(data):
        if _is_plain(text[start:end]):  # nearly all are: no generator for these
            continue
        found = [*_in_run(text, start, end)]
        yield from found
        if not found and is_encoded and _ENCODED.search(text, start, end):
            yield from _in_encoded(text[start:end], start, end)


def _is_plain(run: str) -> bool:
    return _known_plain(run) if len(run) <= _LONGEST_KNOWN else bool(_PLAIN.fullmatch(run))


@lru_cache(_MOST_KNOWN)
def _known_plain(run: str) -> bool:
    return bool(_PLAIN.fullmatch(run))


def _runs(data: bytes) -> Iterator[tuple[int, int]]:
    classes = data.translate(_CLASSES).decode("ascii")  # texts are searched faster than bytes
    end = 0
    while (start := classes.find(_RUN, end)) >= 0:
        end = classes.find(" ", start + len(_RUN))
        end = len(classes) if end < 0 else end
        yield start, end


def _in_encoded(run: str, start: int, end: int) -> Iterator[Secret]:
    """The run as a whole if it is the code of a text with a credential: `api_key%3D…`."""
    text = unquote_plus(run)
    data = text.encode("latin-1", "replace")
    found = [*in_context(text, data.lower().decode("latin-1"))]
    found += [
        secret
        for part in _runs(data)
        if not _is_plain(text[slice(*part)])
        for secret in _in_run(text, *part)
    ]
    if found:
        yield Secret(start, end, found[0].kind)


def _in_run(text: str, start: int, end: int) -> Iterator[Secret]:
    """What a run of token characters is: by how it looks, or by the name before it."""
    before = text[start - 1 : start]
    if before in ("\\", "[") and (escape := _ESCAPE.match(text, start)):
        start = escape.end()
        shift, text = start, text[start:end]
        for secret in _looking_like_one(text, 0, len(text)):
            yield Secret(secret.start + shift, secret.end + shift, secret.kind)
        return
    is_known = False
    if not _HASH.fullmatch(text, start, end):
        more = _PADDING.match(text, end, end + _LONGEST_PADDING)
        for secret in _looking_like_one(text, start, more.end() if more else end):
            is_known = True
            yield secret
    if is_known:
        return
    rest = _REST.match(text, end)
    whole = rest.end() if rest else end
    if before in _BEFORE_VALUES and _is_named(text, start, whole):
        yield Secret(start, whole, "secret")
    elif end - start == _AWS_LENGTH and _is_aws_secret(text, start, end):
        yield Secret(start, end, "aws-secret")


def _looking_like_one(text: str, start: int, end: int) -> Iterator[Secret]:
    for at, to, kind in kinds().find(text, start, end):
        if not (kind.mixed and is_words(text[at:to])) and not _is_in_blob(text, at, start):
            rest = _ENCODED_REST.match(text, to, end)
            yield Secret(at, rest.end() if rest else to, kind.name)
    if text.find("eyJ", start, end) >= 0:
        for match in _JWT.finditer(text, start, end):
            if match["jwt"]:
                yield Secret(*match.span(), "jwt")


def _is_value(text: str, start: int, end: int) -> bool:
    """Whether this is a value that looks random, and not a call in a program."""
    return looks_random(text[start:end]) and text[end : end + 1] not in ("(", "[", "{")


def _is_aws_secret(text: str, start: int, end: int) -> bool:
    """Whether this may be the secret of a key whose id stands before it."""
    return bool(
        _AWS_SECRET.fullmatch(text, start, end)
        and _AWS_ID.search(text, max(0, start - _REACH_OF_AWS), start)
        and looks_random(text[start:end].strip("/"))
    )


def _is_in_blob(text: str, at: int, start: int) -> bool:
    """Whether this place is in the middle of long base64."""
    before = max(start, at - _BLOB)
    head = at - before
    if not head or _PLAIN.fullmatch(text, before, at):  # or in a path
        return False
    whole = _IN_BLOB.match(text, before, at + _BLOB)
    assert whole
    return whole.end() >= at and whole.end() - before >= _BLOB


def _is_named(text: str, start: int, end: int) -> bool:
    """Whether what stands here looks random and is named as a secret: `NAME=…`, `"name": "…"`."""
    reach = max(0, start - _REACH)
    before = text[reach:start].lower()
    is_near = bool([word for word in _IN_NAMES if word in before])  # in less time than `any`
    behind = _NAME_BEHIND.match(text, end)
    if not (is_near or behind) or not _is_value(text, start, end):
        return False
    if is_near:
        if _is_named_before(text, reach, start, end):
            return True
        begun = _BEGUN.search(text, max(reach, start - _LONGEST_BEGUN), start)
        if begun and _is_named_before(text, reach, begun.start(), end):
            return True
    return bool(behind and tells(behind["name"]))


def _is_named_before(text: str, reach: int, start: int, end: int) -> bool:
    match = _NAME.search(text, reach, start)
    if not match or (match["words"] and not _DENSE.search(text, start, end)):
        return False
    name = (
        match["name"] or match["argument"] or match["header"] or match["variable"] or match["words"]
    )
    # A form begins with a parameter, and others follow.
    is_first = match.start() == 0 and text.startswith("&", end)
    return parameter_tells(name) if match["mark"] or is_first else tells(name)
