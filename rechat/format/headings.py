"""What a heading says: `### assistant, take 2` or `#### call get_weather, call_1`, word by word."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rechat.values import ROLES, JsonObject, Pattern, TranscriptError

_NUMBER = re.compile("[0-9]{1,9}")

PART_KINDS = ("text", "image", "audio", "file", "call", "reasoning", "refusal", "json")
# The kinds that a list of content is made of.
CONTENT_KINDS = ("text", "image", "audio", "file", "json")
ROLE_WORDS = (*ROLES, "request", "input", "error", "response", "embedding")
ANSWERS = ("assistant", "embedding", "response", "error")


@dataclass(frozen=True, slots=True)
class RoleHeading:
    """A `###` heading. `argument` is what follows the role without a comma (`error 429`); `id`
    names a tool's call or a function.
    """

    role: str
    argument: str = ""
    id: str = ""
    pattern: Pattern = ""
    given: bool = False
    take: int = 0
    choice: int = 0
    is_made_up: bool = False


@dataclass(frozen=True, slots=True)
class PartHeading:
    """A `####` heading. `name` is what follows the kind (`call NAME`), `words` the qualifiers after
    it.
    """

    kind: str
    name: str = ""
    words: tuple[str, ...] = ()

    def settings(self) -> JsonObject:
        """Qualifiers of the form `detail low`, as fields."""
        return {
            key: value for key, _, value in (word.partition(" ") for word in self.words) if value
        }


def role_heading(words: str, line: int) -> RoleHeading:
    """What a `###` heading says. Raises `TranscriptError` for a word it does not know."""
    first, *qualifiers = [word.strip() for word in words.split(",")]
    role, _, argument = first.partition(" ")
    if role not in ROLE_WORDS:
        raise TranscriptError(
            line, f"`### {words}` is no role: {_expected(role, ROLE_WORDS)}", code="unknown-role"
        )
    if argument and role != "error":
        raise TranscriptError(
            line, f"`### {words}`: expected a comma after {role!r}", code="missing-comma"
        )
    found: dict[str, object] = {}
    for qualifier in qualifiers:
        key, value = _qualifier(role, qualifier, words, line)
        if key in found:
            raise TranscriptError(
                line, f"`### {words}` says {key} twice", code="repeated-qualifier"
            )
        found[key] = value
    heading = RoleHeading(role, argument.strip(), **found)  # type: ignore[arg-type]
    if role == "assistant" and heading.pattern and not heading.given:
        raise TranscriptError(
            line, f"`### {words}`: only a given message can be a pattern", code="answer-as-pattern"
        )
    if heading.given and (heading.take or heading.choice):
        raise TranscriptError(
            line,
            f"`### {words}`: a given message is no answer, it has no takes",
            code="given-with-take",
        )
    return heading


def _qualifier(role: str, qualifier: str, words: str, line: int) -> tuple[str, object]:
    key, _, number = qualifier.partition(" ")
    match key:
        case "like" | "any" if not number and role not in ("embedding", "error", "response"):
            return "pattern", key
        case "given" if not number and role == "assistant":
            return "given", True
        case "take" | "choice" if role in ANSWERS and _NUMBER.fullmatch(number) and int(number) > 0:
            return key, int(number)
        case "from" if number == "hash" and role == "embedding":
            return "is_made_up", True
        case _ if role in ("tool", "function") and qualifier and " " not in qualifier:
            return "id", qualifier
    known = {
        "assistant": ("given", "take N", "choice N"),
        "error": ("take N",),
        "response": ("take N",),
        "embedding": ("from hash", "take N", "choice N"),
        "tool": ("the ID of a call, without spaces", "like", "any"),
        "function": ("the name of a function, without spaces", "like", "any"),
    }.get(role, ("like", "any"))
    raise TranscriptError(
        line,
        f"`### {words}`: {qualifier!r} is not known here: {_expected(qualifier, known)}",
        code="unknown-qualifier",
    )


def part_heading(words: str, line: int) -> PartHeading:
    """What a `####` heading says. Raises `TranscriptError` for a kind it does not know."""
    first, *qualifiers = [word.strip() for word in words.split(",")]
    kind, _, name = first.partition(" ")
    if kind not in PART_KINDS:
        raise TranscriptError(
            line, f"`#### {words}` is no part: {_expected(kind, PART_KINDS)}", code="unknown-part"
        )
    return PartHeading(kind, name.strip(), tuple(qualifiers))


def _expected(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word.lower().rstrip(":"), known, 1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}expected {', '.join(known)}"
