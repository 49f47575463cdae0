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

CLOCK = "clock"
MACHINE = "machine"
PROCESS_IDS = "process-ids"
TASK_IDS = "task-ids"
OF_RESULTS = frozenset({"addresses", CLOCK, "durations", MACHINE, "runs"})
"""The rules that count in the results of tools alone."""

FILE_ORDER = "file-order"
"""The rule that counts in the files that aider shows."""

# What clients that do not use the role `tool` put above a result: ReAct, aider, Cline.
_ABOVE_RESULT = re.compile(
    r"Observation:\s|I ran this command:\n|I committed the changes with git hash "
    r"|\[\w{1,40}(?: for '[^'\n]{0,400}')?\] Result:"
)
# What aider puts above the files of a chat, whose order is another one each time.
_LISTING = re.compile(
    r"\A(?:[^\n*]{0,80}\*added these files to the chat\*|Here are some READ ONLY files, )[\s\S]*+"
)
_FILE = re.compile(r"^[^\n]{1,1000}\n(?:(`{3,8})|<([a-z]{3,12})>)$", re.MULTILINE)
# A conversation that aider quotes, to have it summed up or a commit named: `# USER`, `USER: …`.
_QUOTED = re.compile(
    r"^(?:# )?USER(?:: |\n)(?=I ran this command:\n)"
    r"(?:(?!\n(?:# )?(?:USER|ASSISTANT|SYSTEM)(?:: |\n))[\s\S])*+",
    re.MULTILINE,
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


def lists_files(text: str) -> bool:
    """Whether the message of a user shows files, as aider does."""
    return bool(_LISTING.match(text))


def results_in(text: str) -> list[str]:
    """The results of tools in a conversation that a user's message quotes."""
    return _QUOTED.findall(text) if "I ran this command:" in text else []


def in_results(text: str, change: Callable[[str], str]) -> str:
    """The text with each of these changed."""
    if "I ran this command:" not in text:
        return text
    return _QUOTED.sub(lambda quoted: change(quoted[0]), text)


def _without_owner(line: re.Match[str]) -> str:
    size = "" if line["mode"].startswith("d") else f"{line['size']} "
    return f"{line['mode']} {size}<time>"


def _without_notices(notices: re.Match[str]) -> str:
    """The blank lines above notices: one of them is pip's own, or that of `time`, and some agents
    trim those at the end of what was printed.
    """
    above = notices[1].removesuffix("\n") if notices[2].startswith(("[", "real\t")) else notices[1]
    if notices.end() < len(notices.string):
        return above[:1]
    return above if notices[2].endswith("\n") else ""


def _log_time() -> re.Pattern[str]:
    """The time at the beginning of a line of a log: in brackets, or before the level."""
    day = rf"{_DAY}[ T]{_SECONDS}(?:[.,]\d{{1,9}})?(?:Z| ?[+-]\d\d:?\d\d)?"
    clock = r"\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: [AP]M)?"
    level = r"(?<!\w)(?:DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|TRACE)(?!\w)"
    return re.compile(
        r"(?:^|(?<=\\n)|(?<=\"))"
        rf"(?:(\[)(?:{day}|{clock})(?=\])|{day}(?=[^\n\\]{{0,60}}?{level}))",
        re.MULTILINE,
    )


def _in_order(listing: re.Match[str]) -> str:
    """The text with its files in the order of their names."""
    text = listing[0]
    files, start, at = list[str](), len(text), 0
    while file := _FILE.search(text, at):
        close = f"\n{file[1] or f'</{file[2]}>'}"
        end = text.find(close, file.end())
        if end < 0 or (files and text[at : file.start()].strip()):
            break
        start, at = min(start, file.start()), end + len(close)
        files.append(text[file.start() : at])
    return text[:start] + "\n\n".join(sorted(files)) + text[max(start, at) :]


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
        (
            re.compile(r"(Use `)[^\n`]{1,1000}+(?<=[/\\]opencode)(?=` for temporary work)"),
            r"\1<tmp>",
        ),
        (
            re.compile(r"(/pytest-of-)[\w.-]++/pytest-\d++(?:/popen-gw\d++)?+(?!\w)"),
            r"\1<name>",
        ),
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
        (re.compile(rf"({word('duration_ms')}[\": >]{{1,3}})\d++(?:\.\d++)?+"), r"\1<time>"),
        (
            re.compile(r"((?:real|user|sys)(?:\t|\\t| {1,4}))\d++m\d++[.,]\d++s(?!\w)"),
            r"\1<time>",
        ),
        (re.compile(rf"(\t|\\t){_PRECISE}{_LINE_END}", re.MULTILINE), r"\1<time>"),
    ),
    "runs": lambda: (
        (
            re.compile(
                rf"({word('randomly-seed=')}|{word('Randomized with seed ')}"
                rf"|{word('-test.shuffle ')})\d++(?!\w)"
            ),
            r"\1<seed>",
        ),
        (
            # Which tests were slowest, and how many were not.
            re.compile(
                r"(= slowest (?:\d{1,6} )?durations =++)"
                r"(?:\n\S{1,20}+ {1,5}(?:call|setup|teardown) [^\n]*+)*+"
                r"(?:\n*+\(\d++ durations < [^\n]*+)?+"
            ),
            r"\1",
        ),
        (
            # Where long output is cut depends on what else is printed.
            re.compile(
                r"^[^\n]*+\n{1,3}+[.\u2026 ]{0,5}\[?\d[\d,]*+ (?:characters|bytes|tokens) "
                r"(?:omitted|truncated)\]?[.\u2026 ]{0,5}\n{1,3}+[^\n]*+",
                re.MULTILINE,
            ),
            "<omitted>",
        ),
        (
            # npm and pip say so now and then; what `time` prints stands anywhere in the rest.
            re.compile(
                r"(?<!\n)(\n*+)((?:^(?:npm notice(?=[ \n]|\Z)|\[notice\] )[^\n]*+(?:\n|\Z))++"
                r"|^real[\t ][^\n]++\nuser[\t ][^\n]++\nsys[\t ][^\n]++(?:\n|\Z)"
                r"|^\d++\.\d\duser [^\n]++\n\d++inputs\+[^\n]++(?:\n|\Z))",
                re.MULTILINE,
            ),
            _without_notices,
        ),
    ),
    MACHINE: lambda: (
        (
            re.compile(
                rf"(?=\d\d:){BEGIN}{_SECONDS} up [^\n\"\\]{{1,80}}? load averages?: [\d., ]++"
            ),
            "<machine>",
        ),
    ),
    CLOCK: lambda: (
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
        (_log_time(), r"\1<date>"),
    ),
    "addresses": lambda: (
        (re.compile(rf"({word('at ')})0x[0-9a-f]{{6,16}}(?!\w)"), r"\1<address>"),
    ),
    "chunk-ids": lambda: (
        (re.compile(rf"({word('Chunk ID: ')})[0-9a-f]++(?!\w)"), r"\1<id>"),
        (
            re.compile(rf"({word('Original token count: ')}|<subagent_tokens>)\d++(?!\w)"),
            r"\1<count>",
        ),
    ),
    TASK_IDS: lambda: (
        (
            re.compile(
                rf"({word('background with ID: ')}|{word('agentId: ')}|<task-id>|/tasks/"
                rf"|/tool-results/|{word('SendMessage with to: ')}')[a-z0-9]{{8,20}}(?!\w)"
            ),
            r"\1<id>",
        ),
        (re.compile(rf"({word('Process running with session ID ')})\d++(?!\w)"), r"\1<id>"),
        (re.compile(rf"({word('ses_')}|{word('tool_')})[A-Za-z0-9]{{20,32}}(?!\w)"), r"\1<id>"),
    ),
    FILE_ORDER: lambda: ((_LISTING, _in_order),),
    PROCESS_IDS: lambda: (
        (
            re.compile(rf"({word('Process Group PGID: ')}|{word('Background PIDs: ')})\d[\d, ]*+"),
            r"\1<id>",
        ),
        (
            # Of commands that run beside: where each begins, and in the list of them.
            re.compile(
                rf"({word('moved to background [(]PID: ')}|{word('running in background[.] PID: ')}"
                rf"|{word('Background process ID ')}|{word('log found for process ID ')}"
                r"|- \[PID (?=\d++\] [A-Z]{2,20}: `))\d++(?!\w)"
            ),
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
