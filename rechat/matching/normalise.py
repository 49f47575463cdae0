r"""What a program says in other words each time although it means the same: dates, folders, ids of
runs, durations.

Each rule has a name, and a transcript lists those that are needed (`rechat: {normalise: […]}`); the
recorder writes down what it finds. Only matching uses them: the file keeps every word.

What a person asks always counts to the letter. So the rules are for what programs say: system
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
from collections.abc import Iterable
from itertools import takewhile

from rechat.matching import folders
from rechat.values import AnyAnswer, Message, dump, in_answer, in_enclosed, in_message

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

    def __call__(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The takes of one message without noise; the very same if no rule is on."""
        if not self.rules:
            return messages
        return tuple(self._quiet_message(message) for message in messages)

    def _quiet_message(self, message: Message) -> Message:
        if self.folder:
            message = in_message(message, self._homeless, self._homeless_json)
        match message.role:
            case "system" | "developer":
                return in_message(message, self._quiet)
            case "user":
                return in_message(message, lambda text: in_enclosed(text, self._quiet, _BLOCKS))
            case _:
                return in_message(message, lambda text: self._quiet(text, but=("dates",)))

    def _homeless(self, text: str) -> str:
        """The text without the folder."""
        text = folders.replacer(self.folder, "<cwd>")(text)
        return folders.dashed(self.folder).sub("<cwd>", text)

    def _homeless_json(self, text: str) -> str:
        """The same for the arguments of a call, where JSON spells the folder."""
        return self._homeless(folders.replacer(_quoted(self.folder), "<cwd>")(text))

    def _quiet(self, text: str, but: tuple[str, ...] = ()) -> str:
        for name in self.rules:
            if name in _RULES and name not in but:
                pattern, stand_in = _RULES[name]
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
    found = _CWD.search(message.text)
    path = found["path"].rstrip() if found else ""
    return "" if folders.is_root(path) else path.rstrip("/\\")


def _quoted(folder: str) -> str:
    return dump(folder)[1:-1]
