r"""What may differ in a result because of the call that led to it.

A bare `2026-11-26` may be of a file, and counts; so do `1234567`, `/srv/tmp.JtTcKaeIjy` and the
order of lines. They are noise only where the call asks for the time (`date +%F`, `time.time()`),
for commits (`git log`), for a temporary file (`mktemp`), for the machine (`uname -a`, `df`, `env`),
for processes (`ps`, `echo $!`), or for files, which tools list in the order of their times, and
`find` or `grep -r` in that of the disk. `ls -t` asks for that order: there it counts.
"""

import re
from collections.abc import Callable
from copy import copy
from functools import cache
from typing import Self

from rechat.matching import folders
from rechat.matching.output_rules import CLOCK
from rechat.matching.output_rules import FILE_ORDER
from rechat.matching.output_rules import MACHINE
from rechat.matching.output_rules import PROCESS_IDS
from rechat.matching.output_rules import is_result
from rechat.matching.rule_words import MONTH
from rechat.matching.rule_words import WEEKDAY
from rechat.matching.rule_words import Rule
from rechat.values import Call
from rechat.values import Message

COMMITS = "commits"
TEMP_NAMES = "temp-names"
VERSIONS = "versions"

# Words without which no command asks for the time: to look for them is fast.
_TIME_WORDS = ("date", "Date", "time.time(")
# `date` where a command begins, alone or with options or a format.
_ASKS_TIME = re.compile(
    r"(?:\A|[\"';&|(`\n]|\\n)\s{0,8}date(?=\s{0,4}(?:[;&|)`'\n\\]|\"(?!\s{0,4}:)|\Z)"
    r"|\s{1,4}(?:[+-]|\\?[\"']\+))"
    r"|\bGet-Date\b|\bdatetime\.(?:now|utcnow|today)\(|\bdate\.today\(|\btime\.time\("
    r"|\bDate\.now\(|\bnew Date\(\)"
)
_ASKS_COMMITS = re.compile(
    r"\bgit (?:-[cC] \S{1,400} )?(?:log|reflog|rev-parse|rev-list|show|blame|branch|cherry)\b"
)
_ASKS_TEMP_NAME = re.compile(r"\bmktemp\b|\btempfile\.\w|\bmkdtemp(?:Sync)?\(")
_COMMAND = r"(?:\A|[\"';&|(`\n]|\\n)\s{0,8}"
_COMMAND_END = r"(?=[\s;&|)`'\"\\]|\Z)"
_ASKS_MACHINE = re.compile(rf"{_COMMAND}(?:uptime|free|df|env|printenv|export -p){_COMMAND_END}")
_ASKS_PROCESSES = re.compile(
    rf"\$[!$](?!\w)|\bgetpid\(|\bprocess\.pid\b|{_COMMAND}(?:ps|pgrep|pidof|jobs){_COMMAND_END}"
)
_LISTS_FILES = re.compile(
    r"(?:\A|[_.-])(?:glob|grep|search_files|find_files)(?:\Z|[_.-])", re.IGNORECASE
)

# What walks through folders in the order in which the disk has their files.
_RECURSIVE = r"(?:\s{1,4}[^\s|;&]{1,200}+){0,4}?\s{1,4}(?:-\w{0,9}[rR]|--recursive)"
_WALKS = re.compile(
    r"(?:\A|[\"';&|(`\n]|\\n)\s{0,8}(?:find\s{1,4}(?:[./~$<-]|\S{1,200}+\s{1,4}-)"
    rf"|[ef]?grep{_RECURSIVE}|(?:rg|fd|fdfind|ag)\s{{1,4}}\S)"
    r"|\bos\.(?:walk|listdir|scandir)\(|\.(?:rglob|iterdir)\(|\bglob\.i?glob\(|\breaddir(?:Sync)?\("
)

# What shows lines of a file, or files by their times, in an order that counts, beside a walk too.
# Behind `|` it is the walk that is shown.
_IN_ORDER = re.compile(
    r"(?:\A|[\"';&(`\n]|\|\||\\n)\s{0,8}"
    r"(?:(?:cat|tac|nl|bat|head|tail|less|more|sed|awk)\s{1,4}\S"
    rf"|[ef]?grep\b(?!{_RECURSIVE})|ls\s(?:[^|;&\n]{{0,200}}?\s)?-\w{{0,9}}[tSU])"
)

