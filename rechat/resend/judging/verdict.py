"""How a new answer differs from the recorded one.

1. Only the content counts: the words, the calls, the finish. Reasoning, ids and token counts do
   not.
2. Of several recorded takes, the nearest one is compared: each of them was an answer.
3. A verdict has one kind, that of its most serious finding.
4. Another hour, day or amount is a small change of the words and a large one of their meaning: it
   is reported first, wherever it is, and counts for more than other words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from itertools import pairwise
from itertools import zip_longest
from typing import Literal, get_args

from rechat.dialects import ending_in_chat
from rechat.explain import Sides
from rechat.explain import values_that_differ
from rechat.explain import words_of
from rechat.explain import words_that_differ
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import ErrorAnswer
from rechat.values import JsonError
from rechat.values import Refusal
from rechat.values import jsontext

type Kind = Literal[
    "same", "spaces", "words", "finish", "call", "schema", "expect", "refused", "error"
]

KINDS: tuple[Kind, ...] = get_args(Kind.__value__)
"""All kinds, the gravest last."""

NAMES: dict[Kind, str] = {
    "same": "same",
    "spaces": "only white space",
    "words": "other words",
    "finish": "other finish",
    "call": "other call",
    "schema": "schema broken",
    "expect": "not as expected",
    "refused": "refused",
    "error": "error",
}
"""What people call them."""

_SIDES = Sides("before", "now")
_FIGURES = re.compile(
    r"\d++(?:[.,:/-]\d++)*+%?|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march"
    r"|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
# The numbers of list items mean nothing.
_OF_LISTS = re.compile(r"^[ \t]*\d{1,3}[.)](?=[ \t])", re.MULTILINE)
_MOST_FIGURES = 5
_ENDING_FIELDS = ("finish_reason", "stop_reason", "finishReason", "done_reason")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that differs, in a line for people."""

    kind: Kind
    told: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of comparing an answer. `likeness` is that of the words, from 0 to 1; `longer` how
    many times as long the new words are; `has_other_figures` if a number, day or month differs.
    """

    findings: tuple[Finding, ...] = ()
    likeness: float = 1.0
    longer: float = 1.0
    has_other_figures: bool = False
    kind: Kind = field(init=False)

    def __post_init__(self) -> None:
        kinds: list[Kind] = [found.kind for found in self.findings]
        object.__setattr__(self, "kind", max(kinds, key=KINDS.index, default="same"))

    @property
    def told(self) -> str:
        """All that differs, in one line."""
        return "; ".join(finding.told for finding in self.findings)

    @property
    def rank(self) -> tuple[int, float]:
        """The sort key, the most serious last."""
        return KINDS.index(self.kind), 1 - self.likeness + self.has_other_figures

    @property
    def name(self) -> str:
        """Its name for people."""
        is_of_figures = self.kind == "words" and self.has_other_figures
        return NAMES[self.kind] + (", other numbers or dates" if is_of_figures else "")


def judge(recorded: Iterable[AnyAnswer], new: AnyAnswer | None, failure: str = "") -> Verdict:
    """How a new answer compares with the recorded ones; if there is none, `failure` says why."""
    if new is None:
        return Verdict((Finding("error", failure),), 0.0, 0.0)
    found = [_compared(old, new) for old in recorded]
    return min(found, key=lambda verdict: verdict.rank, default=Verdict())


def _compared(old: AnyAnswer, new: AnyAnswer) -> Verdict:
    match old, new:
        case Answer(), Answer():
            return _answers(old, new)
        case ErrorAnswer(status), ErrorAnswer(other) if status == other:
            return Verdict()
        case _, ErrorAnswer(status, body):
            return Verdict((Finding("error", _error(status, body)),), 0.0, 0.0)
        case ErrorAnswer(status), _:
            told = f"an answer, and an error ({status}) is recorded"
            return Verdict((Finding("finish", told),), 0.0, 0.0)
        case _ if old == new:
            return Verdict()
    return Verdict((Finding("words", "another response"),), 0.0)


def _error(status: int, body: object) -> str:
    match body:
        case {"error": {"message": str(text)}} | {"error": str(text)} | {"message": str(text)}:
            return f"error {status}: {_shortened(text)}"
        case [{"error": {"message": str(text)}}]:
            return f"error {status}: {_shortened(text)}"
        case str(text) if text.strip():
            return f"error {status}: {_shortened(text)}"
    return f"error {status}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:159]}…"


def _answers(old: Answer, new: Answer) -> Verdict:
    before, after = words_in(old), words_in(new)
    gone, came = _figures(before, after)
    words = [*_words(before, after)]
    has_other = bool(gone and came)
    # Often the words that differ are just figures, and report them already.
    is_told = any(
        all(f'"{figure}"' in one.told.lower() for figure in (*gone, *came)) for one in words
    )
    figures = [Finding("words", f"{_listed(gone)} before, {_listed(came)} now")]
    findings = [
        *_refused(old, new),
        *_calls(calls_in(old), calls_in(new)),
        *_endings(old, new),
        *(figures if has_other and not is_told else ()),
        *words,
    ]
    longer = (len(after) or 1) / (len(before) or 1)
    return Verdict(tuple(findings), likeness(before, after), longer, has_other)


def words_in(answer: Answer) -> str:
    """All text that the choices of an answer contain."""
    return "\n\n".join(_said(choice) for choice in answer.choices)


def _said(choice: Choice) -> str:
    refusals = "".join(part.text for part in choice.message.parts_of(Refusal))
    return choice.message.whole_text + refusals


def calls_in(answer: Answer) -> list[Call]:
    """The calls of all choices, in order."""
    return [call for choice in answer.choices for call in choice.message.parts_of(Call)]


def ending_of(answer: Answer) -> str:
    """How an answer ended, in one word for all APIs: `stop`, `length`, `content_filter`, or the
    API's own word; empty if it has none.
    """
    if answer.fields.get("status") == "incomplete":
        match answer.fields.get("incomplete_details"):
            case {"reason": str(reason)}:
                return _ending(reason)
    for choice in answer.choices:
        for name in _ENDING_FIELDS:
            if isinstance(told := choice.fields.get(name), str):
                return _ending(told)
    return ""


def _ending(reason: str) -> str:
    """One word for all APIs: calls are compared separately, and some servers say `stop` for
    them.
    """
    ending = ending_in_chat(reason)
    return "stop" if ending in ("tool_calls", "function_call") else ending


def _refused(old: Answer, new: Answer) -> Iterator[Finding]:
    if _is_refusal(new) and not _is_refusal(old):
        yield Finding("refused", f"it refused: {jsontext.dump_visible(_shortened(words_in(new)))}")


def _is_refusal(answer: Answer) -> bool:
    has_part = any(choice.message.parts_of(Refusal) for choice in answer.choices)
    return has_part or ending_of(answer) == "content_filter"


def _endings(old: Answer, new: Answer) -> Iterator[Finding]:
    before, after = ending_of(old) or "stop", ending_of(new) or "stop"
    if before != after:
        yield Finding("finish", f"it ended with {after}, not {before}")


def _calls(old: Sequence[Call], new: Sequence[Call]) -> Iterator[Finding]:
    if [call.name for call in old] != [call.name for call in new]:
        old, new = (sorted(calls, key=lambda call: call.name) for calls in (old, new))
    for before, after in zip_longest(old, new):
        match before, after:
            case Call(name), None:
                yield Finding("call", f"no call of {name} now")
            case None, Call(name):
                yield Finding("call", f"one more call, {name}")
            case Call(name), Call(other) if name != other:
                yield Finding("call", f"a call of {other}, not {name}")
            case Call(name, arguments=given), Call(arguments=now) if not _same(given, now):
                yield Finding("call", f"the call {name} differs in {_arguments(given, now)}")


def _same(old: str, new: str) -> bool:
    if old == new:
        return True
    with suppress(JsonError):
        return jsontext.canonical(_parsed(old)) == jsontext.canonical(_parsed(new))
    return False


def _parsed(arguments: str) -> jsontext.Json:
    return jsontext.parse(arguments) if arguments.strip() else {}


def _arguments(old: str, new: str) -> str:
    with suppress(JsonError):
        if values := values_that_differ(_parsed(old), _parsed(new), _SIDES):
            return values
        return "many arguments"
    return f"its arguments: {words_that_differ(old, new, _SIDES)}"


def _figures(old: str, new: str) -> tuple[list[str], list[str]]:
    """The numbers, days and months that were removed, and those that were added."""
    before, after = (
        Counter(_FIGURES.findall(_OF_LISTS.sub("", text).lower())) for text in (old, new)
    )
    return [*(before - after)], [*(after - before)]


def _listed(figures: Sequence[str]) -> str:
    more = " …" if len(figures) > _MOST_FIGURES else ""
    return ", ".join(figures[:_MOST_FIGURES]) + more


def _words(old: str, new: str) -> Iterator[Finding]:
    if old == new:
        return
    if old.split() == new.split():
        yield Finding("spaces", "only white space")
    elif not old:
        yield Finding("words", f"words beside the call: {jsontext.dump_visible(_shortened(new))}")
    elif not new:
        yield Finding("words", "no words now")
    else:
        yield Finding("words", _first_words(old, new))


def _first_words(old: str, new: str) -> str:
    """The first lines that differ, in a few words."""
    pairs = zip_longest(old.split("\n"), new.split("\n"), fillvalue="")
    before, after = next(pair for pair in pairs if pair[0] != pair[1])
    return words_that_differ(before, after, _SIDES)


def likeness(old: str, new: str) -> float:
    """What share of their words, and of their word pairs, two texts have in common: 1 if they are
    equal.
    """
    if old == new:
        return 1.0
    before, after = (_counted(words_of(text)) for text in (old, new))
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0


def _counted(words: list[str]) -> Counter[object]:
    counter: Counter[object] = Counter(words)
    counter.update(pairwise(words))
    return counter
