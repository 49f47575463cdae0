r"""The rules of `normalise:`: what each finds, and what stands in its place.

Every expression is linear in the text: sets that do not overlap, possessive repeats, and the words
that make a value one written before the value.
"""

import re
from collections.abc import Callable
from functools import cache

from rechat.matching import folders
from rechat.matching import output_rules
from rechat.matching.rule_words import BEGIN
from rechat.matching.rule_words import MONTH
from rechat.matching.rule_words import WEEKDAY
from rechat.matching.rule_words import Rule
from rechat.matching.rule_words import word

_USER = rf"[{folders.NAME}]++(?:\.++[{folders.NAME}]++)*+"

# Where agents lie that name files of their own, whoever has installed them.
_INSTALLED = r"node_modules/(?:@google/gemini-cli|@qwen-code/qwen-code)/"

# What follows the temporary folder of Claude Code: a project, and a session.
_OF_SESSION = r"/(?:<cwd>|-[\w-]{1,400}+)/[0-9a-f]{8}-[0-9a-f]{4}-"

_NTH = r"\d{1,2}(?:st|nd|rd|th|\.)?+"
_ZONE = r"(?:Z|[+-]\d\d:?\d\d|(?-i:UTC|GMT)(?:[+-]\d{1,2}(?::?\d\d)?+)?+|(?-i:[A-Z]{3,4})\b)"
_CLOCK = (
    r"(?:\d{1,2}:\d\d(?::\d\d(?:[.,]\d++)?+)?+(?: ?[ap](?:m\b|\.m\.))?+"
    rf"(?: ?{_ZONE})?+(?: \([A-Z][\w /+:-]{{2,40}}\))?+)"
)
_CALENDAR = (
    r"(?:\d{4}(?:-\d\d-|/\d\d/)\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}-\d{1,2}-\d{4}"
    rf"|\d{{1,2}}/\d{{1,2}}/\d{{2}}|{MONTH} {_NTH},? \d{{4}}|{_NTH} (?:of )?{MONTH},? \d{{4}}"
    rf"|{MONTH} {{1,2}}\d{{1,2}} {_CLOCK} \d{{4}}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日|20\d{{6}})"
)
_DATE = (
    rf"(?:(?:{WEEKDAY},? (?:the )?)?{_CALENDAR}(?:(?:T|,? (?:at )?){_CLOCK})?+"
    rf"(?: \({WEEKDAY}\))?+|{_CLOCK},? (?:on )?(?:{WEEKDAY},? )?{_CALENDAR})"
)
_END = r"(?![\w/-])"
# What says that a value is of the moment of the request, up to a name such as "time".
_CURRENT = r"(?:current|local|system|present)(?:[ _-](?:local|system|utc|date and))?[ _-]?"
# What may stand between that and the value: `</b> (in UTC) is: `; a heading stands above it.
_ROOM = (
    r"(?:(?: \((?:UTC - )?(?:YYYY|ISO)[\w :/-]{0,40}+\))?+"
    r"(?:[^\n\d.;!?]|ISO 8601){0,24}?(?<!\w)|:?\n)"
)
_ITS = "it(?: is|['\u2019]s)"
_NOW = rf"{_ITS} (?:now|currently)|right now"
# "Wednesday", "Wed 25 Nov"
_DAY = rf"{WEEKDAY}(?:,? (?:{MONTH} {_NTH}|{_NTH} {MONTH})(?!\w))?+"

# What the Gemini CLI says of a date in whatever language its user has.
_OF_LOCALE = r"(?=\(formatted according to the user's locale\))"


