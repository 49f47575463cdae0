"""Credentials in sentences: what follows the word for a password or a key of an API, in the
languages of many people ("Das Passwort für den Server lautet …"), and accounts ("login: me / …").
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_remembered_easily
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
_SAID = re.compile(
    rf"[^\W\d_]{{0,4}}{_MARKS}{_WHOSE}{_MARKS}(?:{_SAYS}){_MARKS}\s{{0,3}}{_QUOTES}{_VALUE}"
)
# ": me / Sup3r5ecret", after "login"
_ACCOUNT = re.compile(
    rf"{_MARKS}(?:\s{{1,3}}(?:is|are|sind|son|sont|sono|zijn)\b|\s{{0,3}}[:=])\s{{0,3}}{_QUOTES}"
    rf"[\w.@+-]{{1,60}}{_MARKS}\s{{0,3}}[/|:]\s{{0,3}}{_QUOTES}{_VALUE}"
)
_ENDS = ".,:;!?*_"


def _passwords(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _SAID):
        if word in _SHORT and _is_within(text, match.start() - len(word)):
            continue
        value = match["value"].rstrip(_ENDS)
        if "://" not in value and (
            is_password(value) or (match["verb"] and is_remembered_easily(value))
        ):
            yield _of(match, "password")


def _is_within(text: str, at: int) -> bool:
    """Whether a letter stands before this place, and not the one of an escaped line end."""
    return text[at - 1 : at].isalnum() and text[at - 2 : at] != "\\n"


def _keys(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _SAID):
        if looks_random(match["value"].rstrip(_ENDS)):
            yield _of(match, "secret")


def _accounts(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _ACCOUNT):
        value = match["value"].rstrip(_ENDS)
        if is_password(value) and "/" not in value:
            yield _of(match, "password")


def _of(match: re.Match[str], kind: str) -> Secret:
    start = match.start("value")
    return Secret(start, start + len(match["value"].rstrip(_ENDS)), kind)


_FINDERS: dict[str, Finder] = {
    **dict.fromkeys((*_PASSWORDS, *_SHORT), _passwords),
    **dict.fromkeys(_KEYS, _keys),
    **dict.fromkeys(_ACCOUNTS, _accounts),
}
# What some words share is looked for once; of words with other letters than those of English, one
# of these letters.
_ROOTS = ("pass", "api", "cred")
_BY_ROOT: dict[str, list[str]] = defaultdict(list)
_BY_LETTER: dict[str, list[str]] = defaultdict(list)
for _word in _FINDERS:
    if _word.isascii():
        _BY_ROOT[next((root for root in _ROOTS if root in _word), _word)].append(_word)
    else:
        _letter = next(letter for letter in _word if not letter.isascii())
        for _spelling in {_letter, _letter.upper()}:
            _BY_LETTER[_spelling].append(_word)
# A letter as many programs spell it in JSON.
_ESCAPED = re.compile(r"\\{1,7}u([0-9A-Fa-f]{4})")


def in_sentences(text: str, lower: str) -> Iterator[Secret]:
    """The credentials in sentences. `lower` is the text in lower case, letter by letter."""
    yield from _find(text, lower)
    if "\\u" in text and _ESCAPED.search(text):
        yield from _in_escaped(text)


def _find(text: str, lower: str) -> Iterator[Secret]:
    for root in [root for root in _BY_ROOT if root in lower]:
        for word in _BY_ROOT[root]:
            yield from _FINDERS[word](text, lower, word)
    if text.isascii():
        return
    folded = text.lower()
    if len(folded) != len(text):  # places would not be the same
        folded = text
    for letter in _BY_LETTER.keys() & set(text):
        for word in _BY_LETTER[letter]:
            yield from _FINDERS[word](text, folded, word)


def _in_escaped(text: str) -> Iterator[Secret]:
    """What is found in the text without escapes, where it stands with them."""
    ends, longer = [0], [0]
    for match in _ESCAPED.finditer(text):
        longer.append(longer[-1] + len(match[0]) - 1)
        ends.append(match.end() - longer[-1])
    said = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    lower = said.encode("latin-1", "replace").lower().decode("latin-1")
    for secret in _find(said, lower):
        start, end = (at + longer[bisect_right(ends, at) - 1] for at in (secret.start, secret.end))
        yield Secret(start, end, secret.kind)
