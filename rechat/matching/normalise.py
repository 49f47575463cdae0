r"""Values that vary between otherwise identical requests: dates, folders, ids of runs, durations.

Each rule has a name, and a transcript lists those that are needed (`rechat: {normalise: […]}`); the
recorder writes down what it finds. Only matching uses them: the file keeps every word.

What a person writes always counts word for word. So the rules apply to what programs write: system
messages, blocks such as `<environment_context>` in a user's message, the output of tools, and what
was answered; dates count everywhere but in the first two. Only the folders of tests count nowhere:
no person writes them, and a test puts them into its prompt. The rules replace whole values: a path
only as a path, a hash only as a hash, nothing within another word.

- `dates`: a date after the word "date" or "today", and a time, month or year that is said to be the
  current one: `Today's date is 2026-11-23`, `Current time: 15:05`
- `cwd`: the folder a program works in, once it is named: `<cwd>/home/me/x</cwd>`, `Working
  directory: /home/me/x`, or printed by a command; and the same with dashes for slashes
- `home`: `/home/me`, `/Users/me`, `C:\Users\me`, and whatever stands before `/.claude`, `/.codex`;
  what an agent tells so at the start counts nowhere in the conversation
- `workspaces`: what an agent keeps for a project: `~/.gemini/tmp/NAME`; the list of its files
- `git`: branch, status and commits, as Claude Code describes them at the start
- `timezones`: `<timezone>Europe/Berlin</timezone>`
- `versions`: `OS Version: Linux 6.1`, `cc_version=2.1.330.fe5`, `cch=0a1b2`
- `commits`: hashes of git commits
- `uuids`: ids such as `01a2073d-d5d4-7972-ae41-2a3946fa3655`
- `file-times`: in the lists of `ls -l`, times and what depends on the file system and the user
- `test-folders`: `/tmp/pytest-of-me/pytest-7/test_reads0`
- `temp-names`: `/tmp/tmpz40u_unb`, `/tmp/tmp.JtTcKaeIjy`
- `durations`, `clock` and `addresses`, in the results of tools: `1 passed in 0.01s`, what `date`
  and `git log` say of the time, `<object at 0x7f8f09fe4190>`
- `file-order`: the files that aider shows may come in any order; `skill-order`: so may the skills
  that agents list, and the values of an `enum` in the schema of a tool
- `chunk-ids` and `wall-times`: what Codex puts above the output of a command; `process-ids`:
  what the Gemini CLI puts below it; `task-ids`: how agents call what runs beside, and what later
  calls name of that, or of processes and temporary files (`named`)
- `machine`, `runs`: what a machine is doing; seeds, the slowest tests, notices of new versions

Some find more where a call asks for it (`called`).
Rules of a project's own (`own_rules`) hold for every transcript, and for what a person writes too.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from functools import lru_cache
from typing import Self

from rechat.matching import folders
from rechat.matching.called import Called
from rechat.matching.called import rules_called
from rechat.matching.folders import CWD
from rechat.matching.folders import HOME
from rechat.matching.folders import TEST_FOLDERS
from rechat.matching.folders import Told
from rechat.matching.folders import folder_of
from rechat.matching.named import Ids
from rechat.matching.named import Named
from rechat.matching.named import with_ids
from rechat.matching.noise_rules import DATES
from rechat.matching.noise_rules import NAMES
from rechat.matching.noise_rules import SKILL_ORDER
from rechat.matching.noise_rules import rules_of
from rechat.matching.output_rules import CLOCK
from rechat.matching.output_rules import FILE_ORDER
from rechat.matching.output_rules import OF_RESULTS
from rechat.matching.output_rules import TASK_IDS
from rechat.matching.output_rules import in_results
from rechat.matching.output_rules import is_result
from rechat.matching.output_rules import lists_files
from rechat.matching.output_rules import results_in
from rechat.matching.own_rules import OwnRule
from rechat.matching.own_rules import own_rules
from rechat.matching.rule_words import Rule
from rechat.values import Call
from rechat.values import Json
from rechat.values import Known
from rechat.values import Message
from rechat.values import Remembered
from rechat.values import UsageError
from rechat.values import dump
from rechat.values import in_enclosed
from rechat.values import in_message

type Rewrite = Callable[[str], str]

_BLOCKS = (
    "system-reminder|environment_context|environment_details|environment_info|env|git_status"
    "|session_context|user_info|workspace_info"
)
# What Claude Code puts around the result of a task that ran beside; the system or the user says it.
_NOTICES = "task-notification"
RULES = (CWD, *NAMES)
"""The names of the rules, in the order in which they are used."""

# How many sets of rules and folders are at work at once, and how many characters of texts are
# remembered of each kind of message.
_CONVERSATIONS = 8
_ROOM = 1 << 21
# Tools that run commands, by their names and types.
_SHELLS = re.compile(
    r"(?:^|[_.-])(?:bash|shell|zsh|sh|powershell|(?:run_?in_?)?terminal"
    r"|(?:run|exec|execute)[_-]?(?:commands?|cmd))(?:$|[_.-])",
    re.IGNORECASE,
)


_own: dict[str, OwnRule] = {}


def set_own(table: Mapping[str, object]) -> None:
    """Use the rules of a table of settings as well, and no others of a project's own: from now on
    and in the whole process. Raises `UsageError` for one that is invalid.
    """
    rules = own_rules(table)
    for rule in rules:
        if rule.name in RULES:
            raise UsageError(f"normalise: {rule.name} is a rule of rechat: take another name")
    _own.clear()
    _own.update({rule.name: rule for rule in rules})
    _quiet_of.cache_clear()


def own_table() -> dict[str, object]:
    """The project's own rules, as `set_own` takes them."""
    return {name: {"pattern": rule.source, "in": sorted(rule.roles)} for name, rule in _own.items()}