_ZONE = r"(?: ?(?:Z|[A-Z]{3,4}|[+-]\d\d(?::?\d\d)?))?"
_TIME = rf"\d{{1,2}}:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?(?: ?[AaPp][Mm])?{_ZONE}"
_DAY = (
    r"(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)"
    rf"|{MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {MONTH},? \d{{4}})"
)
_STAMP = (
    rf"(?:(?:{WEEKDAY},? )?{_DAY}(?:(?:[T _]|, )(?:{_TIME}|\d\d-\d\d-\d\d))?"
    rf"|20\d{{6}}(?:[-_T]?\d{{4,6}}Z?)?|{_TIME}"
    r"|1\d{9}(?:\.\d{1,9}|\d{9}|\d{6}|\d{3})?"
    rf"|{WEEKDAY}|20\d\d)"
)
# Where a line begins and ends, also in JSON and in a tag.
_BEGIN = r"(?:^|(?<=[\">])|(?<=\\n)|(?<=^Output: ))"
_END = r"(?=[\r\n<\"]|\\[rn]|\Z)"
_TEMP_NAME = r"tmp(?:\.[A-Za-z0-9]{10}|[a-z0-9_]{8})(?![\w-]|\.\w)"
# A path on a line of its own, or with what was found in the file: `a/b.py:2:x`, `a/b.py-3-y`.
_FOUND = (
    r"(?!Output: )(?=[A-Z]|[^\s:]{0,200}?[/.])(?:[^\s:-]|-(?!\d{1,7}-)){1,400}+"
    r"(?:-\d{1,7}-[^\n]*+|:[^\n]*+)?+(?=\n|\Z)"
)
_PATH = r"(?:<cwd>|<home>|/|[A-Za-z]:\\|\.{1,2}/)[^\n]*"


_AMOUNT = r"\d[\d.]*+[KMGTP]?+i?+"


def _files_in_order(lines: re.Match[str]) -> str:
    """Lines in the order of their files; those of one file as they were."""
    found = [line for line in lines[0].split("\n") if line != "--"]
    return "\n".join(sorted(found, key=_file_of))


def _file_of(line: str) -> str:
    file = _file().match(line)
    return file[0] if file else line


@cache
def _file() -> re.Pattern[str]:
    return re.compile(r"(?:[A-Za-z]:\\)?+[^:]*?(?=-\d{1,7}-|:)")


def _blocks_in_order(blocks: re.Match[str]) -> str:
    return "\n\n".join(sorted(blocks[0].split("\n\n")))


_RULES: dict[str, Callable[[], tuple[Rule, ...]]] = {
    CLOCK: lambda: ((re.compile(rf"{_BEGIN}{_STAMP}{_END}", re.MULTILINE), "<date>"),),
    COMMITS: lambda: (
        (
            # At the beginning of a line, or after the name of a branch: `* main 1234567 Add`.
            re.compile(
                rf"{_BEGIN}([* +] [^\s]{{1,200}} ++)?[0-9a-f]{{7,12}}(?= [^\n]|{_END})",
                re.MULTILINE,
            ),
            r"\1<commit>",
        ),
    ),
    TEMP_NAMES: lambda: (
        (
            # In a folder of whatever name: `TMPDIR` says where.
            re.compile(
                rf"(?=/){folders.START}(?:/(?!{_TEMP_NAME})[.{folders.NAME}]++)*+/"
                rf"(?:<name>|{_TEMP_NAME})"
            ),
            "<tmp>/<name>",
        ),
    ),
    MACHINE: lambda: (
        (re.compile(rf"{_BEGIN}((?:Mem|Swap|Total):)(?: ++{_AMOUNT})++", re.MULTILINE), r"\1"),
        (
            # Of the file systems, where they are counts.
            re.compile(
                rf"{_BEGIN}(?:Filesystem [^\n\"\\]{{1,100}}? Mounted"
                rf"|[^\s\"\\]{{1,400}}+(?: ++{_AMOUNT}){{3}} ++\d{{1,3}}%)(?= )",
                re.MULTILINE,
            ),
            "<machine>",
        ),
        (
            re.compile(
                rf"{_BEGIN}((?:[A-Z_]{{1,40}}_PID|SHLVL|TZ|HOME|HOSTNAME|SSH_\w{{1,20}}"
                rf"|[A-Z_]{{1,40}}_SOCK(?:ET)?)=)[^\n\"\\]*+",
                re.MULTILINE,
            ),
            r"\1<value>",
        ),
        (
            # Where rechat listens: another port each time.
            re.compile(
                rf"({_BEGIN}(?:\w{{1,40}}_)?(?:BASE_URL|API_BASE|PROXY|proxy)="
                r"|\b(?:baseURL|base_?[Uu]rl)\\?\": ?\\?\")"
                r"(https?://(?:localhost|127[.]0[.]0[.]1|\[::1\])):\d++",
                re.MULTILINE,
            ),
            r"\1\2:<port>",
        ),
    ),
    PROCESS_IDS: lambda: (
        (re.compile(r"\b((?:pid|PID)[ =:]{1,3})\d{2,8}(?!\w)"), r"\1<id>"),
        (
            re.compile(
                rf"{_BEGIN}\S{{1,32}} ++\d++(?: ++\d++[.]\d){{2}}(?: ++\d++){{2}}"
                r"(?: ++\S{1,20}){3} ++\d++:\d\d(?:[.]\d\d)?+(?= )",
                re.MULTILINE,
            ),
            "<process>",
        ),
        (
            re.compile(
                rf"{_BEGIN}(?:[a-z_]\S{{0,31}} ++)? {{0,12}}+\d++(?: ++\d++){{0,2}}"
                r"(?: ++\S{1,20}){1,2} ++\d\d:\d\d:\d\d(?= )",
                re.MULTILINE,
            ),
            "<process>",
        ),
        (
            re.compile(
                rf"{_BEGIN}(\[\d{{1,3}}\][+-]? {{1,4}})?+ {{0,12}}+\d{{2,8}}(?: ++\d{{1,8}})?+"
                rf"(?= |{_END})",
                re.MULTILINE,
            ),
            r"\1<id>",
        ),
    ),
    VERSIONS: lambda: (
        (
            re.compile(
                rf"{_BEGIN}((?:Linux|Darwin) )[\w.-]{{1,64}} \d{{1,2}}\.\d[^\n\"\\]{{0,300}}?"
                r"(?= (?:x86_64|aarch64|arm64)\b)",
                re.MULTILINE,
            ),
            r"\1<version>",
        ),
    ),
    FILE_ORDER: lambda: (
        (
            re.compile(rf"(?:^|(?<=^Output: )){_FOUND}(?:\n(?:--\n)?+{_FOUND})++", re.MULTILINE),
            _files_in_order,
        ),
        (re.compile(rf"^{_PATH}(?<!:)(?:\n{_PATH}(?<!:))++$", re.MULTILINE), _files_in_order),
        (
            re.compile(
                rf"^{_PATH}:(?:\n [^\n]*+)++(?:\n\n{_PATH}:(?:\n [^\n]*+)++)++", re.MULTILINE
            ),
            _blocks_in_order,
        ),
    ),
}


