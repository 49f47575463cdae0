"""Settings that no request has: misspelled, of another type, or not read as settings at all."""

import math
import re
from collections.abc import Iterator
from difflib import get_close_matches

from rechat.format import SETTINGS
from rechat.format import TELLING
from rechat.format import TYPES
from rechat.store.doubts.conversations import Doubt
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Section
from rechat.values import dump
from rechat.values import jsontext

# Our own options, which stand below `rechat:`.
_OPTIONS = ("match", "takes", "ignore", "normalise", "api", "delay", "pace")
# What is a message in a transcript, whatever the API calls it.
_MESSAGES = {
    "system": "### system",
    "systemInstruction": "### system",
    "system_instruction": "### system",
    "instructions": "### system",
    "messages": "### user",
    "contents": "### user",
}
# What answers have, and what else there may be of them in a request.
_OF_ANSWERS = (
    *("finish_reason", "stop_reason", "finishReason", "done_reason", "choices", "created"),
    *("completion_tokens", "prompt_tokens", "total_tokens", "system_fingerprint", "object", "id"),
)
# What programs for notes and sites keep in the front matter.
_OF_NOTES = (
    *("tags", "tag", "aliases", "alias", "cssclasses", "cssclass", "publish", "permalink"),
    *("created", "updated", "modified", "date", "author", "draft", "layout", "categories"),
)
# What the front matter of pages has, and some API that is no chat.
_OF_PAGES = ("title", "language", "style")
_QUOTES = re.compile("[\u2018-\u201f\u00ab\u00bb\u2039\u203a]")
_KEY = re.compile(r"[ \t]{0,8}\{?[\"']?(?P<key>\w{1,40})[\"']?[ \t]*[:=][ \t]*\S")
# What the format of a chat's answer may be, and what a choice of tools is in one word.
_FORMATS = ("text", "json_object", "json_schema")
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max", "default")
_CHOICES = ("auto", "none", "required", "any", "validated")
_ANY_MODEL = ("any", "all", "*", "every", "whatever")
# Settings that hold others, and what a capital stands for there.
# Names for which a model is asked, and what programs put into the place of one.
_NO_MODEL = re.compile(r"[*|$<,]|\{\{| or ")
# What each number may be, as far as all APIs agree.
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "min_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
_STOPS = ("stop", "stop_sequences")
# A line break as JSON and double quotes have it, and words one behind the other.
_ESCAPE = re.compile(r"(?:\\[nrt])+")
_WORDS = re.compile(r"\w{1,40}(?:, ?\w{1,40})+")
# So many seconds nobody waits for.
_LONG = 300
_HOLDERS = ("options", "generationConfig", "generation_config")
_CAPITAL = re.compile("[A-Z]")
_EXPECTED = {
    "number": "a number such as 0.7",
    "count": "a whole number such as 500",
    "text": "a text",
    "flag": "`true` or `false`",
    "list": "a list such as [a, b]",
    "mapping": "keys and values, such as {key: value}",
    "tools": "a list of tools as the API has them, such as "
    "[{type: function, function: {name: get_weather}}]",
    "tool_choice": "auto, none, required or keys and values",
}
_READ = {"a string": "a text", "an object": "a mapping", "null": "nothing"}
_DECIMAL_COMMA = re.compile(r"(\d+),(\d+)")


def doubts_about_settings(section: Section, source: str) -> Iterator[Doubt]:
    """The line of a setting in a source, what is odd about it and how to write it."""
    for ignored in section.options.ignore:
        close = get_close_matches(ignored, SETTINGS, 1)
        if ignored not in SETTINGS and ignored not in section.settings and close:
            line = _line_of("rechat", section, source)
            yield line, f"`ignore: {ignored}` ignores nothing: did you mean `{close[0]}`?"
    if section.options.delay >= _LONG:
        yield (
            _line_of("rechat", section, source),
            (
                f"`delay: {section.options.delay:g}` is in seconds, and clients give up before: "
                f"for milliseconds write `delay: {section.options.delay / 1000:g}`"
            ),
        )
    for name, value in section.settings.items():
        if name in section.options.ignore:
            continue
        if words := (
            _doubt(name, value)
            or _doubt_about_place(name, section)
            or (_doubt_about_word(name, value) if _is_chat(section) else "")
        ):
            yield _line_of(name, section, source), words


