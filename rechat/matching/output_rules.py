r"""The rules for what commands print, and for what agents put around that.

They are as linear as the others (`noise_rules`). Those in `OF_RESULTS` count in the results of
tools alone: elsewhere `in 30s` is an instruction.
"""

import re
from collections.abc import Callable

from rechat.matching.rule_words import BEGIN
from rechat.matching.rule_words import MONTH
from rechat.matching.rule_words import WEEKDAY
from rechat.matching.rule_words import Rule
from rechat.matching.rule_words import word

OF_RESULTS = frozenset({"addresses", "clock", "durations"})
"""The rules that count in the results of tools alone."""

# What clients that do not use the role `tool` put above a result: ReAct, aider, Cline.
_ABOVE_RESULT = re.compile(
    r"Observation:\s|I ran this command:\n|I committed the changes with git hash "
    r"|\[\w{1,40}(?: for '[^'\n]{0,400}')?\] Result:"
)

_DAY = r"\d{4}-\d\d-\d\d"
_SECONDS = r"\d\d:\d\d:\d\d"
_OFFSET = r"[+-]\d{4}"

# A line of `ls -l`. The number of links and the size of a folder depend on the file system, the
# owner on the user; so does the number of blocks, the total.
_MODE = r"[bcdlps-](?:[r-][w-][xsStT-]){3}"
_NAMED = r"[^\s\\]{1,64}+ ++"
_SIZE = r"(?:\d++, ++\d++|\d[\d.,]{0,20}+[KMGTP]?i?)"
_LISTED = (
    rf"(?:(?:{MONTH} {{1,2}}\d{{1,2}}|\d{{1,2}} {MONTH}) {{1,2}}(?:\d\d:\d\d|\d{{4}})"
    rf"|{_DAY} \d\d:\d\d(?::\d\d\.\d++ {_OFFSET})?+)"
)

# "0.004s", "12 ms", "1m 3.5s"; a whole number of seconds may be a setting that a file has.
_UNITS = r"(?:ns|[uµμ]s|ms|milliseconds)"
_PRECISE = (
    r"(?:(?:\d++ ?h ?)?(?:\d++ ?m(?:in)? ?)?"
    rf"(?:\d++(?:\.\d++)?+ ?{_UNITS}|\d++\.\d++ ?(?:s|secs?|seconds)))"
)
_WHOLE = r"(?:(?:\d++ ?h ?)?(?:\d++ ?m(?:in)? ?)?\d++ ?s|\d++ ?m)"
_SPAN = r"(?:second|minute|hour|day|week|month|year)s?"
_LINE_END = r"(?=[.!]?+[ \r]*+(?:$|\\[nr]|\"))"


def is_result(text: str) -> bool:
    """Whether the message of a user is the result of a tool, which some clients send as one."""
    return bool(_ABOVE_RESULT.match(text))


def _without_owner(line: re.Match[str]) -> str:
    size = "" if line["mode"].startswith("d") else f"{line['size']} "
    return f"{line['mode']} {size}<time>"