def _dates() -> re.Pattern[str]:
    """Dates after the word "date" or "today". After what says more clearly that it is now, a time,
    a day of the week, a month or a year will do. The words before are the groups 1, 3, 4 and 5.

    What a date is stands in it once: it is most of what there is to compile.
    """
    of_date = (
        r"(?:\w+_)?date\b[^\n\d]{0,12}?(?<!\w)"
        rf"|(?:today|{_NOW}|{_CURRENT}(?:day|date))\b{_ROOM}"
        rf"|{_ITS} (?={WEEKDAY})|(?:今天是|今日は|本日は) ?"
    )
    of_time = (
        r"(?:time )?now(?: is|:) "
        rf"|(?:{_NOW}|{_CURRENT}(?:time|datetime|timestamp|date[ _]?time|date and time))\b{_ROOM}"
    )
    of_day = rf"(?:today|{_CURRENT}day(?: of the week)?)(?: is|:)? "
    of_month = rf"{_CURRENT}(?:month|date)\b{_ROOM}"
    time = rf"(?(2)(?:{_CLOCK}|1\d{{9}}(?:\d{{3}})?+)|(?!))"
    month = rf"(?:{MONTH}(?: \d{{4}})?+|\d{{4}}-\d\d)"
    kinds = (
        rf"((?:{of_date})|({of_time}))(?:{_DATE}|{time})",
        rf"({of_day}){_DAY}",
        rf"({of_month}){month}",
        rf"({_CURRENT}year\b{_ROOM})\d{{4}}",
    )
    return re.compile(rf"(?=\w){BEGIN}(?:{'|'.join(kinds)}){_END}", re.IGNORECASE)


def _without_hashes(lines: re.Match[str]) -> str:
    """Lines of `git log --oneline`: one hash that can only be one shows that all are hashes."""
    if "<commit>" not in lines[0]:
        return lines[0]
    return _one_line_hash().sub(r"\1<commit>", lines[0])


def _skills_in_order(skills: re.Match[str]) -> str:
    return "".join(sorted(_skill().findall(skills[0])))


@cache
def _skill() -> re.Pattern[str]:
    return re.compile(_SKILL)


def _names_in_order(names: re.Match[str]) -> str:
    return ", ".join(sorted(names[0].split(", ")))


_SKILL = r"\s*+<skill>(?:(?!</skill>|<available_skills>)[\s\S])*+</skill>"
_GRAPH = r"^(?:[*|/\\] ?){0,8}+"


@cache
def _one_line_hash() -> re.Pattern[str]:
    return re.compile(rf"({_GRAPH})[0-9a-f]{{7,12}}(?= )", re.MULTILINE)


DATES = "dates"

SKILL_ORDER = "skill-order"
"""The rule for which the order of the values of an `enum` does not count either."""