def _line_of(name: str, section: Section, source: str) -> int:
    """Where a setting stands: below the heading of its section, or else in the front matter."""
    own = source[section.span.start : section.span.end]
    key = re.compile(rf"^[\"']?{re.escape(name)}[\"']?[ \t]*:", re.MULTILINE)
    above = own.partition("\n### ")[0] if section.title else ""
    if found := key.search(above):
        return source.count("\n", 0, section.span.start + found.start()) + 1
    found = key.search(source.partition("\n### ")[0])
    return source.count("\n", 0, found.start()) + 1 if found else section.line


def _doubt(name: str, value: Json) -> str:
    if _QUOTES.search(name) or (isinstance(value, str) and _QUOTES.match(value)):
        return f'`{name}: {value}` has typographic quotes, which are part of it: write " or none'
    if name in _OPTIONS:
        return (
            f"`{name}` is an option of rechat and no setting of a request: write it below `rechat:`"
            f", as in `rechat: {{{name}: {dump(value)}}}`"
        )
    if name in _MESSAGES:
        heading = _MESSAGES[name]
        return f"`{name}` is no setting: write it as a message, below a line `{heading}`"
    if name in _OF_NOTES and name not in SETTINGS and not isinstance(value, int):
        return (
            f"`{name}` is a property of a note and no setting of a request, and only requests that "
            f"have it match: take it out, or write `rechat: {{ignore: [{name}]}}`"
        )
    if name in _OF_ANSWERS or (name == "usage" and _has_tokens(value)):
        return (
            f"`{name}` is what an answer has, and no setting of a request: write it in a ```yaml "
            "fence below the answer"
        )
    if name in SETTINGS or name.startswith("x_"):
        return _doubt_about_type(name, value)
    close = get_close_matches(name, SETTINGS, 1)
    hint = f"did you mean `{close[0]}`? " if close else ""
    option = name.removeprefix("rechat.")
    if option != name:
        hint = f"write `rechat: {{{option}: {dump(value)}}}`: "
    return (
        f"no API that rechat knows has a setting `{name}`: {hint}only requests that have it match"
    )


def _has_tokens(value: Json) -> bool:
    """Whether this is the usage that an answer tells; a request only asks for it."""
    return isinstance(value, dict) and any(key.endswith("_tokens") for key in value)


def _doubt_about_place(name: str, section: Section) -> str:
    """What is odd about a setting that conversations do not have, but pages of other kinds do."""
    if name not in _OF_PAGES or not _is_chat(section):
        return ""
    return (
        f"no chat API has a setting `{name}`, and only requests that have it match: a title stands "
        "in a line `# Title`"
    )


def _is_chat(section: Section) -> bool:
    return any(
        isinstance(entry, Given) and entry.message.role == "user" for entry in section.entries
    )


def _doubt_about_word(name: str, value: Json) -> str:
    """What is odd about a word that stands for a mapping, or for what kind of mapping it is."""
    match name, value:
        case "response_format", str():
            return (
                f"`response_format: {dump(value)}` is a text; expected keys and values: write "
                "`response_format: {type: json_object}`, or json_schema with a schema"
            )
        case "tool_choice", str() if value.lower() not in _CHOICES:
            return (
                f"`tool_choice: {dump(value)}` is a text; expected auto, none or required; for one "
                f"tool write `tool_choice: {{type: function, function: {{name: {value}}}}}`"
            )
        case "response_format", dict(given):
            return _doubt_about_format(given)
        case "reasoning_effort", str() if close := _near(value, _EFFORTS):
            return f"`reasoning_effort: {value}` is not known: did you mean `{close}`?"
    return ""


def _doubt_about_format(given: JsonObject) -> str:
    """What is odd about the format of an answer that is asked for."""
    match given.get("type"):
        case None:
            return (
                "`response_format` has no `type`, and requests have one: write "
                "`response_format: {type: json_object}`, or json_schema with a schema"
            )
        case "json" if "value" not in given:
            return "`type: json` in `response_format` is not known: write `type: json_object`"
        case "json_schema" if not isinstance(given.get("json_schema", given.get("schema")), dict):
            return (
                "`type: json_schema` in `response_format` needs the schema: write "
                "`json_schema: {name: answer, schema: {type: object}}` beside it"
            )
        case str(kind) if close := _near(kind, _FORMATS):
            return f"`type: {kind}` in `response_format` is not known: did you mean `{close}`?"
    return ""


