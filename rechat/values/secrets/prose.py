"""Credentials in sentences: what follows the word for a password or a key of an API, in the
languages of many people ("Das Passwort für den Server lautet …"), and accounts ("login: me / …").
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.passwords import is_joined
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_remembered_easily
from rechat.values.secrets.passwords import is_said
from rechat.values.secrets.passwords import is_sentence
from rechat.values.secrets.places import Finder
from rechat.values.secrets.places import after

# The words for a password. Short ones are parts of others: no letter may stand before them.
_PASSWORDS = (
    "adgangskode", "clé wifi", "contraseña", "hasła", "hasło", "jelszava", "jelszó", "kennwort",
    "lykilorð", "lösenord", "mật khẩu", "mot de passe", "palavra-passe", "passcode", "passord",
    "passphrase", "password", "passwort", "recovery code", "salasana", "slaptažodis", "wachtwoord",
    "wlan-schlüssel", "κωδικός", "κωδικός πρόσβασης", "лозинка", "пароль", "пароля", "парола",
    "סיסמא", "סיסמה", "رمز عبور", "كلمة السر", "كلمة المرور", "पासवर्ड", "পাসওয়ার্ড", "รหัสผ่าน",
    "パスワード", "口令", "密码", "密碼", "비밀번호", "암호",
)  # fmt: skip
_SHORT = ("clave", "heslo", "mdp", "parola", "parolă", "pw", "senha", "şifre")
# The words for a key of an API.
_KEYS = (
    "api key", "api token", "api-avain", "api-key", "api-nyckel", "api-nøgle", "api-nøkkel",
    "api-schlüssel", "api-sleutel", "api-token", "api-ключ", "api キー", "api 密钥", "api 密鑰",
    "api 키", "apiキー", "api密钥", "api密鑰", "api키", "chave api", "chave da api", "chave de api",
    "chiave api", "chiave dell'api", "clave api", "clave de api", "clave de la api", "clé api",
    "clé d'api", "clé d’api", "klucz api", "ключ api",
)  # fmt: skip
_ACCOUNTS = (
    "credenciales", "credentials", "credenziali", "identifiants", "login", "user/pass",
    "user/password", "username/password", "zugangsdaten",
)  # fmt: skip
# " for me on the server", up to what says what it is
_WHOSE = (
    r"(?:\s(?:for|of|on|to|in|at|für|von|zu|zum|zur|de|del|du|des|pour|para|per|di|da|do|van|voor"
    r"|på|för|til|для|от|к)(?:\s[^\s:=,;.!?\"'`<>()|]{1,40}+){1,6}?)??"
)
_MARKS = r"(?:\\{0,3}[\"'`*_»”“」】)]|</\w{1,10}>){0,4}"
# A colon, an arrow, "is now", the end of one cell and the start of another.
_VERB = (
    r"\s{1,3}(?:is|was|are|to|equals|will be|would be|should be|lautet|ist|war|heißt|est|sera|es"
    r"|era|será|è|é|är|er|on|este|jest|je)(?:\s(?:now|still|jetzt|nun))?:?\s{1,3}"
    r"|(?:是|为|為|は|が|는|은)[:：]?\s{0,3}"
)
_LINE = r"(?:\s|\\{1,3}n)"
_SAYS = (
    rf"(?P<verb>{_VERB})|(?:</\w{{1,10}})?>{_LINE}{{0,9}}<\w{{1,10}}>"
    rf"|\s{{0,3}}(?::=|=>|->|[:=：→—–]|(?<=\s)-\s){_LINE}{{0,3}}"
)
_QUOTES = r"(?:\\{0,3}[\"'`*_«„“”‘「【(]|<\w{1,10}>){0,4}"
_VALUE = r"(?P<value>[!#%&+./0-9:;=?@A-Z^a-z~$-][!#%&*+./0-9:;=?@A-Z^_a-z~$-]{5,200}+)(?![(\[{])"
_SAID = rf"[^\W\d_]{{0,4}}{_MARKS}{_WHOSE}{_MARKS}(?:{_SAYS}){_MARKS}\s{{0,3}}{_QUOTES}{_VALUE}"
# ": me / Sup3r5ecret", after "login"
_ACCOUNT = (
    rf"{_MARKS}(?:\s{{1,3}}(?:is|are|sind|son|sont|sono|zijn)\b|\s{{0,3}}[:=])\s{{0,3}}{_QUOTES}"
    rf"[\w.@+-]{{1,60}}{_MARKS}\s{{0,3}}[/|:]\s{{0,3}}{_QUOTES}{_VALUE}"
)
_ENDS = ".,:;!?*_"
_OPENING = "\"'`«„“”‘「"
# ""sunflower"", words in quotes, behind the name of a password
_EQUALS = (
    r"(?:\\{0,7}[\"'`])?\]?\s{0,24}(?::=|=>|[:=])\s{0,3}|(?<=_PASSWORD)\\{0,7}[\"'],\s{0,3}|[ ]"
)
_IN_QUOTES = r"\\{0,7}(?P<quote>[\"'`])(?P<value>[A-Za-z -]{6,200}+)\\{0,7}(?P=quote)(?!\s{0,3}:)"
_WORDS = re.compile(rf"(?:(?i:(?<=passw)(?:or)?d)|(?<=psk)|(?<=pwd))(?:{_EQUALS}){_IN_QUOTES}")
_PHRASE = re.compile(rf"(?:\s(?:is|was|to)\s|{_EQUALS}){_IN_QUOTES}")
# `ord": "` after "passw": a field of JSON, which may be one of a tool, where words are no proof.
_FIELD = re.compile(r"(?:(?:or)?d)?\\{0,7}\"\s{0,24}:\s{0,24}\\{0,7}\"", re.IGNORECASE)
# "=raincoat-…" after "password" and "=sunflower" below a line of "user=me"
_ASSIGNED = re.compile(
    r"(?:(?i:(?<=passw)(?:or)?d)|(?<=pass)|(?<=psk)|(?<=pwd))"
    r"(?:\\{0,7}[\"'`])?\s{0,24}(?::=|=>|[:=])\s{0,3}"
    r"(?:\\{0,7}[\"'`])?(?P<value>[a-z]{3,20}(?:-[a-z]{3,20}){0,11}+)(?![\w.(\[{-])"
    r"(?P<end>[ \t]{0,3}(?:[\r\n]|\\{1,7}[rn\"]|\"|\Z))?"
)
_BELOW_A_USER = re.compile(r"user(?:name)?[ \t]{0,8}=[^\r\n\\]{1,100}(?:[\r\n]|\\{1,7}[rn]){1,4}\Z")
_REACH_OF_USER = 130
# Twelve words or more of a wallet.
_WALLET = re.compile(
    r"(?:\\{0,7}[\"'])?\s{0,3}(?:[:=]|\bis\b)\s{0,3}(?:\\{0,7}[\"'])?"
    r"(?P<words>(?:[a-z]{3,8} ){11,23}[a-z]{3,8})\b"
)
# ": X" after "New value"
_NEW = re.compile(
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


# What some words share: it is looked for once.
_ROOTS = ("/pass", "pass", "api", "cred")


type _IsOne = Callable[[re.Match[str], str], bool]


def _find_after(rest: str, is_one: _IsOne, kind: str) -> Finder:
    pattern = re.compile(rest)  # of most words the same one

    def find(text: str, lower: str, root: str) -> Iterator[Secret]:
        for match in after(text, lower, root, pattern):
            start = match.start("value")
            if root in _SHORT and _is_within(text, match.start() - len(root)):
                continue
            for value in _values(match["value"]):
                if is_one(match, value):
                    yield Secret(start, start + len(value), kind)
                    break

    return find


def _values(said: str) -> Iterator[str]:
    """What a sentence may say: all, or, in the path of a URL, what is before a "/"."""
    yield said.rstrip(_ENDS)
    if "/" in said and "://" not in said:
        yield said.partition("/")[0]


def _is_within(text: str, at: int) -> bool:
    """Whether a letter stands before this place, and not the one of an escaped line end."""
    return text[at - 1 : at].isalnum() and text[at - 2 : at] != "\\n"


def _is_password(match: re.Match[str], value: str) -> bool:
    if is_password(value):
        return "://" not in value
    if match["verb"] is None:
        return False
    is_quoted = match.string[match.start("value") - 1] in _OPENING
    return is_remembered_easily(value) or is_joined(value) or (is_quoted and is_said(value))


def _is_key(_match: re.Match[str], value: str) -> bool:
    return looks_random(value)


def _is_of_an_account(_match: re.Match[str], value: str) -> bool:
    return is_password(value) and "/" not in value


def _quoted(text: str, lower: str, word: str) -> Iterator[Secret]:
    """Words in quotes, which are a password because its name says so."""
    pattern, is_one = (_PHRASE, is_sentence) if word == "passphrase" else (_WORDS, is_said)
    for match in after(text, lower, word, pattern):
        if _FIELD.fullmatch(text, match.start(), match.start("value")):
            continue
        if is_one(match["value"]) or (word == "psk" and is_sentence(match["value"])):
            yield Secret(*match.span("value"), "password")


def _assigned(text: str, lower: str, word: str) -> Iterator[Secret]:
    """Four words or more that a password is made of; one in a file, below its user."""
    for match in after(text, lower, word, _ASSIGNED):
        at = match.start() - len(word)
        if is_joined(match["value"]) or (
            match["end"] is not None
            and is_said(match["value"])
            and _BELOW_A_USER.search(text, max(0, at - _REACH_OF_USER), at)
        ):
            yield Secret(*match.span("value"), "password")


def _changed_values(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _NEW):
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
    for match in after(text, lower, word, _WALLET):
        yield Secret(*match.span("words"), "seed-phrase")


WORDS: dict[str, tuple[Finder, ...]] = {
    "passw": (_quoted, _assigned),
    "pass": (_assigned,),
    "passphrase": (_quoted,),
    "psk": (_quoted,),
    "value": (_changed_values,),
    **dict.fromkeys(("mnemonic", "seed phrase", "seed_phrase", "recovery phrase"), (_phrases,)),
}
"""What finds words that are secret, and values that were changed, by a word before them."""


def _root(word: str) -> str:
    return next((root for root in _ROOTS if root in word), word)


def _rest(root: str, words: list[str]) -> str:
    """What stands behind the root of one of these words."""
    if words == [root]:
        return ""
    rests = []
    for word in sorted(words, key=len, reverse=True):
        before, _, rest = word.partition(root)
        rests.append((f"(?<={re.escape(before + root)})" if before else "") + re.escape(rest))
    return f"(?i:{'|'.join(rests)})"


def _sentences() -> Iterator[tuple[str, Finder]]:
    for words, said, is_one, kind in (
        ((*_PASSWORDS, *_SHORT), _SAID, _is_password, "password"),
        (_KEYS, _SAID, _is_key, "secret"),
        (_ACCOUNTS, _ACCOUNT, _is_of_an_account, "password"),
    ):
        by_root: dict[str, list[str]] = defaultdict(list)
        for word in words:
            by_root[_root(word)].append(word)
        for root, of_it in by_root.items():
            yield root, _find_after(_rest(root, of_it) + said, is_one, kind)


_ALL = [*_sentences()]
SENTENCES: list[tuple[str, Finder]] = [(root, find) for root, find in _ALL if root.isascii()]
"""What finds credentials in sentences, by a part of the word before them."""
# Words with other letters than those of English are looked for by one of these.
_BY_LETTER: dict[str, list[tuple[str, Finder]]] = defaultdict(list)
for _word, _find in _ALL:
    if not _word.isascii():
        _letter = next(letter for letter in _word if not letter.isascii())
        for _spelling in {_letter, _letter.upper()}:
            _BY_LETTER[_spelling].append((_word, _find))
# A letter as many programs spell it in JSON.
_ESCAPED = re.compile(r"\\{1,7}u([0-9A-Fa-f]{4})")


def in_other_letters(text: str) -> Iterator[Secret]:
    """The credentials in sentences with other letters than those of English."""
    yield from _by_letters(text)
    if "\\u" in text and _ESCAPED.search(text):
        yield from _in_escaped(text)


def _by_letters(text: str) -> Iterator[Secret]:
    if text.isascii():
        return
    letters = [letter for letter in _BY_LETTER if letter in text]
    if not letters:
        return
    folded = text.lower()
    if len(folded) != len(text):  # places would not be the same
        folded = text
    for letter in letters:
        for word, find in _BY_LETTER[letter]:
            yield from find(text, folded, word)


def _in_escaped(text: str) -> Iterator[Secret]:
    """What is found in the text without escapes, where it stands with them."""
    ends, longer = [0], [0]
    for match in _ESCAPED.finditer(text):
        longer.append(longer[-1] + len(match[0]) - 1)
        ends.append(match.end() - longer[-1])
    said = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    lower = said.encode("latin-1", "replace").lower().decode("latin-1")
    found = [_by_letters(said)]
    found += [find(said, lower, root) for root, find in SENTENCES if root in lower]
    for secret in chain.from_iterable(found):
        start, end = (at + longer[bisect_right(ends, at) - 1] for at in (secret.start, secret.end))
        yield Secret(start, end, secret.kind)
