r"""Ids that results tell and later calls name: `Process running with session ID 4711`, then a call
of `write_stdin` with 4711; `mktemp` prints a path, then a file is written beside it.

They are others each time, and tell which process is meant: so each counts by its number, in the
order in which results tell them. One of digits is found only where a call names it: as the value of
an argument that is called an id, or as a word of a command; and in the result of such a call.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import lru_cache
from functools import partial
from itertools import islice
from typing import Self

from rechat.matching.called import TEMP_NAMES
from rechat.matching.called import Called
from rechat.matching.called import kinds_in
from rechat.matching.numbering import numbered
from rechat.matching.output_rules import PROCESS_IDS
from rechat.matching.output_rules import is_result
from rechat.values import Call
from rechat.values import Message
from rechat.values import in_message

type Rewrite = Callable[[str], str]
type Ids = tuple[tuple[str, str], ...]
"""Ids, each with what stands in its place."""

# So many are told apart in a conversation, and so many are taken from one result.
_MOST = 200
_MOST_TOLD = 20
# A number with fewer digits may be any other.
_SHORT = 3
_TOLD = re.compile(
    r"(?:session ID |background with ID: |agentId: |running in background[.] PID: "
    r"|moved to background [(]PID: |Background PIDs: |Process Group PGID: |/tool-results/)"
    r"([a-z0-9]{1,20})(?!\w)"
)
# To look for these is fast.
_WORDS = (
    "session ID ",
    "background",
    "agentId: ",
    "Background PIDs: ",
    "Group PGID: ",
    "/tool-res",
)
# On a line of its own, behind the number of a job, or in the second column of `ps`.
_PROCESS = re.compile(
    r"(?:^|(?<=\\n)|(?<=\"))(?:Output: )?(?:\[\d{1,3}\][+-]? {1,4}|[a-z_][\w.+-]{0,31} {1,12})?"
    r"(\d{2,8})(?=[\r\n\" ]|\\n|\Z)|\b(?:pid|PID)[ =:]{1,3}(\d{2,8})(?!\w)",
    re.MULTILINE,
)
_STOPPED = re.compile(r"(?:\bkill {1,4}(?:-\w{1,10} {1,4})*+|/proc/)(\d{2,8})(?!\w)")
_TEMP_NAME = re.compile(r"(?<![\w.])tmp(?:\.[A-Za-z0-9]{10}|[a-z0-9_]{8})(?![A-Za-z0-9_])")
_KINDS = frozenset({PROCESS_IDS, TEMP_NAMES})
# The arguments that name one, whatever the tool is.
_NAMES = r"\"\w{0,30}?(?:id|ID|Id|pid|PID|session|process|task|shell)\w{0,10}\" ?: ?"
_WHOLE = r"(?=\"? ?[,}\]])"


class Named:
    """The ids that the results of a conversation told, message after message."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._asked: Ids = ()

    @property
    def ids(self) -> dict[str, str]:
        """What stands in the place of each."""
        return dict(self._ids)

    def hear(self, message: Message, kinds: frozenset[str]) -> Ids:
        """The ids that the next message names, a call or the result of one; none in most."""
        if message.role == "assistant":
            self._add(message.once(_stopped_by, lambda: _stopped_by(message)))
            self._asked = self._named_by(message) if self._ids else ()
            return self._asked
        if not is_result_of_tool(message):
            return ()
        asked = self._asked
        asked_for = kinds & _KINDS
        self._add(message.once((_told_by, asked_for), lambda: _told_by(message, asked_for)))
        return asked

    def _add(self, ids: tuple[str, ...]) -> None:
        for told in ids:
            if len(self._ids) < _MOST:
                self._ids.setdefault(told, f"<id {len(self._ids) + 1}>")

    def _named_by(self, message: Message) -> Ids:
        texts = [message.text, *(call.arguments for call in message.parts_of(Call))]
        return tuple(pair for pair in self._ids.items() if any(pair[0] in text for text in texts))

    def fork(self) -> Self:
        """Another one that knows the same, and hears what comes by itself."""
        other = copy(self)
        other._ids = dict(self._ids)  # noqa: SLF001  # a copy of this
        return other


