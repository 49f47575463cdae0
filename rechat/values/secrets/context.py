"""Credentials that a word tells: one within them (a private key), or one before them (`Bearer`,
`password=`, `Cookie:`). An expression is used only where its word is, which a plain search finds:
nearly all texts have none of these words, and are done with that.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import starmap

from rechat.values.secrets.columns import COLUMNS
from rechat.values.secrets.command_lines import COMMANDS
from rechat.values.secrets.command_lines import after_options
from rechat.values.secrets.files import FILES
from rechat.values.secrets.files import has_port
from rechat.values.secrets.files import of_pgpass
from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.kinds import is_words
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.objects import cookies_in
from rechat.values.secrets.passwords import is_basic
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_said
from rechat.values.secrets.passwords import is_stand_in
from rechat.values.secrets.passwords import may_be
from rechat.values.secrets.places import Finder
from rechat.values.secrets.places import after
from rechat.values.secrets.places import any_of
from rechat.values.secrets.places import has_rare_letter
from rechat.values.secrets.prose import SENTENCES
from rechat.values.secrets.prose import WORDS
from rechat.values.secrets.prose import in_other_letters
from rechat.values.secrets.protocols import PROTOCOLS

# "RSA PRIVATE KEY-----", after five dashes and BEGIN or END.
_PEM_LABEL = r"(?:[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V[0-9])-----"
# "-----BEGIN PRIVATE KEY-----" and all up to the END, but not past another five dashes or a
# placeholder; else the lines of a truncated block, which may be numbered or quoted.
_PEM = re.compile(
    rf"-----BEGIN {_PEM_LABEL}(?:(?:[^\[-]++|-{{1,4}}+(?!-))*+-----END {_PEM_LABEL}"
    r"|(?:(?:\s|\\++[nrt])++(?:[0-9]{1,6}(?:\s|\\++t|[:|→])++|[>+|-] ?)?[A-Za-z0-9+/=]{16,}+)++)",
    re.ASCII,
)
_SSH2 = re.compile(
    r"---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----(?:[^\[-]++|-{1,3}+(?!-))*+---- END SSH2"
)
# " abc.DEF-123/4==", after "Bearer"
_BEARER = re.compile(r"(?:\s|%20|\+)(?P<token>[\w.~+/-][\w.~+/=-]{19,}+)", re.ASCII)
# " dXNlcjpwYXNzd29yZA==", after "Basic"
_BASIC = re.compile(r"(?:\s|%20|\+)(?P<token>[A-Za-z0-9+/]{6,}+={0,2}+)", re.ASCII)
# ": dXNlcjpwYXNzd29yZA==" after "auth", as docker and npm keep it
_AUTH = re.compile(
    r"(?:ident)?(?:\\{0,7}\")?\s{0,3}[:=]\s{0,3}(?:\\{0,7}\")?(?P<token>[A-Za-z0-9+/]{8,}+={0,2}+)",
    re.ASCII,
)
# ": Token 2d9d66…", ": ApiKey a2hi…", after "Authorization"
_SCHEME = re.compile(
    r"(?:\\{0,7}[\"'])?\s{0,3}[:=]\s{0,3}(?:\\{0,7}[\"'])?"
    r"(?:[A-Za-z][A-Za-z-]{1,24}+\s(?:token=)?)?\s{0,3}(?:\\{0,7}[\"'])?(?P<token>[\w.~+/-][\w.~+/=-]{15,}+)",
    re.ASCII,
)
# "user:password@" of "postgres://user:password@host/db", in which a "/" may stand as it is if it
# does not follow a port; of a DSN the key before the "@", and a token that is the user.
_IN_URL = re.compile(
    r"://(?:[^\s:/?#@\"'`<>\\\[\]{}]{0,200}+:(?P<password>[^\s/?#@\"'`<>\\\[\]{}$]{1,500}+"
    r"(?:[$#!][^\s/?#@\"'`<>\\\[\]{}]{1,200}+)?(?:@[^\s/?#@:\"'`<>\\\[\]{}]{1,100}+(?=@))?)@"
    r"|(?!\w[\w.-]{0,200}+:(?:[0-9]{1,5}|(?i:port))[/?#])[^\s:/?#@\"'`<>\\\[\]{}]{0,200}+:"
    r"(?P<slashed>[^\s@\"'`<>\\\[\]{}$]{1,500}+)@(?=[\w.-]{1,253}+(?:[/:?#]|[^\w.@-]|\Z))"
    r"|(?P<key>[\w-]{16,200}+)[:@])",
    re.ASCII,
)
_WORDS_OF_URLS = frozenset(
    {
        "%s",
        "changeme",
        "pass",
        "password",
        "passwd",
        "postgres",
        "pw",
        "pwd",
        "xxx",
        "xxxx",
        "token",
    }
)
# ": a=b; c=d" after "Cookie", up to the end of the line or of the quotes.
_COOKIES = re.compile(
    r"(?:\\{0,7}[\"'])?\s{0,3}[:=]\s{0,3}(?:\\{0,7}[\"'])?(?P<cookies>[^\r\n\"'\\]{1,4096}+)"
)
# "me/Sup3rS3cret@" after "oracle:thin:", of Oracle
_THIN = re.compile(r"[^\s/:@\"'\\]{1,60}+/(?P<password>[^\s@\"'\\\[\]]{4,200}+)@")
# ": Sup3rS3cret" after "password", "='…'", "', '…'", ">…</", " | … |", " is …", "' value='…'"
_LINE = r"(?:\s|\\{1,3}n)"
_NAMED = (
    r"(?:\\{0,7}[\"'`])?\]?(?:\s{0,3}|[ \t]{4,24})(?::=|=>"
    r"|:\s{0,3}&?(?:'\w{1,10} )?(?:str|[Ss]tring|SecretStr|text)\??\s{0,3}="
    r"|\{ ?get[^{}\"]{0,40}\} ?="
    rf"|[:=]\s{{0,3}}(?:[|>][+-]?[ \t]{{0,20}}{_LINE}{{1,40}})?"
    r"|(?<=[\"'`])\s{0,3},|(?:\|\||\?\?|\bor\b)(?=\s{0,3}[\"'`])|\|(?!\|)"
    r"|(?:[ \t](?i:type)=\\{0,3}\"[^\"<>]{0,200}\")?>|\bis\b"
    rf"|,?\{{?{_LINE}{{0,12}}\\{{0,7}}[\"']?\b(?:value|default)\\{{0,7}}[\"']?\s{{0,3}}[:=])"
    r"\s{0,3}(?:[bBrRuUfF@L]?\\{0,7}[\"'`])?"
)
_WORD = r"(?:\\u[0-9A-Fa-f]{4}|[^\s\"'`\\,;<>{}()\[\]$&|])"
_PASSWORD = re.compile(
    rf"(?:[oO][rR])?[dD]?{_NAMED}"
    rf"(?P<password>{_WORD}{{6,200}}+)(?![(\[{{])"
)
# "=Xy2d!3zd$SKN7&x" after "POSTGRES_PASSWORD" to the end of the line: "$" and "&" belong to it.
_VARIABLE = re.compile(
    r"(?:(?<=[A-Z_]PASSW)(?:OR)?D=|(?<=[A-Z_]PASS=)|(?<=[A-Z_]PWD=)|(?<=[A-Z]_AUTH)=)"
    r"(?P<password>[^\s\"'\\`\[\]]{6,200}+)"
)
# ": sunflower" after "POSTGRES_PASSWORD", a whole line of YAML
_MAPPED = re.compile(
    r"(?<=[A-Z]_PASSW)(?:OR)?D: (?P<password>[a-z]{6,40}+)(?=[\r\n\"]|\\{1,7}[rn\"]|\Z)"
)
# "" name="pw" value="Sup3r5ecret"" after "type="password"
_INPUT = re.compile(
    r"ord\\{0,7}[\"'][^<>]{0,300}?\bvalue=\\{0,7}[\"'](?P<password>[^\s\"'\\<>\[\]]{6,200}+)"
)
# "_PASS=…", "pass: …": the word alone is one of people and of test reports.
_PASS = re.compile(
    r"(?:(?<=_PASS)|(?<=_pass)|(?<=Pass)|(?<=pass)(?<![A-Za-z0-9.-]pass)|(?<=\\npass)"
    r"|(?<=[a-z]pass)(?<!bypass)(?<!compass)(?<!respass)(?<!verpass)(?<!nderpass)(?<!urpass)(?=\s?=))"
    rf"{_NAMED}(?P<password>{_WORD}{{8,200}}+)(?![(\[{{])"
)
# " PASSWORD 'x'", " BY 'x'", of SQL
_SQL = re.compile(
    r"(?:\s{1,3}with\s{1,3}['\"`]?\w{1,40}+['\"`]?)?\s{1,3}(?:by|as)\s{1,3}"
    r"\\{0,7}'(?P<password>[^'\s\\\[\]]{3,200}+)",
    re.IGNORECASE,
)
_SQL_PASSWORD = re.compile(
    r"ord(?:\s{1,3}|\(\s?)\\{0,7}[\"'](?P<password>[^'\"\s\\\[\]]{3,200}+)",
    re.IGNORECASE,
)
# "ord  Jix86FNuXw" in a table of two columns, or after a word of a command.
_COLUMN = re.compile(
    r"(?i:ord)(?: is generated for \S{1,60}:)?[ \t]{1,40}+"
    r"(?P<password>[^\s\"'`\\,;<>{}()\[\]$&|:=]{8,32}+)(?![^\s\\\"'`,;.|)])"
)
# "=('me', 'x')" after "auth", "('me', 'x')" after "BasicAuth"
_PAIR = re.compile(
    r"\s{0,3}=?\s{0,3}\(\s{0,3}\\{0,7}[\"'][^\"'\\]{1,100}+\\{0,7}[\"'],\s{0,3}"
    r"\\{0,7}[\"'](?P<password>[^\s\"'\\\[\]]{6,200}+)"
)
# "('me', 'x')", "('host', 'me', 'x')", "(url, 'me', 'x')" after "login", "mysqli_connect"
_STRING = r"\\{0,7}[\"'][^\"'\\]{1,200}+\\{0,7}[\"'],\s{0,12}"
_ARGUMENTS = re.compile(
    rf"\(\s{{0,3}}(?:{_STRING}|[\w.$]{{1,60}}+,\s{{0,12}}(?={_STRING})){{1,3}}"
    r"\\{0,7}[\"'](?P<password>[^\s\"'\\\[\]]{6,200}+)"
)
# "('me:x')" after "btoa", ": 'me:x'" after "auth"
_JOINED_PAIR = re.compile(
    r"(?:\(|[\"']?\s{0,3}[:=])\s{0,3}b?\\{0,7}[\"'][\w.@+-]{1,60}:(?P<password>[^\s:/\"'\\\[\]]{6,200}+)"
)
# " = '…'" after "SECRET_KEY" with any characters, as Django makes them
_QUOTED_KEY = re.compile(
    r"(?:\\{0,7}[\"'])?\]?\s{0,3}[:=]\s{0,3}\\{0,7}(?P<quote>[\"'])"
    r"(?P<password>[^\s\"'\\\[\]]{20,200}+)\\{0,7}(?P=quote)"
)
# "GEMS__CONTRIBSYS__COM=me:cafe1234", after "BUNDLE_": what Bundler says to a server of packages
_BUNDLE = re.compile(
    r"[A-Z0-9_]{1,80}__[A-Z]{2,10}(?:\\{0,7}[\"'`])?\s{0,3}(?:[:=]|\bis\b)\s{0,3}(?:\\{0,7}[\"'`])?"
    r"(?P<password>[^\s:\"'`\\<>(){}\[\]$]{1,100}+:[^\s:\"'`\\,;<>(){}\[\]$&]{6,200}+)"
)
# "_APP_KEY=k3x…", " = {'secret': '…", after "dropbox": 15 letters and digits
_DROPBOX = re.compile(
    r"[^\n]{0,40}?(?:key|secret|token)\b(?:\\{0,7}[\"'`])?\]?\s{0,3}(?:[:=]|\bis\b)\s{0,3}"
    r"(?:\\{0,7}[\"'`])?(?P<password>[a-z0-9]{15})(?![\w-])",
    re.IGNORECASE,
)


# "=fe5f80f7…" after "Signature", of AWS and OAuth; "6629fae4…" after "response=", of Digest, with a
# "nonce" near it.
_SIGNATURE = re.compile(r"=\s?\\{0,7}[\"']?(?P<password>[\w%+/.-]{16,1000}+={0,2}+)", re.ASCII)
_RESPONSE = re.compile(r"\\{0,7}[\"']?(?P<response>[0-9a-f]{32,128}+)(?![\w-])")
_REACH_OF_NONCE = 1000


# All that may stand before an option is a blank, and all digits are one.
_SHAPE = bytes(
    32 if code in b" \t\n\r\v\f\"'`(,[" else 48 if code in b"0123456789" else code
    for code in range(256)
)


def in_context(text: str, lower: str) -> Iterator[Secret]:
    """What a word in it or before it tells. `lower` is the text in lower case, letter by letter."""
    for root in _roots_in(lower):
        for word, finders in _BY_ROOT[root].items():
            if word == root or word in lower:
                for find in finders:
                    yield from find(text, lower, word)
    shape = lower.encode("latin-1", "replace").translate(_SHAPE).decode("latin-1")
    if " -" in shape or shape.startswith("-"):
        yield from after_options(text, shape)
    if has_port(shape):
        yield from of_pgpass(text)
    if not text.isascii() or "\\u" in text:
        yield from in_other_letters(text)


def _roots_in(lower: str) -> list[str]:
    """The roots of words that are in a text in lower case, always in the same order."""
    roots = _BY_ROOT if _ANY_RARE.search(lower) else _OTHERS
    return [root for root in roots if root in lower]


def _private_keys(text: str, _lower: str, word: str) -> Iterator[Secret]:
    pattern = _PEM if word == "-----begin" else _SSH2
    return (Secret(*match.span(), "private-key") for match in pattern.finditer(text))


def _bearers(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _BEARER):
        if not is_words(match["token"]):
            yield Secret(*match.span("token"), "bearer-token")


def _schemes(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _SCHEME):
        if looks_random(match["token"]):
            yield Secret(*match.span("token"), "authorization")


def _basics(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _BASIC if word == "basic" else _AUTH):
        if is_basic(match["token"]):
            yield Secret(*match.span("token"), "basic-auth")


def _cookies(text: str, lower: str, word: str) -> Iterator[Secret]:
    for line in after(text, lower, word, _COOKIES):
        yield from starmap(Secret, cookies_in(text, *line.span("cookies")))


def _told_by(pattern: re.Pattern[str], is_one: Callable[[str], bool] = is_password) -> Finder:
    """What finds a password by what stands around it."""

    def find(text: str, lower: str, word: str) -> Iterator[Secret]:
        for match in after(text, lower, word, pattern):
            if is_one(match["password"]):
                yield Secret(*match.span("password"), "password")

    return find


def _is_in_column(word: str) -> bool:
    """Whether a word without any mark before it looks like a password all the same."""
    return is_password(word) and not word.islower() and not word.isupper() and "/" not in word


def _is_pass(word: str) -> bool:
    return is_password(word) and "/" not in word and "." not in word


def _is_given(word: str) -> bool:
    return not is_stand_in(word)


def _in_urls(text: str, _lower: str, _word: str) -> Iterator[Secret]:
    for match in _IN_URL.finditer(text):
        if match["key"]:
            if looks_random(match["key"]):
                yield Secret(*match.span("key"), "url-key")
            continue
        name = "slashed" if match["slashed"] else "password"
        if match[name].lower() not in _WORDS_OF_URLS and match[name].strip("*x.%"):
            yield Secret(*match.span(name), "password")


def _responses(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _RESPONSE):
        near = max(0, match.start() - _REACH_OF_NONCE), match.end() + _REACH_OF_NONCE
        if lower.find("nonce", *near) >= 0:
            yield Secret(*match.span("response"), "digest")


_IN_CONTEXT: dict[str, tuple[Finder, ...]] = {
    **dict.fromkeys(("-----begin", "-- begin ssh2"), (_private_keys,)),
    "bearer": (_bearers,),
    **dict.fromkeys(("basic", '"auth', "_auth", "authident"), (_basics,)),
    "authorization": (_schemes,),
    "://": (_in_urls,),
    "signature": (_told_by(_SIGNATURE, looks_random),),
    "response=": (_responses,),
    "cookie": (_cookies,),
    **dict.fromkeys(("pwd", "psk", "secret", "passphrase", "passwort"), (_told_by(_PASSWORD),)),
    "passw": (
        _told_by(_PASSWORD),
        _told_by(_VARIABLE, _is_given),
        _told_by(_MAPPED, is_said),
        _told_by(_SQL_PASSWORD),
        _told_by(_COLUMN, _is_in_column),
        _told_by(_INPUT),
    ),
    "pass": (_told_by(_PASS, _is_pass),),
    **dict.fromkeys(("pass=", "pwd="), (_told_by(_VARIABLE, _is_given),)),
    "secret_key": (_told_by(_QUOTED_KEY),),
    "identified": (_told_by(_SQL, may_be),),
    "dropbox": (_told_by(_DROPBOX),),
    "oracle:thin:": (_told_by(_THIN, _is_given),),
    "bundle_": (_told_by(_BUNDLE, _is_given),),
    "auth": (_told_by(_PAIR, may_be), _told_by(_VARIABLE), _told_by(_JOINED_PAIR)),
    **dict.fromkeys(("btoa", "b64encode", "base64_encode"), (_told_by(_JOINED_PAIR),)),
    **dict.fromkeys(
        (
            "login",
            "mysqli_connect",
            "getconnection",
            "new pdo",
            "new mysqli",
            "dbi->connect",
            "credential",
            "credentials",
        ),
        (_told_by(_ARGUMENTS),),
    ),
}
"""What to do where one of these words is in a text, in lower case."""

# What a text must have for a word to be looked for in it: a part of some words, or a character
# that always stands near one. Characters are found in no time.
_ROOTS = (
    "pass", "auth", "secret", "phrase", "private", "identif", "value", "net use", "pw", "basic",
    "cred",
)  # fmt: skip
_COMMON = frozenset({"api", "pass", "pw", "value"})
_NEAR = {
    "|": ("echo",),
    "btoa(": ("btoa",),
    "pdo(": ("new pdo",),
    "=": ("signature", "response="),
    "@": ("://", "sqlplus", "oracle:thin:"),
    ">": ("setuser",),
    "(": ("fernet(",),
    "/": ("mc alias set",),
    "\\": ("\\ttrue\\t", "\\tfalse\\t"),
    "\t": ("\ttrue\t", "\tfalse\t"),
    '"': ('"username',),
    "'": ("define(",),
    "}": ("sha}",),
    "$": ("pbkdf2", "scram-sha"),
}
_NEEDED = {word: mark for mark, words in _NEAR.items() for word in words}
_BY_ROOT: dict[str, dict[str, list[Finder]]] = defaultdict(lambda: defaultdict(list))
for _word, _find in (
    *((word, find) for word, finders in _IN_CONTEXT.items() for find in finders),
    *COMMANDS.items(),
    *(
        (word, find)
        for table in (FILES, PROTOCOLS, WORDS)
        for word, finds in table.items()
        for find in finds
    ),
    *COLUMNS.items(),
    *SENTENCES,
):
    _root = _NEEDED.get(_word) or next((root for root in _ROOTS if root in _word), _word)
    _BY_ROOT[_root][_word].append(_find)
# Most texts have none of the rare ones, and one search tells. All others are looked for one by one.
_OTHERS = [root for root in _BY_ROOT if root in _COMMON or not has_rare_letter(root)]
_ANY_RARE = any_of(_BY_ROOT.keys() - _OTHERS)