_RULES: dict[str, Callable[[], tuple[Rule, ...]]] = {
    DATES: lambda: (
        (
            re.compile(rf"({word('date is ')})[^\n(]{{1,60}}+(?<= ){_OF_LOCALE}"),
            r"\1<date> ",
        ),
        (_dates(), r"\1\3\4\5<date>"),
    ),
    folders.HOME: lambda: (
        (
            re.compile(
                rf"(?=/|[A-Za-z]:){folders.START}(?:(?:(?:/var)?/home/|(?:(?:/mnt)?/[a-z])?/Users/"
                rf"|[A-Za-z]:\\{{1,2}}Users\\{{1,2}}){_USER}|/root(?!\.*[{folders.NAME}])"
                rf"|(?:/(?!{folders.AGENTS})[.{folders.NAME}]++)++(?=/{folders.AGENTS}))"
            ),
            "<home>",
        ),
    ),
    "workspaces": lambda: (
        (
            # From the folder at work to the home, as in its plan mode.
            re.compile(
                rf"(?=\.\./)(?<![{folders.NAME}./])(?:\.\./)++"
                rf"(?:(?!\.(?:gemini|qwen)/)[.{folders.NAME}]++/)*+(?=\.(?:gemini|qwen)/tmp/)"
            ),
            "<home>/",
        ),
        (
            # As headings of what is remembered name it.
            re.compile(
                rf"({word('Context from: ')})(?:\.\./)++"
                rf"(?:(?!\.(?:gemini|qwen)/)[.{folders.NAME}]++/)*+(?=\.(?:gemini|qwen)/)"
            ),
            r"\1<home>/",
        ),
        (re.compile(rf"(/\.(?:gemini|qwen)/tmp/)[.{folders.NAME}]++"), r"\1<project>"),
        (
            re.compile(
                rf"(?=/){folders.START}(?:(?:/private)?/tmp/claude-\d++(?=/)"
                rf"|(?:/(?!claude-\d)[.{folders.NAME}]++)++/claude-\d++(?={_OF_SESSION}))"
            ),
            "<tmp>",
        ),
        (
            re.compile(
                rf"(?=/){folders.START}(?:/(?!{_INSTALLED})[.{folders.NAME}]++)++(?=/{_INSTALLED})"
            ),
            "<agents>",
        ),
        (re.compile(r"(\*\*Directory Structure:\*\*)(?:\n(?!-|</|#)[^\n]*+)++"), r"\1 <files>"),
    ),
    "git": lambda: (
        (
            re.compile(
                r"(gitStatus(?:: |(?<=# gitStatus)\n))[^\n]*+"
                r"(?:\n\n?(?:Current branch|Main branch|Git user|Status|Recent commits)\b[^\n]*+"
                r"(?:\n(?!</)[^\n]++)*+)*+"
            ),
            r"\1<git>",
        ),
        (re.compile(r"(<git_status>)[^<]*+(?=</git_status>)"), r"\1<git>"),
        (re.compile(r"^git: Current branch: [^\n]*+(?:\ngit: [^\n]*+)*+", re.MULTILINE), "<git>"),
    ),
    SKILL_ORDER: lambda: (
        (re.compile(rf"(?<=<available_skills>)(?:{_SKILL})++"), _skills_in_order),
        (re.compile(r"(?<=\(Available: )'[\w.:-]++'(?:, '[\w.:-]++')++(?=\))"), _names_in_order),
    ),
    "timezones": lambda: ((re.compile(r"(<timezone>)[^<\n]+"), r"\1<zone>"),),
    "versions": lambda: (
        (
            re.compile(
                rf"({word('OS Version: ')})[^\n;]++"
                rf"|({word('cc_version=')}|{word('cch=')})[^\s;]++"
            ),
            r"\1\2<version>",
        ),
    ),
    "commits": lambda: (
        (
            re.compile(
                r"(?=[0-9a-f])(?:(?<![\w#-])(?<!\w\.)|(?<=\\[nrt]))"
                r"(?=[0-9]{0,39}[a-f])(?=[a-f]{0,39}[0-9])"
                r"(?:[0-9a-f]{40}|[0-9a-f]{7,12})(?![\w-]|\.\w)"
            ),
            "<commit>",
        ),
        (
            re.compile(
                rf"({word('commit ')}|{word('index ')}|{word('HEAD is now at ')}"
                rf"|{word('git hash ')}"
                r"|(?<=[0-9a-f>])\.\.|(?<=\[)[\w./-]{1,60}+(?: \(root-commit\))? )"
                r"[0-9a-f]{7,12}(?![\w-]|\.\w)"
            ),
            r"\1<commit>",
        ),
        (
            re.compile(rf"(?:{_GRAPH}(?:<commit>|[0-9a-f]{{7,12}}) [^\n]++\n?)++", re.MULTILINE),
            _without_hashes,
        ),
    ),
    "uuids": lambda: (
        (
            re.compile(
                rf"(?=[0-9a-f]){BEGIN}[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}"
                r"(?!\w|-[0-9a-f])",
                re.IGNORECASE,
            ),
            "<uuid>",
        ),
    ),
    folders.TEST_FOLDERS: lambda: ((folders.folder_of_tests(), "<test-folder>"),),
} | output_rules.RULES
NAMES = tuple(_RULES)
"""The names of the rules, in the order in which they are used."""


@cache
def rules_of(name: str) -> tuple[Rule, ...]:
    """The rules of a name; none if it is unknown. To compile them all takes longer than the imports
    of many a program, so each waits until a transcript needs it.
    """
    make = _RULES.get(name)
    return make() if make else ()
