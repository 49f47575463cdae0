r"""Answers moved to who asks: with their folders, and the ids and names that their tools told, in
the place of those with which the answer was recorded.

`git show 1a2b3c4`, `ls /tmp/tmp.JtTcKaeIjy` and `kill 4711` name what results told before. The
question is the same but for such values; what stands in the same place of the same result is meant.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from rechat.matching import folders
from rechat.matching.folders import folder_of
from rechat.matching.folders import home_told
from rechat.matching.named.ids import ids_of
from rechat.matching.named.ids import is_result_of_tool
from rechat.matching.named.ids import with_ids
from rechat.matching.output_rules import TASK_IDS
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Message

# A uuid, what `mktemp` and Python call temporary files, a hash of a commit.
_VALUE = re.compile(
    r"(?:(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?<![\w-])(?:tmp[a-z0-9_]{8}|tmp\.[A-Za-z0-9]{10}"
    r"|(?:ses|tool)_[A-Za-z0-9]{20,32}"
    r"|(?=[0-9]{0,39}[a-f])(?=[a-f]{0,39}[0-9])[0-9a-f]{7,40}))(?![\w-])"
)
_WORD = re.compile(r"\w++(?:[.-]\w++)*+")
# So many values of an answer are looked for.
_MOST = 8


def at_home(
    answer: AnyAnswer,
    rules: Container[str],
    recorded: Iterable[Message],
    asked: Iterable[Message],
) -> AnyAnswer:
    """The answer with the folders, ids and names of those who ask in the place of those that it was
    recorded with, where these rules let them differ; the very same answer if it names none.
    """
    recorded, asked = list(recorded), list(asked)
    if TASK_IDS in rules and isinstance(answer, Answer):
        answer = _with_ids(_with_values(answer, recorded, asked), recorded, asked)
    return folders.with_folders(answer, rules, recorded, asked)


def _with_ids(answer: Answer, recorded: list[Message], asked: list[Message]) -> Answer:
    """The answer with the ids of processes that the results of those who ask told."""
    told = ids_of([message.kept() for message in recorded])
    if not any(name in text for text in _texts(answer) for name in told):
        return answer
    there = {number: name for name, number in ids_of(asked).items()}
    return _replaced(
        answer, {old: there[number] for old, number in told.items() if number in there}
    )


def _with_values(answer: Answer, recorded: list[Message], asked: list[Message]) -> Answer:
    """The answer with the values that stand in the results of those who ask."""
    found = (value[0] for text in _texts(answer) for value in _VALUE.finditer(text))
    values = [
        value
        for value in islice(dict.fromkeys(found), _MOST)
        if not any(value in message.text for message in asked)
    ]
    if not values:
        return answer
    there: dict[str, str] = {}
    here, elsewhere = folder_of(recorded), folder_of(asked)
    places = ((here, elsewhere), (home_told(recorded, here), home_told(asked, elsewhere)))
    for before, now in zip(recorded, asked, strict=False):
        missing = [value for value in values if value not in there and value in before.text]
        if missing and is_result_of_tool(before) and is_result_of_tool(now):
            texts = _without_places(before.text, now.text, places)
            there |= dict(_in_place_of(missing, *texts))
    return _replaced(answer, there)


def _without_places(before: str, now: str, places: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Both texts with nothing in the place of folders, which may be deeper in one of them."""
    for old, new in places:
        if old and new:
            before, now = folders.replacer(old, "/")(before), folders.replacer(new, "/")(now)
    return before, now


def _in_place_of(values: list[str], before: str, now: str) -> Iterator[tuple[str, str]]:
    """Each value with the one that stands in its place of the other text."""
    old_lines, new_lines = before.split("\n"), now.split("\n")
    if len(old_lines) != len(new_lines):
        return
    for old, new in zip(old_lines, new_lines, strict=True):
        named = [value for value in values if value in old]
        words = (_WORD.findall(old), _WORD.findall(new)) if named else ([], [])
        if len(words[0]) != len(words[1]):
            continue
        for one, other in zip(*words, strict=True):
            for value in named:
                # A hash may be said in short, and an id behind a word.
                head, found, _ = one.partition(value)
                there = other.removeprefix(head)[: len(value)]
                if found and other.startswith(head) and _VALUE.fullmatch(there):
                    yield value, there


def _replaced(answer: Answer, there: dict[str, str]) -> Answer:
    """The answer with other values in the place of some; the very same one if it names none."""
    pairs = tuple((old, new) for old, new in there.items() if old != new)
    choices = tuple(_in_choice(choice, pairs) for choice in answer.choices)
    is_same = all(one is other for one, other in zip(choices, answer.choices, strict=True))
    return answer if is_same else replace(answer, choices=choices)


def _in_choice(choice: Choice, pairs: tuple[tuple[str, str], ...]) -> Choice:
    message = with_ids(choice.message, pairs)
    return choice if message is choice.message else Choice(message, choice.fields)


def _texts(answer: Answer) -> Iterator[str]:
    for choice in answer.choices:
        yield choice.message.text
        yield from (call.arguments for call in choice.message.parts_of(Call))