def rule_names() -> tuple[str, ...]:
    """The names of all rules, the project's own among them."""
    return (*RULES, *_own)


def in_force(listed: tuple[str, ...]) -> tuple[str, ...]:
    """The rules for a transcript that lists these: the project's own hold for all."""
    return (*listed, *(name for name in _own if name not in listed)) if _own else listed


class Noise:
    """Takes the noise out of a conversation that begins with `opening`, message after message, in
    their order: a result may tell the folder, which counts from there on.
    """

    def __init__(self, rules: Iterable[str], opening: Iterable[Message] = ()) -> None:
        self.rules = tuple(rules)
        opening = tuple(opening)
        self._told = Told(opening) if CWD in self.rules else None
        self._home = folders.home_of(opening, self.folder) if HOME in self.rules else ""
        self._called = Called() if self.rules else None
        self._named = Named() if TASK_IDS in self.rules else None
        self._ids: Ids = ()
        self._usual = self._quiet = self._quiet_here() if self.rules else None

    @property
    def folder(self) -> str:
        """The folder at work; empty if it is not known yet, or counts."""
        return self._told.folder if self._told else ""

    def described(self, tools: Json) -> Json:
        """The tools of a request with their descriptions without noise: some name the month."""
        return self._quiet.described(tools) if self._quiet else tools

    def hear(self, message: Message) -> Hashable:
        """What tells the noise of the next message from any other: the rules and the folder at
        work, and those that find more because of its call; None if no rule is on.
        """
        if self._told and not self._told.folder:
            self._told.hear(message)
            self._usual = self._quiet_here()
        if self._usual and self._called:
            kinds = self._called.hear(message)
            self._quiet = self._usual.of_call(kinds)
            if self._named:
                self._ids = self._named.hear(message, kinds)
        return (self._quiet, self._ids) if self._ids else self._quiet

    def _quiet_here(self) -> "_Quiet":
        return _quiet_of(self.rules, self.folder, self._home)

    def of(self, message: Message) -> Message:
        """The next message without noise; the same one if it has none."""
        self.hear(message)
        return self.heard(message)

    def heard(self, message: Message) -> Message:
        """The same for a message that was heard."""
        return self._quiet.message(with_ids(message, self._ids)) if self._quiet else message

    def __call__(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The next messages, or the takes of the next one, without noise; the same messages if no
        rule is on.
        """
        return tuple([self.of(message) for message in messages]) if self._quiet else messages

    def fork(self) -> Self:
        """Another one that goes on from the same place."""
        other = copy(self)
        other._told = self._told.fork() if self._told else None  # noqa: SLF001  # a copy of this
        other._called = self._called.fork() if self._called else None  # noqa: SLF001
        other._named = self._named.fork() if self._named else None  # noqa: SLF001
        return other


class _Quiet:
    """Rules for the conversations of one folder and home. All turns of a conversation repeat its
    earlier messages, so what became of their texts is remembered.
    """

    def __init__(self, rules: tuple[str, ...], folder: str, home: str) -> None:
        self._rules = rules
        self._places = {"<cwd>": folder, "<home>": home}
        self._of_calls: dict[frozenset[str], Self] = {}
        of_results = _rules([name for name in rules if name != DATES])
        of_answers = _rules([name for name in rules if name not in {DATES, *OF_RESULTS}])
        of_all = _rules([name for name in rules if name in {FILE_ORDER, TEST_FOLDERS}])
        every = _rules([name for name in rules if name not in OF_RESULTS])

        def with_results(text: str) -> str:
            def change(part: str) -> str:
                return _replaced(part, of_results)

            return in_enclosed(in_results(text, change), change, _NOTICES)

        def user(text: str) -> str:
            if is_result(text):
                return _replaced(text, of_results)
            text = with_results(_replaced(text, of_all))
            return in_enclosed(text, lambda part: _replaced(part, every), _BLOCKS)

        self._system = _of_texts(
            self._places, _and_own(lambda text: _replaced(with_results(text), every), "system")
        )
        self._user = _of_texts(self._places, _and_own(user, "user"))
        self._tool = _of_texts(
            self._places, _and_own(lambda text: _replaced(text, of_results), "tool")
        )
        self._other = _of_texts(
            self._places, _and_own(lambda text: _replaced(text, of_answers), "assistant")
        )

    def of_call(self, kinds: frozenset[str]) -> Self:
        """The same for the result of a call in which these rules find more."""
        if not kinds:
            return self
        if kinds not in self._of_calls:
            results = _rules([name for name in self._rules if name != DATES])
            rules = [*results, *_of_call(self._rules, kinds)]

            def change(text: str) -> str:
                return _replaced(text, rules)

            other = copy(self)  # so it has what is private to this
            other._tool = _of_texts(self._places, _and_own(change, "tool"))  # noqa: SLF001
            other._user = _of_texts(self._places, _and_own(change, "user"))  # noqa: SLF001
            self._of_calls[kinds] = other
        return self._of_calls[kinds]

    def message(self, message: Message) -> Message:
        """The message without noise."""
        match message.role:
            case "system" | "developer":
                return in_message(message, *self._system)
            case "user":
                return in_message(message, *self._user)
            case "tool" | "function":
                return in_message(message, *self._tool)
            case _:
                return in_message(message, *self._other)

    def described(self, value: Json) -> Json:
        """A value with each text under a key `description` without noise."""
        match value:
            case Known():
                return value.once(self, lambda: self._known(value))
            case dict():
                return {key: self._under(key, item) for key, item in value.items()}
            case list():
                return [self.described(item) for item in value]
            case _:
                return value

    def _known(self, value: Known) -> Known:
        changed = self.described(dict(value))
        return Known(changed) if isinstance(changed, dict) and changed != value else value

    def _under(self, key: str, value: Json) -> Json:
        if key == "description" and isinstance(value, str):
            return self._system[0](value)
        if key == "enum" and isinstance(value, list) and SKILL_ORDER in self._rules:
            return sorted(value, key=dump)
        return self.described(value)


_quiet_of = lru_cache(_CONVERSATIONS)(_Quiet)


def _of_texts(
    places: Mapping[str, str], change: Rewrite
) -> tuple[Remembered[str, str], Remembered[str, str]]:
    """A change for the texts of a message, after the folder and the home are taken out; and the
    same for the arguments of a call, where JSON spells them.
    """
    known = [(folder, name) for name, folder in places.items() if folder]
    if not known:
        found = Remembered(change, _ROOM)
        return found, found
    takers = [_without(folder, name) for folder, name in known]
    quoted = [folders.replacer(folders.quoted(folder), name) for folder, name in known]
    return (
        Remembered(lambda text: change(_each(takers, text)), _ROOM),
        Remembered(lambda text: change(_each(takers, _each(quoted, text))), _ROOM),
    )


def _without(folder: str, name: str) -> Rewrite:
    """What puts a name in the place of a folder, also where that has dashes for slashes."""
    path, dashed = folders.replacer(folder, name), folders.dashed(folder)
    return lambda text: dashed.sub(name, path(text))


def _each(changes: Iterable[Rewrite], text: str) -> str:
    for change in changes:
        text = change(text)
    return text


def _and_own(change: Rewrite, role: str) -> Rewrite:
    """A change, and then the project's own rules for messages of a role."""
    own = [(rule.pattern, f"<{rule.name}>") for rule in _own.values() if role in rule.roles]
    return (lambda text: _replaced(change(text), own)) if own else change


def _of_call(rules: tuple[str, ...], kinds: frozenset[str]) -> list[Rule]:
    """What these rules find besides in the result of a call that asks for it. What it says that the
    date is, is noise where it asks for that.
    """
    found = [rule for name in rules if name in kinds for rule in rules_called(name)]
    return [*(rules_of(DATES) if CLOCK in kinds and DATES in rules else ()), *found]


def _rules(names: Iterable[str]) -> list[Rule]:
    return [rule for name in names for rule in rules_of(name)]


def _replaced(text: str, rules: Iterable[Rule]) -> str:
    for pattern, stand_in in rules:
        text = pattern.sub(stand_in, text)
    return text


def needed(messages: Iterable[Message], tools: Json = None) -> tuple[str, ...]:
    """The rules that a conversation with these tools needs to match another day, in another folder:
    what is found in what was given; and all that agents need, if it tells the folder it works in,
    has a tool that runs commands or has called one, or shows files or results of tools in a user's
    messages.
    """
    messages = list(messages)
    given = [message for message in messages if message.role != "assistant"]
    is_of_agent = runs_commands(tools) or any(map(_is_of_agent, given))
    if is_of_agent or folder_of(messages) or any(map(_calls_a_shell, messages)):
        return RULES
    rules = {name: Noise([name]) for name in (DATES, TEST_FOLDERS)}
    return tuple(
        name for name, noise in rules.items() if any(noise((one,)) != (one,) for one in given)
    )


def runs_commands(tools: Json) -> bool:
    """Whether one of these tools is a shell, as its name or type says."""
    match tools:
        case list():
            return any(map(runs_commands, tools))
        case dict():
            named = (tools.get(key) for key in ("name", "type"))
            if any(isinstance(name, str) and _SHELLS.search(name) for name in named):
                return True
            within = ("function", "functionDeclarations", "function_declarations", "custom")
            return any(runs_commands(tools.get(key)) for key in within)
        case _:
            return False


def _calls_a_shell(message: Message) -> bool:
    """Whether a command was run here: agents ask about their sessions with other tools, or none."""
    return any(_SHELLS.search(call.name) for call in message.parts_of(Call))


def _is_of_agent(message: Message) -> bool:
    """Whether a program wrote what a user says: results of commands, or files."""
    if message.role != "user":
        return False
    text = message.text
    return is_result(text) or lists_files(text) or bool(results_in(text))
