"""Logins in what a client and a server said to each other: IMAP, SMTP, POP3, FTP, IRC, Redis."""

import re
from base64 import b64decode
from collections.abc import Iterator

from rechat.values.secrets.kinds import Secret
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_stand_in
from rechat.values.secrets.places import Finder
from rechat.values.secrets.places import after

_END = r"(?:\r?\n|(?:\\{1,7}r)?\\{1,7}n)"
_AT_END = rf"[ \t]{{0,3}}(?={_END}|\Z|\\{{0,7}}[\"'`])"
_AT_START = r"(?:\A|[\r\n\"'`/]|\\[rn])[ \t]{0,3}"
_QUOTE = r"(?:\\{0,7}\")?"
# "C: ", "---> ", "> ", "127.0.0.1:6379> ": who speaks
_SPEAKER = r"(?:[CS]: ?|[-<=]{0,4}> ?|[\w.@:\[\]-]{1,60}> ?)?"

# " me@example.com x" after "a1 LOGIN", of IMAP
_LOGIN = re.compile(
    rf"[ ]{{1,3}}(?:\\{{0,7}}\"[^\"\\]{{1,100}}+\\{{0,7}}\"|[^\s\"\\]{{1,100}}+)[ ]{{1,3}}"
    rf"{_QUOTE}(?P<password>[^\s\"\\\[\]]{{4,200}}+){_QUOTE}(?P<end>{_AT_END})?"
)
_TAG = re.compile(r"(?:\A|[\s\"'`/]|\\[rn])(?:(?P<sure>[A-Za-z]{1,3}[0-9]{1,6}|\.)|[0-9]{1,6}) \Z")
_LONGEST_TAG = 14

# " PLAIN AGFiYwB4" after "AUTH", of SMTP, POP3 and IMAP, and the answers to challenges
_MECHANISM = re.compile(
    r"(?:enticate)?[ ]{1,2}(?:\\{0,7}\")?(?:plain|login|cram-md5|digest-md5|ntlm|gssapi|xoauth2?"
    r"|oauthbearer|scram-[a-z0-9-]{4,20})\b(?:\\{0,7}\")?"
    r"(?:[ ](?P<token>[A-Za-z0-9+/]{8,4000}+={0,2}))?",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    rf"[ \t]{{0,3}}{_END}[ \t]{{0,3}}(?:S: ?|<[-=]{{0,3}} ?)?(?:334|\+)[^\r\n\\]{{0,2000}}+{_END}"
    rf"[ \t]{{0,3}}{_SPEAKER}(?P<token>[A-Za-z0-9+/]{{2,4000}}+={{0,2}}){_AT_END}"
)
_MOST_ANSWERS = 4

# " x" after "PASS" on a line of its own, with a line of "USER" or "NICK" near it
_PASS = re.compile(rf"[ ]{{0,2}}:?(?P<password>[^\s\"'\\/\[\]]{{4,200}}+){_AT_END}")
_LINE = re.compile(_AT_START + _SPEAKER + r"\Z")
_USER = re.compile(rf"{_AT_START}{_SPEAKER}(?:USER|User|NICK) [^\s/]")
_REACH = 400
_LONGEST_SPEAKER = 70

# " me x" after "AUTH" on a line of its own; "$12", "x" on lines after it
_REDIS = re.compile(
    rf"[ ]{{1,3}}(?:[\w.@-]{{1,60}}+[ ]{{1,3}})?{_QUOTE}"
    rf"(?P<password>[^\s\"'\\<>\[\]]{{6,200}}+){_QUOTE}{_AT_END}"
)
_HELLO = re.compile(rf"{_AT_START}{_SPEAKER}(?:HELLO [23] )?\Z")
_RESP = re.compile(
    rf"(?:{_END}\$[0-9]{{1,4}}{_END}(?P<password>[^\s\"\\\[\]]{{1,200}}+)(?={_END}|\Z)){{1,2}}"
)
_RULES = re.compile(r"[^\r\n\\]{1,300}+")
_RULE = re.compile(r"[ ]>(?P<password>[^\s\"'\\\[\]]{4,200}+)")


def _imap(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _LOGIN):
        at = match.start() - len(word)
        tag = _TAG.search(text, max(0, at - _LONGEST_TAG), at)
        said = match["password"]
        is_sure = tag and tag["sure"] and match["end"] is not None and text.startswith("LOGIN", at)
        if tag and (is_password(said) or (is_sure and not is_stand_in(said))):
            yield Secret(*match.span("password"), "password")


def _sasl(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _MECHANISM):
        token = match["token"]
        if token and (looks_random(token) or _has_a_user(token)):
            yield Secret(*match.span("token"), "basic-auth")
        at = match.end()
        for _ in range(_MOST_ANSWERS):
            answer = _ANSWER.match(text, at)
            if not answer:
                break
            yield Secret(*answer.span("token"), "basic-auth")
            at = answer.end("token")


def _has_a_user(token: str) -> bool:
    """Whether this is what PLAIN sends: a user and a password between zeros."""
    try:
        return b"\0" in b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return False


def _pass(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _PASS):
        at = match.start() - len(word)
        start, end, said = match.start("password"), match.end("password"), match["password"]
        if (
            text[at : at + 4] in ("PASS", "Pass")
            and _LINE.search(text, max(0, at - _LONGEST_SPEAKER), at)
            and (_USER.search(text, max(0, at - _REACH), at) or _USER.search(text, end, end + 100))
            and (is_password(said) or (text[at] + text[at + 1] == "PA" and _is_word(said)))
        ):
            yield Secret(start, end, "password")


def _is_word(said: str) -> bool:
    return "." not in said and not is_stand_in(said)


def _redis(text: str, lower: str, word: str) -> Iterator[Secret]:
    for match in after(text, lower, word, _REDIS):
        at = match.start() - len(word)
        if is_password(match["password"]) and _HELLO.search(
            text, max(0, at - _LONGEST_SPEAKER), at
        ):
            yield Secret(*match.span("password"), "password")
    for match in after(text, lower, word, _RESP):
        if not is_stand_in(match["password"]):
            yield Secret(*match.span("password"), "password")


def _setuser(text: str, lower: str, word: str) -> Iterator[Secret]:
    for rules in after(text, lower, word, _RULES):
        for match in _RULE.finditer(text, *rules.span()):
            yield Secret(*match.span("password"), "password")


PROTOCOLS: dict[str, tuple[Finder, ...]] = {
    "login": (_imap,),
    "auth": (_sasl, _redis),
    "pass ": (_pass,),
    "setuser": (_setuser,),
}
"""What finds the logins of protocols, by a word of them."""
