"""Which folder a conversation works in.

Most agents name it before the model says anything (`<cwd>/home/me/x</cwd>`). Of others the results
of commands tell it, from where they do: what `pwd` prints, the `rootdir` of pytest, an error in a
file that the conversation calls by the end of its path.
"""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from itertools import islice
from itertools import takewhile
from typing import Self

from rechat.matching.folders.paths import AGENTS
from rechat.matching.folders.paths import NAME
from rechat.matching.folders.paths import START
from rechat.matching.folders.paths import is_root
from rechat.matching.output_rules import is_result
from rechat.matching.output_rules import results_in
from rechat.values import Call
from rechat.values import Message
from rechat.values import Remembered

_ROOM = 1 << 21
# A path is no longer than that on most systems.
_LONGEST = 1024
_NAMED = re.compile(
    r"(?:<cwd>|\b[Ww]orking [Dd]irectory: ?|\bWorkspace Path: |\bworking in the directory: "
    r"|\bWorkspace Directories:\*\*\n {1,8}- )"
    rf"(?P<path>(?:/|[A-Za-z]:\\)[^\n<>`\"]{{1,{_LONGEST}}}+)(?![^\n<>`\"])"
)
_STATED = re.compile(
    r"(?:^|(?<=\\n))(?:rootdir: |PWD=|make(?:\[\d{1,3}\])?: Entering directory ['`]"
    r"|(?:Initialized empty|Reinitialized existing) Git repository in )"
    rf"(?P<path>(?:/|[A-Za-z]:\\)[^\n<>`\"',]{{1,{_LONGEST}}}?)"
    r"(?=/\.git/|[\r\n'`,]|\\n|\Z)",
    re.MULTILINE,
)
# A command that prints the folder, and a line that holds nothing but a path.
_PRINTS = re.compile(r"(?<![\w./-])pwd(?![\w./-])|\bGet-Location\b|\b(?:getcwd|process\.cwd)\(")
_WORDS = ("pwd", "cwd(", "Get-Location")
_PRINTED = re.compile(
    r"(?:^|(?<=[\"'>])|(?<=\\n))"
    rf"(?P<path>/[^\n\r\\<>\"':*?|]{{1,{_LONGEST}}}+|[A-Za-z]:\\[^\n\r<>\"':*?|/]{{1,{_LONGEST}}}+)"
    r"(?=[\r\n<\"']|\\n|\Z)",
    re.MULTILINE,
)
_TRACED = re.compile(
    rf"File \\?\"(?P<quoted>/[^\"\n\\]{{1,{_LONGEST}}}+)\\?\", line \d"
    rf"|(?<![\w.~/-])(?P<plain>/[^\s\"'():<>\\]{{1,{_LONGEST}}}+):\d"
)
_LIBRARIES = re.compile(r"/(?:site-packages|dist-packages|node_modules|lib/python[\d.]*)/")
_HOME = re.compile(rf"(?=/){START}(?:/(?!{AGENTS})[.{NAME}]++)++(?=/{AGENTS})")
_WORKSPACE = re.compile(
    rf"(?P<path>(?=/){START}(?:/(?!{AGENTS})[.{NAME}]++)++/\.(?:gemini|qwen)/tmp/[.{NAME}]++)"
)
# So many files with errors are looked at, and so many of the last names of their paths.
_FILES = 3
_NAMES = 12


class Told:
    """What is known of the folder of a conversation, message after message. Once known, it is that
    for the rest.
    """

    def __init__(self, opening: Iterable[Message] = ()) -> None:
        given = takewhile(lambda message: message.role != "assistant", opening)
        self.folder = next(filter(None, (_named(message.text) for message in given)), "")
        self._before: list[str] = []
        self._asked = ""

    def hear(self, message: Message) -> None:
        """Take in what the next message tells."""
        if self.folder:
            return
        text = "\n".join([message.text, *(call.arguments for call in message.parts_of(Call))])
        if message.role == "assistant":
            self._asked = text
        elif message.role in ("tool", "function"):
            self.folder = self._told_by(text, self._asked)
        elif is_result(text):
            self.folder = self._told_by(text, f"{self._asked}\n{text}")
        else:
            for result in results_in(text):
                self.folder = self.folder or self._told_by(result, result)
        self._before.append(text)

    def fork(self) -> Self:
        """Another one that knows the same, and hears what comes by itself."""
        other = copy(self)
        other._before = [*self._before]  # noqa: SLF001  # a copy of this
        return other

    def _told_by(self, result: str, commands: str) -> str:
        """The folder that a result tells; `commands` is what has led to it."""
        stated = _stated(result)
        if not stated and any(word in commands for word in _WORDS) and _PRINTS.search(commands):
            stated = _printed(result)
        return stated or next(self._of_errors(result), "")

    def _of_errors(self, result: str) -> Iterator[str]:
        """Where files lie that a result tells errors of, and that were called by the end of their
        path.
        """
        for file in _files_with_errors(result):
            names = file.split("/")
            for count in range(min(_NAMES, len(names) - 2), 0, -1):
                end = "/".join(names[-count:])
                if any(_is_called(end, text) for text in (*self._before, result)):
                    yield file[: -len(end) - 1]


def folder_of(messages: Iterable[Message]) -> str:
    """The folder that a conversation works in; empty if it does not tell."""
    messages = list(messages)
    told = Told(messages)
    for message in messages:
        if told.folder:
            break
        told.hear(message)
    return told.folder


def home_of(opening: Iterable[Message], folder: str) -> str:
    """The home of the user of an agent that names what it keeps there, before the model says
    anything; empty if it does not. What it keeps in the folder at work is no home.
    """
    given = takewhile(lambda message: message.role != "assistant", opening)
    named = (home for message in given for home in _homes(message.text))
    return next((home for home in named if not folder or not _is_in(home, folder)), "")


def home_told(messages: Iterable[Message], folder: str) -> str:
    """The same for what any message names, such as the result that says where it was kept whole."""
    named = (home for message in messages for home in _homes(message.text))
    return next((home for home in named if not folder or not _is_in(home, folder)), "")


def workspace_told(messages: Iterable[Message]) -> str:
    """What an agent keeps for the project in the home of its user, if a message names it."""
    return next(filter(None, (_workspaces(message.text) for message in messages)), "")


def _is_in(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")


def _is_called(end: str, text: str) -> bool:
    """Whether a text has this end of a path, and not in a longer one."""
    if not end or end not in text:
        return False
    return bool(re.search(rf"(?<![\w/.~-]){re.escape(end)}(?![\w/-])", text))


def _traced(text: str) -> tuple[str, ...]:
    """The files that a text tells errors of, but for libraries."""
    files = (found["quoted"] or found["plain"] for found in _TRACED.finditer(text))
    own = (file for file in files if not _LIBRARIES.search(file))
    return tuple(islice(dict.fromkeys(islice(own, _FILES * _FILES)), _FILES))


def _found_by(pattern: re.Pattern[str]) -> Remembered[str, str]:
    def find(text: str) -> str:
        found = pattern.search(text)
        path = found["path"].rstrip() if found else ""
        return "" if is_root(path) else path.rstrip("/\\")

    return Remembered(find, _ROOM)


_homes = Remembered(
    lambda text: tuple(islice(dict.fromkeys(home[0] for home in _HOME.finditer(text)), _FILES)),
    _ROOM,
)
_workspaces = _found_by(_WORKSPACE)
_named = _found_by(_NAMED)
_stated = _found_by(_STATED)
_printed = _found_by(_PRINTED)
_files_with_errors = Remembered(_traced, _ROOM)
