r"""Values that vary between otherwise identical requests: dates, folders, ids of runs, durations.

Each rule has a name, and a transcript lists those that are needed (`rechat: {normalise: […]}`); the
recorder writes down what it finds. Only matching uses them: the file keeps every word.

What a person writes always counts word for word. So the rules apply to what programs write: system
messages, blocks such as `<environment_context>` in a user's message, the output of tools, and what
was answered; dates count everywhere but in the first two. They replace whole values: a path only as
a path, a hash only as a hash, nothing within another word.

- `dates`: a date after the word "date": `Today's date is 2026-11-23`, `<current_date>…`
- `cwd`: the folder a program works in, once it is named: `<cwd>/home/me/x</cwd>`, `Working
  directory: /home/me/x`; and the same with dashes for slashes
- `home`: `/home/me`, `/Users/me`, `C:\Users\me`, and whatever stands before `/.claude`, `/.codex`
- `timezones`: `<timezone>Europe/Berlin</timezone>`
- `versions`: `OS Version: Linux 6.1`, `cc_version=2.1.330.fe5`
- `commits`: hashes of git commits
- `uuids`: ids such as `01a2073d-d5d4-7972-ae41-2a3946fa3655`
- `file-times`: dates in the lists of `ls -l`
- `chunk-ids` and `wall-times`: what Codex puts above the output of a command
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import takewhile

from rechat.matching import folders
from rechat.values import AnyAnswer
from rechat.values import Message
from rechat.values import Remembered
from rechat.values import dump
from rechat.values import in_answer
from rechat.values import in_enclosed
from rechat.values import in_message

type Rewrite = Callable[[str], str]

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY = (
    r"(?:(?:Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:r(?:s(?:day)?)?)?|Fri(?:day)?"
    r"|Sat(?:urday)?|Sun(?:day)?),? )?"
)
_DATE = (
    r"(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d++)?+)?+(?:Z|[+-]\d\d:?\d\d)?+)?+"
    rf"|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|{_DAY}{_MONTH} \d{{1,2}},? \d{{4}}"
    rf"|{_DAY}\d{{1,2}} {_MONTH} \d{{4}})"
)
# Where a word begins; in the arguments of a call one begins after `\n`, too.
_BEGIN = r"(?:(?<!\w)|(?<=\\[nrt]))"
_USER = rf"[{folders.NAME}]++(?:\.++[{folders.NAME}]++)*+"


def _word(text: str) -> str:
    """An expression for words that begin as one. The text stands first, which makes the search
    fast.
    """
    return rf"{text}(?:(?<!\w{text})|(?<=\\[nrt]{text}))"


_RULES: dict[str, tuple[re.Pattern[str], str]] = {
    "dates": (
        re.compile(
            rf"((?=\w){_BEGIN}(?:\w+_)?date\b[^\n\d]{{0,12}}?)(?<!\w){_DATE}(?![\w/-])",
            re.IGNORECASE,
        ),
        r"\1<date>",
    ),
    "home": (
        re.compile(
            rf"(?=/|[A-Za-z]:){folders.START}(?:(?:(?:/var)?/home/|(?:(?:/mnt)?/[a-z])?/Users/"
            rf"|[A-Za-z]:\\{{1,2}}Users\\{{1,2}}){_USER}"
            rf"|(?:/(?!\.(?:claude|codex)\b)[.{folders.NAME}]++)++(?=/\.(?:claude|codex)\b))"
        ),
        "<home>",
    ),
    "timezones": (re.compile(r"(<timezone>)[^<\n]+"), r"\1<zone>"),
    "versions": (
        re.compile(rf"({_word('OS Version: ')})[^\n;]++|({_word('cc_version=')})[^\s;]++"),
        r"\1\2<version>",
    ),
    "commits": (
        re.compile(
            r"(?=[0-9a-f])(?:(?<![\w#-])(?<!\w\.)|(?<=\\[nrt]))(?=[0-9]{0,39}[a-f])(?=[a-f]{0,39}[0-9])"
            r"(?:[0-9a-f]{40}|[0-9a-f]{7,12})(?![\w-]|\.\w)"
        ),
        "<commit>",
    ),
    "uuids": (
        re.compile(
            rf"(?=[0-9a-f]){_BEGIN}[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}(?!\w|-[0-9a-f])",
            re.IGNORECASE,
        ),
        "<uuid>",
    ),
    "file-times": (
        re.compile(rf"(?=[A-Z]){_BEGIN}{_MONTH} [ \d]\d (?:\d\d:\d\d| \d{{4}})(?= )"),
        "<time>",
    ),
    "chunk-ids": (re.compile(rf"({_word('Chunk ID: ')})[0-9a-f]++(?!\w)"), r"\1<id>"),
    "wall-times": (
        re.compile(rf"({_word('Wall time: ')})\d++(?:\.\d++)?+ seconds(?!\w)"),
        r"\1<time>",
    ),
}
_BLOCKS = "system-reminder|environment_context|environment_details|env|user_info"
CWD = "cwd"
RULES = (CWD, *_RULES)
"""The names of the rules, in the order in which they are used."""

# How many sets of rules and folders are at work at once, and how many characters of texts are
# remembered of each kind of message.
_CONVERSATIONS = 8
_ROOM = 1 << 21
# A path is no longer than that on most systems.
_LONGEST = 1024
_CWD = re.compile(
    r"(?:<cwd>|\b[Ww]orking [Dd]irectory: ?)"
    rf"(?P<path>(?:/|[A-Za-z]:\\)[^\n<>`\"]{{1,{_LONGEST}}}+)(?![^\n<>`\"])"
)


class Noise:
    """Takes the noise out of a conversation that begins with `opening`, message after message."""

    def __init__(self, rules: Iterable[str], opening: Iterable[Message] = ()) -> None:
        self.rules = tuple(rules)
        self.folder = folder_of(opening) if CWD in self.rules else ""
        self._quiet = _quiet_of(self.rules, self.folder) if self.rules else None

    def __call__(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The takes of one message without noise; the same messages if no rule is on."""
        quiet = self._quiet
        return tuple([quiet.message(message) for message in messages]) if quiet else messages