RULES: dict[str, Callable[[], tuple[Rule, ...]]] = {
    "file-times": lambda: (
        (
            re.compile(
                rf"(?=[bcdlps-][r-]){BEGIN}(?P<mode>{_MODE})[.+@]?+ ++\d++ ++{_NAMED}(?:{_NAMED})?"
                rf"(?P<size>{_SIZE}) ++{_LISTED}(?= )"
            ),
            _without_owner,
        ),
        (
            re.compile(
                rf"({word('total ')})\d[\d.]*+[KMGTP]?+(?=(?:\r?\n|(?:\\r)?\\n){_MODE}[ .+@])"
            ),
            r"\1<size>",
        ),
        (
            re.compile(rf"(?=[A-Z]){BEGIN}{MONTH} [ \d]\d (?:\d\d:\d\d| \d{{4}})(?= )"),
            "<time>",
        ),
        (re.compile(rf"(?<!\w){_DAY} {_SECONDS}\.\d{{9}} {_OFFSET}(?!\w)"), "<time>"),
        (
            re.compile(rf"({word('Device: ')})[\w,/:]++\s++Inode: \d++\s++Links: \d++(?!\w)"),
            r"\1<file>",
        ),
    ),
    "temp-names": lambda: (
        (
            re.compile(
                r"((?:/tmp|/T|\\Temp)(?:/|\\{1,2}))(?:tmp[a-z0-9_]{8}|tmp\.[A-Za-z0-9]{10})"
                r"(?![\w-]|\.\w)"
            ),
            r"\1<name>",
        ),
        (
            re.compile(r"(?:/private)?/var/folders/[\w+]{2}/[\w+]{20,40}/T(?![\w-])"),
            "<tmp>",
        ),
        (re.compile(r"(/pytest-of-)[\w.-]++/pytest-\d++(?!\w)"), r"\1<name>"),
    ),
    "durations": lambda: (
        (
            re.compile(
                rf"((?:{word('in ')}|{word('took ')}|{word('after ')})"
                rf"(?=\d)){_PRECISE}(?: \(\d++:\d\d:\d\d\))?+(?!\w)"
            ),
            r"\1<time>",
        ),
        (re.compile(rf"({word('in ')}(?=\d)){_WHOLE}{_LINE_END}", re.MULTILINE), r"\1<time>"),
        (re.compile(rf"(\((?=\d)){_PRECISE}(?=\))"), r"\1<time>"),
        (
            re.compile(
                r"(\b(?:time|duration|elapsed|took)\b(?: elapsed| taken)?:\s{1,12}(?=\d))"
                rf"(?:{_PRECISE}|{_WHOLE})(?!\w)",
                re.IGNORECASE,
            ),
            r"\1<time>",
        ),
        (re.compile(rf"({word('duration_ms')}[\": ]{{1,3}})\d++(?:\.\d++)?+"), r"\1<time>"),
        (
            re.compile(r"((?:real|user|sys)(?:\t|\\t| {1,4}))\d++m\d++[.,]\d++s(?!\w)"),
            r"\1<time>",
        ),
        (re.compile(rf"(\t|\\t){_PRECISE}{_LINE_END}", re.MULTILINE), r"\1<time>"),
    ),
    "clock": lambda: (
        (
            re.compile(
                rf"(?=[A-Z]){BEGIN}{WEEKDAY} {{1,2}}"
                rf"(?:{MONTH} {{1,2}}\d{{1,2}}|\d{{1,2}} {MONTH} \d{{4}}) {_SECONDS}(?: [AP]M)? "
                rf"(?:\d{{4}} {_OFFSET}|(?:[A-Z]{{3,4}}|[+-]\d\d(?:\d\d)?+)(?: \d{{4}})?+)(?!\w)"
            ),
            "<date>",
        ),
        (
            re.compile(
                rf"({word('Date: ')} {{0,3}})"
                rf"{_DAY}[ T]{_SECONDS}(?: ?{_OFFSET}|[+-]\d\d:\d\d|Z)(?!\w)"
            ),
            r"\1<date>",
        ),
        (
            re.compile(
                rf"(?=[\dAa]){BEGIN}(?:\d++|(?:About )?[Aa]n?) {_SPAN}(?:, \d++ {_SPAN})?+"
                r" ago(?!\w)"
            ),
            "<time> ago",
        ),
    ),
    "addresses": lambda: (
        (re.compile(rf"({word('at ')})0x[0-9a-f]{{6,16}}(?!\w)"), r"\1<address>"),
    ),
    "chunk-ids": lambda: (
        (re.compile(rf"({word('Chunk ID: ')})[0-9a-f]++(?!\w)"), r"\1<id>"),
        (re.compile(rf"({word('Original token count: ')})\d++(?!\w)"), r"\1<count>"),
    ),
    "task-ids": lambda: (
        (
            re.compile(
                rf"({word('background with ID: ')}|{word('agentId: ')}|<task-id>|/tasks/"
                rf"|{word('SendMessage with to: ')}')[a-z0-9]{{8,20}}(?!\w)"
            ),
            r"\1<id>",
        ),
        (re.compile(rf"({word('ses_')})[A-Za-z0-9]{{20,32}}(?!\w)"), r"\1<id>"),
    ),
    "process-ids": lambda: (
        (
            re.compile(rf"({word('Process Group PGID: ')}|{word('Background PIDs: ')})\d[\d, ]*+"),
            r"\1<id>",
        ),
    ),
    "wall-times": lambda: (
        (
            re.compile(rf"({word('Wall time: ')})\d++(?:\.\d++)?+ seconds(?!\w)"),
            r"\1<time>",
        ),
    ),
}
"""What makes the expressions of each rule, in the order in which they are used."""