@cache
def rules_called(kind: str) -> tuple[Rule, ...]:
    """What a rule finds besides in the results of calls that ask for it."""
    return _RULES[kind]()


def kinds_in(command: str) -> frozenset[str]:
    """The rules that find more in the result of a command, or of a call with these arguments."""
    kinds: set[str] = set()
    if any(word in command for word in _TIME_WORDS) and _ASKS_TIME.search(command):
        kinds.add(CLOCK)
    if "git " in command and _ASKS_COMMITS.search(command):
        kinds.add(COMMITS)
    if "temp" in command and _ASKS_TEMP_NAME.search(command):
        kinds.add(TEMP_NAMES)
    if "uname " in command:
        kinds.add(VERSIONS)
    if _ASKS_MACHINE.search(command):
        kinds.add(MACHINE)
    if _ASKS_PROCESSES.search(command):
        kinds.add(PROCESS_IDS)
    if _WALKS.search(command) and not _IN_ORDER.search(command):
        kinds.add(FILE_ORDER)
    return frozenset(kinds)


class Called:
    """What the results of a conversation were asked for, message after message. Results have the
    number of their call for its id; those that clients send as messages of the user have none.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, frozenset[str]] = {}

    def hear(self, message: Message) -> frozenset[str]:
        """The rules that find more in the next message, because of its call."""
        match message.role:
            case "assistant":
                self._kinds = message.once(_kinds_of_calls, lambda: _kinds_of_calls(message))
            case "tool" | "function" if self._kinds:
                number = message.fields.get("tool_call_id")
                return self._kinds.get(str(number), frozenset())
            case "user":
                own = message.once(_kinds_of_result, lambda: _kinds_of_result(message))
                return frozenset() if own is None else own.union(*self._kinds.values())
        return frozenset()

    def fork(self) -> Self:
        """Another one that knows the same, and hears what comes by itself."""
        return copy(self)


def _kinds_of_calls(message: Message) -> dict[str, frozenset[str]]:
    """The rules for the result of each call, by its number, and for that of what the text asks for;
    none for most.
    """
    calls = message.parts_of(Call) if message.parts else []
    kinds = {str(number): _kinds_of(call) for number, call in enumerate(calls, 1)}
    kinds[""] = kinds_in(message.text)
    return {number: found for number, found in kinds.items() if found}


def _kinds_of_result(message: Message) -> frozenset[str] | None:
    """The rules for a result that names its command; None if the message is no result."""
    text = message.text
    return kinds_in(text) if is_result(text) else None


def _kinds_of(call: Call) -> frozenset[str]:
    lists_files = {FILE_ORDER} if _LISTS_FILES.search(call.name) else set[str]()
    return kinds_in(call.arguments) | lists_files
