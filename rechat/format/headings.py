"""The meaning of a heading: `### assistant, take 2` or `#### call get_weather, call_1`, word by
word.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rechat.values import ROLES
from rechat.values import JsonObject
from rechat.values import Pattern
from rechat.values import TranscriptError

_NUMBER = re.compile("[0-9]{1,9}")
_CR = "\r"
# Blanks that are none, and characters without a width, as pages and word processors put them.
_HIDDEN = re.compile("[\u00a0\u00ad\u2000-\u200f\u202a-\u202f\u2060-\u2064\u3000\ufeff]")
_ID = re.compile(r"\S+")
# A name or ID that is allowed in a heading: "get_weather", "call_a1".
_WORD = re.compile(r"[^\s,#`\\]+")

PART_KINDS = (
    *("text", "image", "audio", "file", "call", "result", "reasoning", "refusal", "json"),
)
_NAMED = ("call", "result")
CALL_QUALIFIERS = ("custom", "server")
# The kinds that are items of a content list.
_CONTENT_KINDS = ("text", "image", "audio", "file", "result", "json")
ROLE_WORDS = (*ROLES, "request", "input", "error", "response", "embedding")
ANSWERS = ("assistant", "embedding", "response", "error")
_NUMBERED = {"take": ANSWERS, "choice": ("assistant", "embedding")}
# Other names for roles, used by people and other tools.
_ALSO_CALLED = {
    "user": "human person customer client question prompt visitor asker q you me",
    "assistant": "ai model bot chatbot gpt chatgpt claude gemini copilot llm agent answer "
    "reply completion output a",
    "system": "instructions instruction sys context persona preamble",
    "developer": "dev",
    "tool": "tool_result tool_response result observation tool_output function_call_output",
    "error": "exception failure",
    "embedding": "embeddings vector",
}
# Role names in other languages.
_ABROAD = {
    "user": "benutzer nutzer anwender usuario utilisateur utente usuário utilizador gebruiker "
    "användare użytkownik пользователь ユーザー 用户 使用者 사용자",
    "assistant": "assistent asistente assistente asystent antwort respuesta réponse risposta "
    "resposta antwoord ответ ассистент アシスタント 助手 助理 어시스턴트",
    "system": "systeem sistema système システム 系统 系統 система 시스템",
}
_ALIASES = {
    alias: role
    for words in (_ALSO_CALLED, _ABROAD)
    for role, aliases in words.items()
    for alias in aliases.split()
}
# Words that are never the title of a section: whoever writes them means a role.
_SPOKEN = ("system", "developer", "user", "assistant", "tool", "function")
_SPOKEN_ALIASES = ("human", "ai", "bot", "chatbot", "chatgpt")
# Other names for parts, used by people and other tools.
_PARTS_ALSO_CALLED = {
    "image": "picture photo img image_url input_image screenshot",
    "audio": "sound voice speech input_audio",
    "file": "document pdf attachment input_file",
    "call": "tool_call function_call tool_use function tool tool_calls",
    "result": "tool_result function_call_output output",
    "reasoning": "thinking thought thoughts think reasoning_content",
    "refusal": "refused",
    "text": "content message input_text output_text body",
}
_PART_ALIASES = {alias: kind for kind, all_ in _PARTS_ALSO_CALLED.items() for alias in all_.split()}
_MARKS = " \t*_:`\u00a0\u200b\u2060\ufeff"
_PART_QUALIFIERS = {
    "call": "the ID of the call, without spaces, and `custom` or `server`",
    "result": "the ID of the call, without spaces",
    "image": "a field and its value, such as `detail low`",
    "audio": "a field and its value, such as `format wav`",
    "file": "a field and its value, such as `filename a.pdf`",
    "reasoning": "`field NAME`",
}


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

    @property
    def is_item(self) -> bool:
        """Whether this is an item of the API: a call of a tool of the server, or a result."""
        return self.kind == "result" or (self.kind == "call" and "server" in self.words)

    @property
    def is_content(self) -> bool:
        """Whether this is a member of the content."""
        return self.kind in _CONTENT_KINDS or self.is_item

    def settings(self) -> JsonObject:
        """Qualifiers of the form `detail low`, as fields."""
        return {
            key: value for key, _, value in (word.partition(" ") for word in self.words) if value
        }


# Nearly all headings consist of a role only.
_PLAIN_ROLES = {role: RoleHeading(role) for role in ROLE_WORDS}


def is_word(text: str) -> bool:
    """Whether a name or ID is allowed in a heading."""
    return bool(_WORD.fullmatch(text))


def alias_of(word: str) -> str:
    """The role that people and other tools call by this name; empty if there is none."""
    return _ALIASES.get(word, "")


def spoken_role(word: str) -> str:
    """The role that a word alone unambiguously means; empty if it may mean something else."""
    if said := re.fullmatch(r"(\w{1,20}) said", word):
        return alias_of(said[1])
    return word if word in _SPOKEN else _ALIASES[word] if word in _SPOKEN_ALIASES else ""


def meant_role(words: str) -> str:
    """The heading of the role that the words of another heading must mean; empty if they may be a
    title.
    """
    plain = words.strip(_MARKS)
    if role := spoken_role(plain.lower()):
        return role
    if plain.partition(" ")[0].rstrip(",:") not in ROLE_WORDS:
        return ""
    try:
        role_heading(plain, 0)
    except TranscriptError:
        return ""
    return plain


def told_heading[H](read: Callable[[str, int], H], words: str, line: int) -> H:
    """What a heading says. Where it cannot be read and has a character that nobody sees, the
    `TranscriptError` names that, for what is seen looks right.
    """
    try:
        return read(words, line)
    except TranscriptError as error:
        if not (hidden := _HIDDEN.search(words)):
            raise
        shown = f"U+{ord(hidden[0]):04X}"
        hint = f"(there is {shown} in it, which nobody sees: type it again)"
        raise TranscriptError(line, f"{error.message} {hint}", code=error.code) from None


def role_heading(words: str, line: int) -> RoleHeading:
    """The meaning of a `###` heading. Raises `TranscriptError` for an unknown word."""
    if words in _PLAIN_ROLES:
        return _PLAIN_ROLES[words]
    first, *qualifiers = [word.strip() for word in words.split(",")]
    role, _, argument = first.partition(" ")
    if role not in ROLE_WORDS:
        raise TranscriptError(
            line,
            f"`### {words}` is not a role: {_expected_role(words)}"
            if _CR not in words
            else f"`### {words.partition(_CR)[0]}` does not end its line, nor does any CR without "
            "LF: save the file with lines that end in LF",
            code="unknown-role",
        )
    if argument and role != "error":
        raise _missing_comma(role, words, line)
    found: dict[str, object] = {}
    for qualifier in qualifiers:
        key, value = _qualifier(role, qualifier, words, line)
        if key in found:
            raise TranscriptError(line, f"`### {words}` has {key} twice", code="repeated-qualifier")
        found[key] = value
    heading = RoleHeading(role, argument.strip(), **found)  # type: ignore[arg-type]
    if role == "assistant" and heading.pattern and not heading.given:
        raise TranscriptError(
            line, f"`### {words}`: only a given message can be a pattern", code="answer-as-pattern"
        )
    if heading.given and (heading.take or heading.choice):
        raise TranscriptError(
            line,
            f"`### {words}`: a given message is not an answer and has no takes",
            code="given-with-take",
        )
    return heading


def _missing_comma(role: str, words: str, line: int) -> TranscriptError:
    after = words.partition(" ")[2]
    meant = f"{role}, {after.strip(' ();:.-')}"
    try:
        role_heading(meant, line)
    except TranscriptError:
        known = ", ".join(_qualifiers_of(role))
        return TranscriptError(
            line,
            f"`### {words}`: read {after[:40]!r}, expected nothing after {role!r}, or a comma and "
            f"{known}; a text stands below the heading, each line with `> ` in front",
            code="missing-comma",
        )
    return TranscriptError(
        line,
        f"`### {words}`: expected a comma after {role!r}: write `### {meant}`",
        code="missing-comma",
    )


def _qualifiers_of(role: str) -> tuple[str, ...]:
    return {
        "assistant": ("given", "take N", "choice N"),
        "error": ("take N",),
        "response": ("take N",),
        "embedding": ("from hash", "take N", "choice N"),
        "tool": ("the ID of a call, without spaces", "like", "any"),
        "function": ("the name of a function, without spaces", "like", "any"),
    }.get(role, ("like", "any"))


def _qualifier(role: str, qualifier: str, words: str, line: int) -> tuple[str, object]:
    key, _, number = qualifier.partition(" ")
    match key:
        case "like" | "any" if not number and role not in ("embedding", "error", "response"):
            return "pattern", key
        case "given" if not number and role == "assistant":
            return "given", True
        case "take" | "choice" if role in _NUMBERED[key] and _NUMBER.fullmatch(number):
            if int(number) > 0:
                return key, int(number)
        case "from" if number == "hash" and role == "embedding":
            return "is_made_up", True
        case _ if role in ("tool", "function") and _ID.fullmatch(qualifier):
            return "id", qualifier
    raise TranscriptError(
        line,
        f"`### {words}`: {qualifier!r} is not allowed here: "
        f"{_expected(qualifier, _qualifiers_of(role))}",
        code="unknown-qualifier",
    )


def part_heading(words: str, line: int) -> PartHeading:
    """The meaning of a `####` heading. Raises `TranscriptError` for an unknown kind."""
    first, *qualifiers = [word.strip() for word in words.split(",")]
    kind, _, name = first.partition(" ")
    name = name.strip()
    if kind not in PART_KINDS:
        meant = _PART_ALIASES.get(kind.lower(), kind)
        raise TranscriptError(
            line,
            f"`#### {words}` is not a part: {_expected(meant, PART_KINDS)}",
            code="unknown-part",
        )
    if name and (kind not in _NAMED or not _ID.fullmatch(name)):
        raise TranscriptError(
            line,
            f"`#### {words}`: {_meant_by_spaces(kind, name, qualifiers, words)}",
            code="missing-comma",
        )
    keys = [_part_qualifier(kind, qualifier, words, line) for qualifier in qualifiers]
    twice = next((key for position, key in enumerate(keys) if key in keys[:position]), "")
    if twice:
        raise TranscriptError(line, f"`#### {words}` has {twice} twice", code="repeated-qualifier")
    return PartHeading(kind, name, tuple(qualifiers))


def _meant_by_spaces(kind: str, name: str, qualifiers: Sequence[str], words: str) -> str:
    """The correction for a part whose kind or name is followed by further words."""
    match qualifiers:
        case [identifier] if kind in _NAMED and identifier not in CALL_QUALIFIERS:
            meant = f"{kind} {'_'.join(name.split())}, {identifier}"
            return f"the name of a tool has no spaces: write `#### {meant}`"
    after = f"{kind} {name.split(maxsplit=1)[0]}" if kind in _NAMED else kind
    return (
        f"expected a comma after {after!r}: write "
        f"`#### {after}, {words.removeprefix(after).strip()}`"
    )


def is_part(words: str) -> bool:
    """Whether these are the words of a part's heading."""
    try:
        part_heading(words, 0)
    except TranscriptError:
        return False
    return True