def _stopped_by(message: Message) -> tuple[str, ...]:
    """The processes that calls can only mean as such: what told them may not be said again."""
    calls = message.parts_of(Call) if message.parts else []
    found = (named[1] for call in calls for named in _STOPPED.finditer(call.arguments))
    return tuple(islice(dict.fromkeys(found), _MOST_TOLD))


def is_result_of_tool(message: Message) -> bool:
    """Whether a tool said this, in the words of whatever client."""
    return message.role in ("tool", "function") or is_result(message.text)


def _told_by(message: Message, asked_for: frozenset[str]) -> tuple[str, ...]:
    """The ids that a result tells, whose call asks for some of these."""
    found = list[str]()
    if any(word in message.text for word in _WORDS):
        found += [told[1] for told in _TOLD.finditer(message.text)]
    if PROCESS_IDS in asked_for:
        found += [told[1] or told[2] for told in _PROCESS.finditer(message.text)]
    if TEMP_NAMES in asked_for:
        found += [told[0] for told in _TEMP_NAME.finditer(message.text)]
    return tuple(islice(dict.fromkeys(found), _MOST_TOLD))


def with_ids(message: Message, ids: Ids) -> Message:
    """The message with what stands for these ids in their place; the same one if it has none."""
    return in_message(message, *_changes(ids, message.role)) if ids else message


@lru_cache(200)
def _changes(ids: Ids, role: str) -> tuple[Rewrite, Rewrite]:
    """What replaces ids in a text, and in the arguments of a call. Numbers in what a model says
    count as they are, but for those of processes that it stops.
    """
    words = {told: stand_in for told, stand_in in ids if not told.isdigit()}
    numbers = {told: stand_in for told, stand_in in ids if told.isdigit()}
    long = [number for number in numbers if len(number) >= _SHORT]
    in_word = _replacer(rf"(?<![A-Za-z0-9]){_any(words)}(?![A-Za-z0-9])", words)
    in_text = _replacer(rf"(?<![\w.-]){_any(long)}(?![\w-]|\.\w)", numbers)
    # Some clients send calls as what the model says.
    in_said = _replacer(
        rf"(?P<name>\bkill {{1,4}}(?:-\w{{1,10}} {{1,4}})*+){_any(long)}(?!\w)", numbers
    )
    # In JSON a number stands after `: `, `[` or `, `: there it is a value of its own.
    in_json = _replacer(
        rf"(?P<name>{_NAMES}(?P<quote>\"?)){_any(numbers)}{_WHOLE}"
        rf"|(?<![\w.:,\[-])(?<![:,\[] ){_any(long, 'word')}(?![\w-]|\.\w)",
        numbers,
    )
    return (
        lambda text: (in_said if role == "assistant" else in_text)(in_word(text)),
        lambda text: in_json(in_word(text)),
    )


def _any(values: Iterable[str], name: str = "id") -> str:
    return rf"(?P<{name}>{'|'.join(map(re.escape, values)) or '(?!)'})"


def _replacer(pattern: str, ids: Mapping[str, str]) -> Rewrite:
    if not ids:
        return _unchanged
    found = re.compile(pattern)

    def replace(match: re.Match[str]) -> str:
        named = match.groupdict()
        stand_in = ids[named["id"] or named["word"]]
        if named.get("name") is None:
            return stand_in
        # Whatever stands for a bare number is a text, unless it is one, too.
        is_bare = named.get("quote") == "" and not stand_in.isdigit()
        return f'{named["name"]}"{stand_in}"' if is_bare else f"{named['name']}{stand_in}"

    return lambda text: found.sub(replace, text) if any(told in text for told in ids) else text


def _unchanged(text: str) -> str:
    return text


def ids_of(messages: Iterable[Message]) -> dict[str, str]:
    """The ids that the results of a conversation told."""
    messages = tuple(messages)
    if not any(message.once(_may_tell, partial(_may_tell, message)) for message in messages):
        return {}
    called, named = Called(), Named()
    for message in numbered(messages, {}):
        named.hear(message, called.hear(message))
    return named.ids


def _may_tell(message: Message) -> bool:
    """Whether a message tells ids, or calls for some: few do, which is fast to see."""
    if message.role == "assistant":
        asked = (call.arguments for call in message.parts_of(Call))
        texts = (message.text, *asked)
        return any(kinds_in(text) & _KINDS or _STOPPED.search(text) for text in texts)
    return any(word in message.text for word in _WORDS)