def _near(word: str, known: tuple[str, ...]) -> str:
    """The known word that a word is most like; empty if it is one of them, or like none."""
    return "" if word in known else next(iter(get_close_matches(word, known, 1, 0.5)), "")


def _doubt_about_type(name: str, value: Json) -> str:
    if name in _HOLDERS and isinstance(value, dict):
        inner = ((_CAPITAL.sub(lambda c: f"_{c[0].lower()}", key), value[key]) for key in value)
        return next(filter(None, (_doubt_about_type(*each) for each in inner)), "")
    if words := _doubt_about_range(name, value):
        return words
    kinds = TYPES.get(name, ())
    if name == "model" and isinstance(value, str) and value.lower() in _ANY_MODEL:
        return f"`model: {value}` is the name of a model: for any model leave out the line"
    if name == "model" and isinstance(value, str) and _NO_MODEL.search(value):
        return f"`model: {value}` is compared as it stands: for any model leave out the line"
    if value is None or (name == "model" and value == ""):
        return f"`{name}:` has no value: write one, or leave out the line"
    if name == "tools" and isinstance(value, list):
        if all(isinstance(tool, dict) for tool in value):
            return next(filter(None, map(_doubt_about_tool, value)), "")
    elif not kinds or any(_fits(value, kind) for kind in kinds):
        return ""
    read = jsontext.kind_of(value)
    expected = _EXPECTED.get(name) or " or ".join(_EXPECTED[kind] for kind in kinds)
    return (
        f"`{name}: {dump(value)}` is {_READ.get(read, read)}; expected {expected}"
        f"{_remedy(name, value, kinds)}"
    )


def _doubt_about_range(name: str, value: Json) -> str:
    """What is odd about a value whose type is right."""
    match value:
        case int() | float() if name in _RANGES and not isinstance(value, bool):
            least, most = _RANGES[name]
            if not least <= value <= most:
                return f"`{name}: {dump(value)}`: expected a number from {least} to {most}"
        case str() if name in _STOPS and _ESCAPE.fullmatch(value):
            return (
                f"`{name}: {value}` is a backslash and a letter: for the character itself write "
                f'`{name}: ["{value}"]`, in double quotes'
            )
        case str() if name in _STOPS and _WORDS.fullmatch(value):
            return f"`{name}: {value}` is one text: for several write `{name}: [{value}]`"
    return ""


def _doubt_about_tool(tool: Json) -> str:
    """Why no API has such a tool."""
    match tool:
        case {"name": str(name), **others} if not others.keys() & {
            "type",
            "input_schema",
            "function",
        }:
            return (
                f"the tool {name} has no `type`, and requests have one: write `{{type: function, "
                f"function: {{name: {name}, …}}}}`, or `input_schema` in place of `parameters` as "
                "Anthropic has it"
            )
    return ""


def _fits(value: Json, kind: str) -> bool:
    match kind, value:
        case _, bool():
            return kind == "flag"
        case "number", int() | float():
            return math.isfinite(value)
        case "count", int() | float():
            return math.isfinite(value) and value == int(value)
        case ("text", str()) | ("list", list()) | ("mapping", dict()):
            return True
    return False


def _remedy(name: str, value: Json, kinds: tuple[str, ...]) -> str:
    """How to write this value as one of these kinds, if that is plain to see."""
    match value:
        case str() if comma := _DECIMAL_COMMA.fullmatch(value):
            return f": write `{name}: {comma[1]}.{comma[2]}`"
        case str() if "flag" in kinds:
            return ", without quotes"
        case str() if ("number" in kinds or "count" in kinds) and _is_number(value):
            return ": leave out the quotes"
        case str() if "list" in kinds and name != "tools":
            return f": write `{name}: [{dump(value)}]`"
        case int() | float() if "text" in kinds and not isinstance(value, bool):
            return ": put it in quotes"
    return ""


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def unread_settings(source: str) -> Iterator[Doubt]:
    """Lines of commentary above the first message that look like settings of the request."""
    lines = source.split("\n")
    start = _below_front_matter(lines)
    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith(("### ", "```", "~~~", "<", "## ")):
            return
        found = _KEY.match(line)
        if found and found["key"] in TELLING:
            yield (
                number,
                (
                    f"{line.strip()[:40]!r} is commentary and sets nothing: settings stand between "
                    "two lines `---`, the first of which is the first line of the file"
                ),
            )


def _below_front_matter(lines: list[str]) -> int:
    if lines[0].rstrip() != "---":
        return 0
    return next((at + 1 for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
