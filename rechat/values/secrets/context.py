"""Credentials that a word tells: one within them (a private key), or one before them (`Bearer`,
`password=`, `Cookie:`). An expression is used only where its word is, which a plain search finds:
nearly all texts have none of these words, and are done with that.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from rechat.values.secrets.columns import COLUMNS
from rechat.values.secrets.command_lines import COMMANDS
from rechat.values.secrets.command_lines import after_options
from rechat.values.secrets.files import FILES
from rechat.values.secrets.files import of_pgpass
from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.kinds import is_words
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.passwords import is_basic
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_stand_in
from rechat.values.secrets.places import Finder
from rechat.values.secrets.places import after
from rechat.values.secrets.places import any_of
from rechat.values.secrets.places import has_rare_letter
from rechat.values.secrets.prose import SENTENCES
from rechat.values.secrets.prose import in_other_letters

# "RSA PRIVATE KEY-----", after five dashes and BEGIN or END.
_PEM_LABEL = r"(?:[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V[0-9])-----"
# "-----BEGIN PRIVATE KEY-----" and all up to the END, but not past another five dashes or a
# placeholder; else the lines of a truncated block.
_PEM = re.compile(
    rf"-----BEGIN {_PEM_LABEL}(?:(?:[^\[-]++|-{{1,4}}+(?!-))*+-----END {_PEM_LABEL}"
    r"|(?:(?:\s|\\++[nr])++[A-Za-z0-9+/=]{16,}+)++)",
    re.ASCII,
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
_COOKIE = re.compile(r"(?P<name>[^\s=;,\[\]]{1,200}+)=(?P<value>[^\s;,\[\]]{6,}+)")
_ATTRIBUTES = frozenset({"domain", "expires", "max-age", "path", "priority", "samesite", "version"})
# ": Sup3rS3cret" after "password", "='…'", "', '…'", ">…</", " | … |", " is …", "' value='…'"
_LINE = r"(?:\s|\\{1,3}n)"
_NAMED = (
    r"(?:\\{0,7}[\"'`])?\]?\s{0,3}(?::=|=>"
    rf"|[:=]\s{{0,3}}(?:[|>][+-]?[ \t]{{0,20}}{_LINE}{{1,40}})?"
    r"|(?<=[\"'`])\s{0,3},|(?:\|\||\?\?|\bor\b)(?=\s{0,3}[\"'`])|\|(?!\|)"
    r"|(?:[ \t](?i:type)=\\{0,3}\"[^\"<>]{0,200}\")?>|\bis\b"
    rf"|,?\{{?{_LINE}{{0,12}}\\{{0,7}}[\"']?\b(?:value|default)\\{{0,7}}[\"']?\s{{0,3}}[:=])"
    r"\s{0,3}(?:\\{0,7}[\"'`])?"
)
_WORD = r"(?:\\u[0-9A-Fa-f]{4}|[^\s\"'`\\,;<>{}()\[\]$&|])"
_PASSWORD = re.compile(
    rf"(?:[oO][rR])?[dD]?{_NAMED}"
    rf"(?P<password>{_WORD}{{6,200}}+)(?![(\[{{])"
)
# "=Xy2d!3zd$SKN7&x" after "POSTGRES_PASSWORD" to the end of the line: "$" and "&" belong to it.
_VARIABLE = re.compile(
    r"(?:(?<=[A-Z_]PASSW)(?:OR)?D|(?<=[A-Z_]PASS)|(?<=[A-Z_]PWD)|(?<=[A-Z]_AUTH))=(?P<password>[^\s\"'\\`\[\]]{6,200}+)"
)
# "" name="pw" value="Sup3r5ecret"" after "type="password"
_INPUT = re.compile(
    r"ord\\{0,7}[\"'][^<>]{0,300}?\bvalue=\\{0,7}[\"'](?P<password>[^\s\"'\\<>\[\]]{6,200}+)"
)
# "_PASS=…", "pass: …": the word alone is one of people and of test reports.
_PASS = re.compile(
    r"(?:(?<=_PASS)|(?<=_pass)|(?<=Pass)|(?<=pass)(?<![A-Za-z0-9.-]pass)|(?<=\\npass))"
    rf"{_NAMED}(?P<password>{_WORD}{{8,200}}+)(?![(\[{{])"
)
# " PASSWORD 'x'", " BY 'x'", of SQL
_SQL = re.compile(
    r"(?:\s{1,3}with\s{1,3}['\"`]?\w{1,40}+['\"`]?)?\s{1,3}(?:by|as)\s{1,3}"
    r"\\{0,7}'(?P<password>[^'\s\\\[\]]{3,200}+)",
    re.IGNORECASE,
)
_SQL_PASSWORD = re.compile(
    r"ord(?:\s{1,3}|\(\s?)\\{0,7}'(?P<password>[^'\s\\\[\]]{3,200}+)", re.IGNORECASE
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
# "('me', 'x')", "('host', 'me', 'x')" after "login", "mysqli_connect"
_ARGUMENTS = re.compile(
    r"\(\s{0,3}(?:\\{0,7}[\"'][^\"'\\]{1,200}+\\{0,7}[\"'],\s{0,12}){1,2}"
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
# Twelve words or more of a wallet.
_PHRASE = re.compile(
    r"(?:\\{0,7}[\"'])?\s{0,3}(?:[:=]|\bis\b)\s{0,3}(?:\\{0,7}[\"'])?"
    r"(?P<words>(?:[a-z]{3,8} ){11,23}[a-z]{3,8})\b"
)


# "=fe5f80f7…" after "Signature", of AWS and OAuth; "6629fae4…" after "response=", of Digest, with a
# "nonce" near it.
_SIGNATURE = re.compile(r"=\s?\\{0,7}[\"']?(?P<password>[\w%+/.-]{16,1000}+={0,2}+)", re.ASCII)
_RESPONSE = re.compile(r"\\{0,7}[\"']?(?P<response>[0-9a-f]{32,128}+)(?![\w-])")
_REACH_OF_NONCE = 1000
# ": X" after "New value"
_VALUE = re.compile(
    r"(?:\\{0,7}[\"'`*]{1,3})?\s{0,3}(?:[:=]|\b(?:is|was|to|ist)\b)[\s*]{0,3}(?:\\{0,7}[\"'`])?"
    r"(?P<value>[^\s\"'`\\,;<>(){}\[\]|&]{8,500}+)"
)
_CHANGED = re.compile(r"(?:new|old|current|previous)[ _-]?value\Z")
_LONGEST_CHANGED = 14
_OF_SECRETS = re.compile(r"secret|passw|token|api[ _-]?key|credential|rotat")
_REACH_OF_CHANGED = 200
_HASH = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z",
    re.IGNORECASE,
)


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
    yield from after_options(text, shape)
    yield from of_pgpass(text, shape)
    yield from in_other_letters(text)


def _roots_in(lower: str) -> list[str]:
    """The roots of words that are in a text in lower case, always in the same order."""
    roots = _BY_ROOT if _ANY_RARE.search(lower) else _OTHERS
    return [root for root in roots if root in lower]


def _private_keys(text: str, _lower: str, _word: str) -> Iterator[Secret]:
    return (Secret(*match.span(), "private-key") for match in _PEM.finditer(text))


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
        for match in _COOKIE.finditer(text, *line.span("cookies")):
            if match["name"].lower() not in _ATTRIBUTES and not is_words(match["value"]):
                yield Secret(*match.span("value"), "cookie")


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


def _changed_values(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _VALUE):
        at = match.start()
        if not _CHANGED.search(lower, max(0, at - _LONGEST_CHANGED), at):
            continue
        value, start = match["value"], max(0, at - _REACH_OF_CHANGED)
        is_random = looks_random(value)
        if (is_random and not _HASH.match(value)) or (
            (is_random or is_password(value)) and _OF_SECRETS.search(lower, start, at)
        ):
            yield Secret(*match.span("value"), "secret")


def _phrases(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _PHRASE):
        yield Secret(*match.span("words"), "seed-phrase")


_IN_CONTEXT: dict[str, tuple[Finder, ...]] = {
    "-----begin": (_private_keys,),
    "bearer": (_bearers,),
    **dict.fromkeys(("basic", '"auth', "_auth", "authident"), (_basics,)),
    "authorization": (_schemes,),
    "://": (_in_urls,),
    "signature": (_told_by(_SIGNATURE, looks_random),),
    "response=": (_responses,),
    "value": (_changed_values,),
    "cookie": (_cookies,),
    **dict.fromkeys(("pwd", "psk", "secret", "passphrase", "passwort"), (_told_by(_PASSWORD),)),
    "passw": (
        _told_by(_PASSWORD),
        _told_by(_VARIABLE, _is_given),
        _told_by(_SQL_PASSWORD),
        _told_by(_COLUMN, _is_in_column),
        _told_by(_INPUT),
    ),
    "pass": (_told_by(_PASS, _is_pass), _told_by(_VARIABLE, _is_given)),
    "secret_key": (_told_by(_QUOTED_KEY),),
    "identified": (_told_by(_SQL),),
    "dropbox": (_told_by(_DROPBOX),),
    "bundle_": (_told_by(_BUNDLE, _is_given),),
    "auth": (_told_by(_PAIR), _told_by(_VARIABLE), _told_by(_JOINED_PAIR)),
    **dict.fromkeys(("btoa", "b64encode", "base64_encode"), (_told_by(_JOINED_PAIR),)),
    **dict.fromkeys(
        ("login", "mysqli_connect", "getconnection", "new pdo"), (_told_by(_ARGUMENTS),)
    ),
    **dict.fromkeys(("mnemonic", "seed phrase", "seed_phrase", "recovery phrase"), (_phrases,)),
}
"""What to do where one of these words is in a text, in lower case."""

# What a text must have for a word to be looked for in it: a part of some words, or a character
# that always stands near one. Characters are found in no time.
_ROOTS = (
    "pass", "auth", "secret", "phrase", "private", "identif", "value", "net use", "pw", "basic",
    "encode", "connect",
)  # fmt: skip
_COMMON = frozenset({"api", "pass", "pw", "value"})
_NEAR = {
    "|": ("echo",),
    "btoa(": ("btoa",),
    "pdo(": ("new pdo",),
    "=": ("signature", "response="),
    "@": ("://", "sqlplus"),
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
    *FILES.items(),
    *COLUMNS.items(),
    *SENTENCES,
):
    _root = _NEEDED.get(_word) or next((root for root in _ROOTS if root in _word), _word)
    _BY_ROOT[_root][_word].append(_find)
# Most texts have none of the rare ones, and one search tells. All others are looked for one by one.
_OTHERS = [root for root in _BY_ROOT if root in _COMMON or not has_rare_letter(root)]
_ANY_RARE = any_of(_BY_ROOT.keys() - _OTHERS)
