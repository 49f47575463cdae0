"""A person's expectations of an answer, whatever its wording: lines of commentary below it, such as
`expect: contains Paris`. They turn a folder of transcripts into an evaluation.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from rechat.format import writer
from rechat.resend.judging.schema import breaks
from rechat.resend.judging.verdict import Finding
from rechat.resend.judging.verdict import calls_in
from rechat.resend.judging.verdict import words_in
from rechat.values import Answer
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import UsageError
from rechat.values import jsontext

_LINE = re.compile(
    r"[ \t]*expect:[ \t]*(?P<not>not[ \t]+)?(?P<how>\w+)(?:[ \t]+(?P<what>.*?))?[ \t]*"
)
_WAYS = ("contains", "equals", "matches", "json", "call")
_CALL = re.compile(r"(?P<name>\S+)(?:\s+(?P<arguments>\{.*))?", re.DOTALL)
# A user's own pattern searches at most this much of an answer.
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line: `how` an answer is checked (`contains`, `equals`, `matches`, `json`, `call`), for
    `what`, and whether the check is negated.
    """

    how: str
    what: str
    is_not: bool = False

    def __str__(self) -> str:
        return f"{'not ' if self.is_not else ''}{self.how} {self.what}".rstrip()


def expectations_in(source: str, place: str) -> Iterator[Expectation]:
    """The expectations in the source of an answer. Raises `UsageError` for an invalid line."""
    lines = (line for note in writer.notes(source) for line in note.split("\n"))
    for line in lines:
        if not line.lstrip().startswith("expect:"):
            continue
        found = _LINE.fullmatch(line)
        what = (found["what"] or "") if found else ""
        if not found or found["how"] not in _WAYS or (not what and found["how"] != "json"):
            raise UsageError(
                f"{place}: {line.strip()!r}: expected expect: [not] contains TEXT, equals TEXT, "
                "matches PATTERN, json [SCHEMA] or call NAME [ARGUMENTS]"
            )
        expectation = Expectation(found["how"], what, bool(found["not"]))
        _check(expectation, place)
        yield expectation


def _check(expectation: Expectation, place: str) -> None:
    """Raises `UsageError` for an invalid pattern or JSON."""
    try:
        match expectation.how:
            case "matches":
                re.compile(expectation.what)
            case "json" if expectation.what:
                jsontext.parse_object(expectation.what)
            case "call" if arguments := _called(expectation.what)[1]:
                jsontext.parse_object(arguments)
    except (re.error, JsonError) as error:
        raise UsageError(f"{place}: expect: {expectation}: {error}") from None


def unmet(expectations: Iterable[Expectation], answer: Answer) -> Iterator[Finding]:
    """The expectations that an answer does not meet."""
    for expectation in expectations:
        problem = _problem(expectation, answer)
        if expectation.is_not and problem is None:
            yield Finding("expect", f"expected {expectation}")
        elif not expectation.is_not and problem is not None:
            told = f"expected {expectation}" + (f": {problem}" if problem else "")
            yield Finding("schema" if expectation.how == "json" else "expect", told)


def _problem(expectation: Expectation, answer: Answer) -> str | None:
    """How an answer fails an expectation, possibly an empty text; None if it does not."""
    text, what = words_in(answer), expectation.what
    match expectation.how:
        case "contains":
            return None if what.casefold() in text.casefold() else ""
        case "equals":
            return None if text.strip() == what else ""
        case "matches":
            return None if re.search(what, text[:_LONGEST]) else ""
        case "json":
            return not_json(text, jsontext.parse_object(what) if what else {})
    name, arguments = _called(what)
    return _no_call(name, jsontext.parse_object(arguments) if arguments else {}, answer)


def not_json(text: str, schema: JsonObject) -> str | None:
    """Why a text is not JSON of this schema; None if it is."""
    try:
        return breaks(jsontext.parse(text), schema)
    except JsonError as error:
        return f"not JSON: {error}"


def _called(what: str) -> tuple[str, str]:
    found = _CALL.fullmatch(what)
    return (found["name"], found["arguments"] or "") if found else (what, "")


def _no_call(name: str, wanted: JsonObject, answer: Answer) -> str | None:
    given = [call.arguments for call in calls_in(answer) if call.name == name]
    if any(_has(arguments, wanted) for arguments in given):
        return None
    return f"it was called with {given[0]}" if given else ""


def _has(arguments: str, wanted: JsonObject) -> bool:
    """Whether arguments include everything that is wanted; they may have more."""
    with suppress(JsonError):
        given: Json = jsontext.parse(arguments or "{}")
        return isinstance(given, dict) and all(
            name in given and jsontext.canonical(given[name]) == jsontext.canonical(value)
            for name, value in wanted.items()
        )
    return False