def _part_qualifier(kind: str, qualifier: str, words: str, line: int) -> str:
    """The meaning of a part's qualifier: the key of a field, or which property of a call it is."""
    key, _, value = qualifier.partition(" ")
    match kind:
        case "call" if qualifier in CALL_QUALIFIERS:
            return "a kind of call"
        case "call" | "result" if _ID.fullmatch(qualifier):
            return "the ID"
        case "image" | "audio" | "file" if value:
            return key
        case "reasoning" if key == "field" and value:
            return key
    known = _PART_QUALIFIERS.get(kind, "no more words")
    raise TranscriptError(
        line,
        f"`#### {words}`: {qualifier!r} is not allowed here: expected {known}",
        code="unknown-qualifier",
    )


def _expected_role(words: str) -> str:
    """What an invalid role heading probably means, and what is allowed."""
    told = re.findall(r"\w+", words.lower())
    known = (word for word in told if word in ROLE_WORDS or word in _ALIASES)
    first = next(known, told[0] if told else "")
    if first in PART_KINDS:
        return f"a part of a message is `#### {first}`; expected {', '.join(ROLE_WORDS)}"
    if re.fullmatch("[2-5][0-9]{2}", first):
        return f"an error is written `### error {first}`; expected {', '.join(ROLE_WORDS)}"
    return _expected(_ALIASES.get(first, first), ROLE_WORDS)


def _expected(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word.lower().rstrip(":"), known, 1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}expected {', '.join(known)}"
