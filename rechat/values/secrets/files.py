"""Credentials in files that are made for them: `.netrc`, `.pgpass`, the Secret of Kubernetes, keys
in JSON (JWK) and of PuTTY, and the hashes of passwords in `/etc/shadow` and `.htpasswd`.
"""

import re
from collections.abc import Iterator

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.kinds import is_words
from rechat.values.secrets.objects import in_member
from rechat.values.secrets.objects import is_cookie
from rechat.values.secrets.passwords import is_joined
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_said
from rechat.values.secrets.passwords import is_stand_in
from rechat.values.secrets.places import Finder
from rechat.values.secrets.places import after

_BLANK = r"(?:\s|\\+[nt])"
# ".com login me account x password …", after "machine" or "default"
_NETRC = re.compile(
    rf"{_BLANK}{{1,8}}(?:(?!login\b|password\b)[^\s\\]{{1,200}}+{_BLANK}{{1,8}})?"
    rf"(?:(?:login|account){_BLANK}{{1,8}}[^\s\\]{{1,200}}+{_BLANK}{{1,8}}){{0,2}}"
    rf"password{_BLANK}{{1,8}}(?P<password>[^\s\"'\\]{{4,200}}+)"
)
# A machine is one of prose without a "."
_HOST = re.compile(r"\s[\w-]{1,60}+\.")
# "db.example.com:5432:app:me:…", a whole line of it
_PGPASS = re.compile(
    r":(?<=[\w*]:)(?:[0-9]{4,5}|\*):(?:[A-Za-z*][\w.*-]{0,60}+):[A-Za-z*][\w.@-]{0,60}+:"
    r"(?P<password>[^\s:\"'`\\\[\]]{4,200}+)(?=[\s\"'`\\]|\Z)",
    re.ASCII,
)
# Its port, as `shape` has it, or "*".
_PORT = ":0000"
# "data:" of a Secret, and the values of its fields
_SECRET = re.compile(r"\\{0,7}[\"']?\s{0,3}:\s{0,3}\\{0,7}[\"']?secret\b", re.IGNORECASE)
_DATA = re.compile(
    r"(?:\b|(?<=\\n))(?:data|stringData)\\{0,7}[\"']?\s{0,3}:\s{0,3}(?:(?:\n|\\+n)|\{)"
    r"(?P<fields>(?:(?:[\s{,]|\\+n){0,20}+\\{0,7}[\"']?(?!metadata\b|kind\b|type\b|apiVersion\b)"
    r"[\w.-]{1,100}+\\{0,7}[\"']?\s{0,3}:[ \t]{0,3}\\{0,7}[\"']?[^\s\"',}\\]{1,4096}+"
    r"(?:\\{0,7}[\"'])?){1,100}+)"
)
_FIELD = re.compile(r":[ \t]{0,3}\\{0,7}[\"']?(?P<value>[^\s\"',}{:\\\[\]]{4,4096}+)")
# How far before and after "kind: Secret" its data stand.
_REACH = 8192
# ": "…"" after "value", the name beside it, and what only a cookie has beside them
_VALUE = re.compile(r"\\{0,7}\"\s{0,3}:\s{0,3}\\{0,7}\"(?P<value>[^\"\\\[\]]{6,4096}+)\\{0,7}\"")
_NAME_OF_VALUE = re.compile(
    r"\"(?:\w{0,20}(?:name|key)|header|field|config_var)\\{0,7}\"\s{0,3}:\s{0,3}\\{0,7}\"(?P<name>[^\"\\]{1,100}+)",
    re.IGNORECASE,
)
_OF_COOKIE = re.compile(r"\"(?:domain|httpOnly|sameSite|hostOnly)\\{0,7}\"\s{0,3}:")
_REACH_OF_NAME = 400
# ": […]" after "cookies", and the values in it
_COOKIES = re.compile(r"\\{0,7}\"\s{0,3}:\s{0,3}\[(?P<cookies>[^\[\]]{1,20000}+)")
_COOKIE_VALUE = re.compile(
    r"\"value\\{0,7}\"\s{0,3}:\s{0,3}\\{0,7}\"(?P<value>[^\"\\\[\]]{6,4096}+)\\{0,7}\""
)
# "d": "…" of {"kty": …}
_JWK = re.compile(
    r"\\{0,7}\"(?:d|k|p|q|dp|dq|qi)\\{0,7}\"\s{0,3}:\s{0,3}\\{0,7}\"(?P<value>[\w-]{16,1000}+)"
)
_REACH_OF_JWK = 1000
_PUTTY = re.compile(
    r"Private-Lines: [0-9]{1,3}(?P<value>(?:(?:\s|\\+[nr]){1,4}[A-Za-z0-9+/=]{16,80}+)+)"
)
# A line of a jar of cookies, a line of a configuration of WordPress, and what Kaggle hands out
_TAB = r"(?:\t|\\+t)"
_COOKIE = re.compile(
    rf"{_TAB}(?:TRUE|FALSE){_TAB}[0-9]{{1,12}}{_TAB}[^\s\\]{{1,100}}+{_TAB}"
    r"(?P<value>[^\s\\\"\[\]]{8,4096}+)"
)
_SALT = re.compile(r"\b[A-Z_]{2,20}_(?:KEY|SALT)',\s{1,20}'(?P<value>[^'\n]{64})'")
_KAGGLE = re.compile(
    r"\"username\\{0,7}\"\s?:\s?\\{0,7}\"[^\"\\]{1,100}+\\{0,7}\",\s?\\{0,7}\"key\\{0,7}\"\s?:\s?"
    r"\\{0,7}\"(?P<value>[0-9a-f]{32})\b"
)
# What /etc/shadow and .htpasswd keep of a password, LDAP, Django and PostgreSQL.
_HASH = re.compile(
    r"(?P<value>\$(?:[1567]|2[abxy]?|apr1|y|gy|md5|sha1|scrypt|bcrypt-sha256|pbkdf2[\w-]{0,16}"
    r"|argon2(?:id|i|d))\$[\w./+=,$-]{20,400}+)",
    re.ASCII,
)
_SHA = re.compile(r"(?P<value>\{S?SHA\}[A-Za-z0-9+/=]{20,200}+)", re.IGNORECASE)
_PBKDF2 = re.compile(
    r"\b(?P<value>pbkdf2[:_]\w{4,10}[$:][0-9]{4,8}\$[\w./+-]{4,64}\$[\w./+=-]{20,200}+)"
)
_SCRAM = re.compile(
    r"\b(?P<value>SCRAM-SHA-(?:1|256|512)\$[0-9]{3,8}:[\w+/]{8,64}={0,2}\$[\w+/=:]{40,200}+)"
)
# What Ansible encrypts, and keys of Fernet; Wi-Fi as Windows shows it, and what its desktop keeps.
_VAULT = re.compile(
    r"\$ANSIBLE_VAULT;[\w.;-]{3,60}+(?P<value>(?:(?:\s|\\++[nr]){1,40}[0-9a-f]{20,100}+){1,9999}+)"
)
_FERNET = re.compile(r"(?i:fernet)\(b?\\{0,7}[\"'](?P<value>[\w-]{43}=)", re.ASCII)
_WIFI = re.compile(r"Key Content {1,20}: (?P<value>[^\s\"\\\[\]]{8,63}+)")
_RDP = re.compile(r"password 51:b:(?P<value>[0-9A-Fa-f]{64,4000}+)")
_VALUES = {
    **dict.fromkeys(("\ttrue\t", "\tfalse\t", "\\ttrue\\t", "\\tfalse\\t"), (_COOKIE, "cookie")),
    "define(": (_SALT, "secret"),
    '"username': (_KAGGLE, "secret"),
    "private-lines": (_PUTTY, "private-key"),
    "$": (_HASH, "password-hash"),
    "sha}": (_SHA, "password-hash"),
    "pbkdf2": (_PBKDF2, "password-hash"),
    "scram-sha": (_SCRAM, "password-hash"),
    "$ansible_vault;": (_VAULT, "vault"),
    "fernet(": (_FERNET, "secret"),
    "key content": (_WIFI, "password"),
    "password 51:b:": (_RDP, "password-hash"),
}


