"""Passwords on command lines: after an option that tells (`--db-password …`), after a short one of
a tool that is known to take a password there (`sshpass -p …`), piped into such a tool, or standing
where it expects one. A command is a line of a shell or a list of arguments, in JSON or not.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import starmap

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.names import tells
from rechat.values.secrets.objects import cookies_in
from rechat.values.secrets.passwords import is_joined
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_said
from rechat.values.secrets.passwords import is_sentence
from rechat.values.secrets.passwords import is_stand_in
from rechat.values.secrets.places import Finder
from rechat.values.secrets.places import after

# An option, at the start of a word or of an argument in a list.
_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w-]{0,60}+)", re.ASCII)
# The names of options that are remembered.
_MOST_NAMES = 1 << 12
# What joins it to its value: "=", ":", blanks, or what is between two arguments of a list ("', '").
_BETWEEN = re.compile(r"[=:]?[\s\"'`,\\]{0,16}+")
_QUOTE = re.compile(r"\\{0,7}[\"']?")
_VALUE = re.compile(r"[^\s\"'`\\,;<>(){}\[\]|&]{4,200}+")
_TOKEN = re.compile(r"[\w.~+/-]{16,300}+={0,2}+", re.ASCII)
_USER = re.compile(
    r"[^\s:\"'`\\<>(){}\[\]|$]{0,100}+:(?P<password>[^\s:\"'`\\<>(){}\[\]|$]{6,200}+)(?!:)"
)
_JOINED_USER = re.compile(
    r"[^\s,%\"'`\\]{1,100}+[%,](?P<password>[^\s\"'`\\,<>(){}\[\]|$]{6,200}+)"
)
_OF_PASSWORDS = re.compile(
    r"(?:passw(?:or)?d|passphrase|(?:\A|[-_]|store|key)pass|pwd)\Z", re.IGNORECASE
)
_OF_OPENSSL = re.compile(r"pass(?:in|out)?\Z")
# Words in quotes, of a passphrase; "a=b; c=d"
_IN_QUOTES = re.compile(r"[\"'](?P<words>[A-Za-z -]{12,200}+)(?=\\{0,7}[\"'])")
_LIST_OF_COOKIES = re.compile(r"(?<=[\"'])[^\r\n\"'\\]{1,4096}+|[^\s\"'\\]{1,4096}+")
_ASKING = re.compile(r"\b(?:curl|wget|https?|xh)\b")
_OF_USERS = frozenset({"user", "proxy-user", "auth"})

# The tools that take a password after a short option. Of some only `login` does: `docker run -p`
# names a port.
_LOGIN = re.compile(r"\b(?:docker|podman|nerdctl|buildah|skopeo|crane|oras|helm|oc|az|acr)\b")
_APART = {
    "p": re.compile(
        r"\b(?:sshpass|mongo(?:sh|dump|restore|export|import|stat)?|cqlsh|beeline|arangosh"
        r"|rabbitmqadmin|twine|conan|evil-winrm|nxc|netexec|crackmapexec|hydra|(?:ps|pa)exec(?:64)?)\b",
        re.IGNORECASE,
    ),
    "P": re.compile(r"\b(?:sqlcmd|bcp|isql|tsql|unzip|zip|zipcloak|ipmitool|mosquitto_[ps]ub)\b"),
    "a": re.compile(r"\bredis-cli\b"),
    "A": re.compile(r"\bsnmp\w{2,12}\b"),
    "X": re.compile(r"\bsnmp\w{2,12}\b"),
    "k": re.compile(r"\bopenssl\b"),
    "w": re.compile(r"\bldap[a-z]{2,10}\b"),
    "pw": re.compile(r"\b(?:plink|pscp|psftp|putty|kitty)\b", re.IGNORECASE),
}
_JOINED = re.compile(
    r"\b(?:mysql\w{0,20}|mariadb[\w-]{0,20}|mytop|sshpass|xtrabackup|7z[az]?|rar|unrar)\b"
)
# `-p:X`
_WITH_COLON = re.compile(r"\bwinr[ms]\b", re.IGNORECASE)
_OF_PAIRS = re.compile(r"\b(?:smbclient|rpcclient|smbmap|lftp|psexec)\b")
_OF_A_USER = {
    "u": re.compile(r""),
    "U": re.compile(r"\bcurl\b"),
    "a": re.compile(r"\b(?:https?|xh)\b"),
    "A": re.compile(r"\bab\b"),
}
# "me:X", "domain/me:X", before "@host", of tools that take an account like this.
_ACCOUNT = re.compile(r"(?:[\w.-]{1,60}+/)?[\w.-]{1,60}+:(?P<password>(?!//)[^\s\"'`\\]{6,200}+)")
_OF_ACCOUNTS = re.compile(
    r"\b(?:impacket|(?:ps|wmi|smb|at|dcom)exec|secretsdump|mssqlclient|smbclient|rpcclient|lookupsid"
    r"|samrdump|rpcdump|services|get(?:tgt|st|userspns|npusers|adusers)|addcomputer|ticketer|rsync"
    r"|scp|sftp|l?ftp|ssh|curl|wget)\b",
    re.IGNORECASE,
)
_BETWEEN_ACCOUNTS = re.compile(r"[\s\"'`]")
# "tcp(127.0.0.1:3306)" behind it, as Go writes it
_DIAL = re.compile(r"(?:tcp|unix)\(")
_LONGEST_ACCOUNT = 320
# How far before an option its tool stands.
_REACH = 160

# "X' | sudo -S", after "echo"
_PIPED = re.compile(
    r"\s{1,3}(?:-n\s{1,3})?(?:\\{0,7}[\"'])?(?:[^\s:\"'\\$|]{1,60}+:(?=[^|]{1,220}\|\s{0,3}(?:sudo\s)?\s{0,3}chpasswd\b))?"
    r"(?P<password>[^\s\"'\\$|<>\[\]]{4,200}+)(?:\\{0,7}[\"'])?\s{0,3}\|[^|\n]{0,80}?"
    r"(?:\bsudo\s(?:-\w+\s)*-S|\bkinit\b|--stdin\b|-stdin\b|\bchpasswd\b|\bcryptsetup\b"
    r"|--password-fd|--with-token)"
)
_ARGUMENT = r"\s{1,3}(?:\\{0,7}[\"'])?(?P<password>[^\s\"'\\$<>(){}\[\]]{4,200}+)"
_JOINED_ARGUMENT = r"(?:\\{0,7}[\"'])?(?P<password>[^\s\"'\\$<>(){}\[\]]{4,200}+)"
# A place without an option, by the words before it.
_PLACES = {
    "htpasswd": re.compile(
        r"\s{1,3}-(?:(?=[a-zA-Z]{0,5}n)[a-zA-Z]{0,4}b[a-zA-Z]{0,4}|[a-zA-Z]{0,4}b[a-zA-Z]{0,4}\s{1,3}\S{1,100}+)"
        r"\s{1,3}[^\s\"']{1,100}+" + _ARGUMENT
    ),
    "securestring": re.compile(r"(?:\s{1,3}-[Ss]tring)?" + _ARGUMENT),
    "pypi-token.": re.compile(r"[\w.-]{1,60}+" + _ARGUMENT),
    "rabbitmqctl": re.compile(
        r"\s{1,3}(?:add_user|change_password|authenticate_user)\s{1,3}\S{1,100}+" + _ARGUMENT
    ),
    "authtoken": re.compile(_ARGUMENT),
    "net use": re.compile(
        r"(?:\s{1,3}[A-Za-z*]:?)?\s{1,3}\\{2,8}\S{1,200}+(?:\s{1,3}/user:\S{1,100}+)?+" + _ARGUMENT
    ),
    "bindpw": re.compile(_ARGUMENT),
    "http-basic.": re.compile(r"\S{1,60}+\s{1,3}\S{1,60}+" + _ARGUMENT),
    "gh secret set": re.compile(
        r"\s{1,3}\S{1,60}+\s{1,3}(?:-b|--body)(?:=|\s{1,3})(?:\\{0,7}[\"'])?"
        r"(?P<password>[^\s\"'\\$<>(){}\[\]]{4,200}+)"
    ),
    "from-literal=": re.compile(r"[\w.-]{1,60}+=" + _JOINED_ARGUMENT),
    "mc alias set": re.compile(r"\s{1,3}\S{1,60}+\s{1,3}\S{1,200}+\s{1,3}\S{1,100}+" + _ARGUMENT),
    "sqlplus": re.compile(
        r"\s{1,3}(?:-\w\s{1,3})?[^\s/]{1,60}+/(?P<password>[^\s@\"'\\$\[\]]{4,100}+)@"
    ),
    "requirepass": re.compile(_ARGUMENT),
    "masterauth": re.compile(_ARGUMENT),
    "> auth": re.compile(_ARGUMENT),
    "identify": re.compile(_ARGUMENT),
    "pass oauth:": re.compile(r"(?P<password>\w{20,60}+)"),
    "net user": re.compile(r"\s{1,3}[^\s/]{1,60}+" + _ARGUMENT + r"(?=\s{1,3}/)"),
    "/password:": re.compile(_JOINED_ARGUMENT),
    "/pass:": re.compile(_JOINED_ARGUMENT),
    "schtasks": re.compile(r"[^\n]{0,200}?\s/rp" + _ARGUMENT, re.IGNORECASE),
    "xfreerdp": re.compile(r"[^\n]{0,200}?\s/p:(?P<password>[^\s\"'\\$\[\]]{4,100}+)"),
}
# Of these the value must look like a password: their words are words of people as well.
_WORDS = frozenset(
    {
        "> auth",
        "authtoken",
        "bindpw",
        "from-literal=",
        "identify",
        "masterauth",
        "requirepass",
        "securestring",
    }
)


def _piped(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _PIPED) if "|" in text else ():
        if not is_stand_in(match["password"]):
            yield Secret(*match.span("password"), "password")


def _in_place(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _PLACES[word]):
        said = match["password"]
        if (
            is_password(said)
            or (word == "securestring" and is_said(said))
            or (word not in _WORDS and not is_stand_in(said))
        ):
            yield Secret(*match.span("password"), "password")


def _in_accounts(text: str, _lower: str, _word: str) -> Iterator[Secret]:
    at = text.find("@")
    while at >= 0:
        account = _account(text, at)
        if account and is_password(account["password"]):
            start = at - len(account["password"])
            if _DIAL.match(text, at + 1) or _OF_ACCOUNTS.search(_before(text, start)):
                yield Secret(start, at, "password")
        at = text.find("@", at + 1)


def _account(text: str, at: int) -> re.Match[str] | None:
    """The account before this "@", which is more often one of a decorator."""
    if text[max(0, at - 1) : at].isspace():
        return None
    word = _BETWEEN_ACCOUNTS.split(text[max(0, at - _LONGEST_ACCOUNT) : at])[-1]
    return _ACCOUNT.fullmatch(word) if ":" in word else None


COMMANDS: dict[str, Finder] = {
    "echo": _piped,
    "@": _in_accounts,
    **dict.fromkeys(_PLACES, _in_place),
}
"""The passwords on command lines, by a word of these."""


def _options(text: str, shape: str) -> Iterator[re.Match[str]]:
    """The options in a text that may have a password."""
    at = 0 if shape.startswith("-") else shape.find(" -") + 1
    while shape[at : at + 1] == "-":
        option = _OPTION.match(text, at)
        if option and _may_tell(option["name"]):
            yield option
        at = shape.find(" -", at) + 1 or len(shape)


@lru_cache(_MOST_NAMES)
def _may_tell(name: str) -> bool:
    return (
        name in _APART
        or name in _OF_A_USER
        or name in ("b", "cookie")
        or name in _OF_USERS
        or name[0] in "pu"
        or bool(_OF_PASSWORDS.search(name))
        or tells(name)
    )


def after_options(text: str, shape: str) -> Iterator[Secret]:
    """The passwords after options. `shape` is the text with a blank for all that may stand before
    an option.
    """
    for option in _options(text, shape):
        name, start, end = option["name"], option.start(), option.end()
        is_long = option[0].startswith("--")
        if not is_long and (name in _APART or name in _OF_A_USER or name == "b"):
            yield from _after_short(text, name, start, end)
        elif not is_long and name[0] in "pu" and _is_joined(text, name, start):
            yield from _joined(text, name[0], start + 2)
        elif len(name) > 2:
            yield from _after_long(text, name, end)


def _is_joined(text: str, name: str, start: int) -> bool:
    tools = _JOINED if name[0] == "p" else _OF_A_USER["U"]
    return bool(tools.search(_before(text, start)))


def _joined(text: str, letter: str, at: int) -> Iterator[Secret]:
    start = _end_of(_QUOTE, text, at)
    if letter == "u":
        yield from _of_a_user(text, start)
    elif (value := _VALUE.match(text, start)) and not is_stand_in(value[0]):
        yield Secret(*value.span(), "password")


def _after_long(text: str, name: str, end: int) -> Iterator[Secret]:
    start = _end_of(_BETWEEN, text, end)
    if start == end:
        return
    if _OF_PASSWORDS.search(name):
        value, words = _VALUE.match(text, start), _IN_QUOTES.match(text, start - 1)
        if value and (is_password(value[0]) or is_joined(value[0])):
            yield Secret(*value.span(), "password")
        elif words and is_sentence(words["words"]):
            yield Secret(*words.span("words"), "password")
    elif name == "cookie":
        yield from _cookies(text, start)
    elif _OF_OPENSSL.match(name):
        if text.startswith("pass:", start) and (value := _VALUE.match(text, start + 5)):
            yield Secret(*value.span(), "password")
    elif name in _OF_USERS:
        yield from _of_a_user(text, start)
    elif tells(name):
        token = _TOKEN.match(text, start)
        if token and looks_random(token[0]):
            yield Secret(*token.span(), "secret")


def _after_short(text: str, name: str, at: int, end: int) -> Iterator[Secret]:
    before = _before(text, at)
    start = _end_of(_BETWEEN, text, end)
    if name == "p" and text.startswith(":", end) and _WITH_COLON.search(before):
        yield from _joined(text, name, end + 1)
    elif name == "p" and _JOINED.search(before) and _VALUE.match(text, _end_of(_QUOTE, text, end)):
        yield from _joined(text, name, end)
    elif start == end:
        return
    elif _takes_a_password(name, before):
        value = _VALUE.match(text, start)
        if value and not is_stand_in(value[0]):
            yield Secret(*value.span(), "password")
    elif name in "uU" and _OF_PAIRS.search(before):
        pair = _JOINED_USER.match(text, start)
        if pair:
            yield Secret(*pair.span("password"), "password")
    elif name in _OF_A_USER and _OF_A_USER[name].search(before):
        yield from _of_a_user(text, start, is_asking=bool(_ASKING.search(before)))
    elif name == "b" and (cookies := [*_cookies(text, start)]) and _ASKING.search(before):
        yield from cookies


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what may be empty ends."""
    match = pattern.match(text, at)
    assert match
    return match.end()


def _takes_a_password(name: str, before: str) -> bool:
    if name == "p" and "login" in before and _LOGIN.search(before):
        return True
    return name in _APART and bool(_APART[name].search(before))


def _of_a_user(text: str, start: int, *, is_asking: bool = False) -> Iterator[Secret]:
    """The password of an account; of a program that asks a server it may be of words."""
    user = _USER.match(text, start)
    if user and (
        is_password(user["password"])
        or is_joined(user["password"])
        or (is_asking and is_said(user["password"]))
    ):
        yield Secret(*user.span("password"), "password")


def _cookies(text: str, start: int) -> Iterator[Secret]:
    line = _LIST_OF_COOKIES.match(text, start)
    if line:
        yield from starmap(Secret, cookies_in(text, *line.span()))


def _before(text: str, at: int) -> str:
    """The command before this place, as far as one looks back."""
    start = max(0, at - _REACH)
    line = text.rfind("\n", start, at)
    while line > 0 and text[line - 1] == "\\":
        line = text.rfind("\n", start, line)
    return text[max(start, line + 1) : at]