class _Quiet:
    """Rules for the conversations of one folder. All turns of a conversation repeat its earlier
    messages, so what became of their texts is remembered.
    """

    def __init__(self, rules: tuple[str, ...], folder: str) -> None:
        every = [_RULES[name] for name in rules if name in _RULES]
        undated = [_RULES[name] for name in rules if name in _RULES and name != "dates"]
        self._system = _of_texts(folder, lambda text: _replaced(text, every))
        self._user = _of_texts(
            folder, lambda text: in_enclosed(text, lambda part: _replaced(part, every), _BLOCKS)
        )
        self._other = _of_texts(folder, lambda text: _replaced(text, undated))

    def message(self, message: Message) -> Message:
        """The message without noise."""
        match message.role:
            case "system" | "developer":
                return in_message(message, *self._system)
            case "user":
                return in_message(message, *self._user)
            case _:
                return in_message(message, *self._other)


_quiet_of = lru_cache(_CONVERSATIONS)(_Quiet)


def _of_texts(folder: str, change: Rewrite) -> tuple[Remembered[str], Remembered[str]]:
    """A change for the texts of a message, after the folder is taken out; and the same for the
    arguments of a call, where JSON spells the folder.
    """
    if not folder:
        found = Remembered(change, _ROOM)
        return found, found
    path, dashed = folders.replacer(folder, "<cwd>"), folders.dashed(folder)
    quoted = folders.replacer(_quoted(folder), "<cwd>")

    def homeless(text: str) -> str:
        return dashed.sub("<cwd>", path(text))

    return (
        Remembered(lambda text: change(homeless(text)), _ROOM),
        Remembered(lambda text: change(homeless(quoted(text))), _ROOM),
    )


def _replaced(text: str, rules: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, stand_in in rules:
        text = pattern.sub(stand_in, text)
    return text


def needed(messages: Iterable[Message]) -> tuple[str, ...]:
    """The rules that a conversation needs to match another day, in another folder: what is found in
    what was given; and all that agents need, if it names the folder it works in.
    """
    messages = list(messages)
    given = [message for message in messages if message.role != "assistant"]
    if folder_of(messages):
        return RULES
    rule = Noise(["dates"])
    return ("dates",) if any(rule((message,)) != (message,) for message in given) else ()


def folder_of(messages: Iterable[Message]) -> str:
    """The folder that a conversation names, before the model says anything, as the one it works in;
    empty if it names none.
    """
    given = takewhile(lambda message: message.role != "assistant", messages)
    return next(filter(None, map(_folder, given)), "")


def moved(answer: AnyAnswer, old: str, new: str) -> AnyAnswer:
    """The answer with another folder in the place of the one it was recorded in; the very same
    answer if it does not name that.
    """
    if not new or folders.is_root(old) or old == new:
        return answer
    changed = in_answer(
        answer, folders.replacer(old, new), folders.replacer(_quoted(old), _quoted(new))
    )
    return answer if changed == answer else changed


def _folder(message: Message) -> str:
    return _folder_in(message.text)


def _find_folder(text: str) -> str:
    found = _CWD.search(text)
    path = found["path"].rstrip() if found else ""
    return "" if folders.is_root(path) else path.rstrip("/\\")


_folder_in = Remembered(_find_folder, _ROOM)


def _quoted(folder: str) -> str:
    return dump(folder)[1:-1]