def has_port(shape: str) -> bool:
    """Whether a text may be a `.pgpass`. `shape` is the text with a "0" for each digit."""
    return _PORT in shape or ":*:" in shape


def of_pgpass(text: str) -> Iterator[Secret]:
    """The passwords of a `.pgpass`."""
    return _passwords(_PGPASS.finditer(text))


def _values(text: str, _lower: str, word: str) -> Iterator[Secret]:
    pattern, kind = _VALUES[word]
    for match in pattern.finditer(text):
        if not is_words(match["value"]):
            yield Secret(*match.span("value"), kind)


def _of_netrc(text: str, lower: str, _word: str) -> Iterator[Secret]:
    for word in ("machine", "default"):
        yield from _passwords(after(text, lower, word, _NETRC))


def _passwords(matches: Iterator[re.Match[str]]) -> Iterator[Secret]:
    for match in matches:
        said = match["password"]
        is_words = said.islower() and not (
            is_joined(said) or (_HOST.match(match[0]) and is_said(said))
        )
        if is_password(said) or not (is_words or is_stand_in(said)):
            yield Secret(*match.span("password"), "password")


def _of_kubernetes(text: str, lower: str, _word: str) -> Iterator[Secret]:
    done = 0
    for kind in after(text, lower, "kind", _SECRET):
        at = max(done, kind.start() - _REACH)
        done = kind.end() + _REACH
        for data in _DATA.finditer(text, at, done):
            for field in _FIELD.finditer(text, *data.span("fields")):
                yield Secret(*field.span("value"), "secret")


def _of_members(text: str, lower: str, word: str) -> Iterator[Secret]:
    """The values of members that have a name beside them, as in HAR, Postman and cloud settings."""
    for match in after(text, lower, word, _VALUE):
        start, end = match.span("value")
        opened = text.rfind("{", max(0, start - _REACH_OF_NAME), start)
        closed = text.find("}", end, end + _REACH_OF_NAME)
        if opened < 0 or closed < 0:
            continue
        before, behind = text[opened:start], text[end:closed]
        name = _NAME_OF_VALUE.search(before) or _NAME_OF_VALUE.search(behind)
        if name:
            is_of_cookies = bool(_OF_COOKIE.search(before) or _OF_COOKIE.search(behind))
            for at, to, kind in in_member(
                name["name"], match["value"], is_of_cookies=is_of_cookies
            ):
                yield Secret(start + at, start + to, kind)


def _of_cookies(text: str, lower: str, word: str) -> Iterator[Secret]:
    """The values in a list of cookies."""
    for cookies in after(text, lower, word, _COOKIES):
        for value in _COOKIE_VALUE.finditer(text, *cookies.span("cookies")):
            if is_cookie(value["value"]):
                yield Secret(*value.span("value"), "cookie")


def _of_jwks(text: str, lower: str, _word: str) -> Iterator[Secret]:
    done = at = 0
    while (at := lower.find('"kty', at)) >= 0:
        end = at + _REACH_OF_JWK
        for match in _JWK.finditer(text, max(done, at - _REACH_OF_JWK), end):
            yield Secret(*match.span("value"), "private-key")
        done = at = end


FILES: dict[str, tuple[Finder, ...]] = {
    "passw": (_of_netrc,),
    "secret": (_of_kubernetes,),
    '"kty': (_of_jwks,),
    "value": (_of_members,),
    '"cookies': (_of_cookies,),
    **dict.fromkeys(_VALUES, (_values,)),
}
"""The credentials in such files, by a word of these."""
