"""The YAML of a transcript: front matter and `yaml` fences as JSON objects, and back.

YAML 1.2 as a person expects it: `no`, `1:20` and `2026-11-23` are strings, `1e3` is a number,
comments are allowed. The writer writes a line for each key, its value as JSON, plain words without
quotes; long values get a line for each item, so that a change is a small diff. Lines of that kind
are read without a YAML parser, which would take a hundred times as long; everything else goes to
ruamel.yaml, and a test ensures that both give the same results.
"""

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode
from ruamel.yaml.nodes import Node
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.nodes import SequenceNode
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.scanner import ScannerError

from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import TranscriptError
from rechat.values import jsontext

WIDTH = 100
_ENDLESS = 1 << 62
# Lines that are indented further go to the parser, which reports them.
_DEEPEST = 100
_LONG_KEY = 1000
# Nested brackets, and values that aliases repeat: more than any file needs.
_MOST_LEVELS = 500
_MOST_ALIASED = 100_000
# The parser takes seconds for 100,000 characters.
_LONGEST = 1_000_000

# A word that needs no quotes in YAML: "gpt-4o-mini", "openai/gpt-5", "call_1", "as above".
_PLAIN = re.compile(r"[A-Za-z_/](?:[\w./@+-]|:(?=[\w/])| (?=[\w(]))*", re.ASCII)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|(?<![\w.+-])' + _PLAIN.pattern, re.ASCII)
_NOT_PLAIN = re.compile(r"true|false|null|yes|no|on|off|y|n", re.IGNORECASE)
_CONSTANTS: dict[str, Json] = {"true": True, "false": False, "null": None}
# A line such as "temperature: 0.2".
_LINE = re.compile(r"([A-Za-z_][\w.-]*):(?: +(.*))?", re.ASCII)
# "1." and "1.e3": a decimal point without digits after it.
_BARE_POINT = re.compile(r"(?<=\d)\.(?=[eE]|\Z)")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
# The parser's messages for the usual mistakes, and their remedies.
_REMEDIES = {
    "mapping values": "a value with `: ` in it needs quotes, a key has a space after its `:`",
    "found character '\\t'": "write spaces, not a tab, before a key",
    "found character": "a value that begins with it needs quotes",
    "found undefined alias": "a value that begins with `*` needs quotes",
    "could not determine a constructor": "a value that begins with `!` needs quotes",
    "found unexpected end of stream": "close the quote in the line where it begins",
    "expected ',' or": "close the bracket, and write a comma between its members",
    "expected <block end>": "keys begin in one column, a quoted value ends with its quote",
}
# Numbers that are words in JSON, and would be texts in YAML.
_WORDS = {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}
_OF_WORDS = {spelled: word for word, spelled in _WORDS.items()}


def read(text: str, line: int) -> JsonObject:
    """The object that a YAML text describes; empty text is an empty object. `line` is its first
    line in the file, for errors.
    """
    fields = _read_lines(text)
    return _read_yaml(text, line) if fields is None else fields


def _read_lines(text: str) -> JsonObject | None:
    """The object, if every line is as `write` writes it; None if a YAML parser is needed."""
    lines = _Lines([line for line in text.split("\n") if line])
    try:
        fields = lines.entries("") if lines.left else {}
    except JsonError:
        return None
    return None if lines.left else fields


class _Lines:
    """Lines that are a key and a value, an item of a list, or the key of what is below it, indented
    by two more spaces. Raises `JsonError` for any other.
    """

    def __init__(self, lines: list[str]) -> None:
        self.left = lines[::-1]

    def entries(self, margin: str) -> JsonObject:
        """The object whose keys are at this indentation."""
        fields: JsonObject = {}
        while self.left and self.left[-1].startswith(margin):
            match = _LINE.fullmatch(self.left[-1], len(margin))
            if not match or match[1] in fields or _NOT_PLAIN.fullmatch(match[1]):
                raise JsonError(f"{self.left[-1]!r} needs a YAML parser")
            del self.left[-1]
            fields[match[1]] = _read_value(match[2]) if match[2] else self._below(margin + "  ")
        return fields

    def _below(self, margin: str) -> Json:
        start = self.left[-1] if self.left else ""
        if len(margin) > _DEEPEST or not start.startswith(margin):
            raise JsonError("what stands below a key is missing, or nested deeply")
        return self._items(margin) if start.startswith("- ", len(margin)) else self.entries(margin)

    def _items(self, margin: str) -> list[Json]:
        items: list[Json] = []
        while self.left and self.left[-1].startswith(margin + "- "):
            said = self.left[-1][len(margin) + 2 :]
            if _LINE.fullmatch(said):
                self.left[-1] = f"{margin}  {said}"
                items.append(self.entries(margin + "  "))
            else:
                items.append(_read_value(said))
                del self.left[-1]
        return items


def _read_value(value: str) -> Json:
    """The value of a line: a plain word, or JSON. Raises `JsonError`."""
    if not _PLAIN.fullmatch(value):
        return _read_inline(value)
    if value in _CONSTANTS:
        return _CONSTANTS[value]
    if _NOT_PLAIN.fullmatch(value):
        raise JsonError(f"{value!r} needs a YAML parser")
    return value


def _read_inline(value: str) -> Json:
    """The value of a line as `_inline` writes it: JSON, but plain words need no quotes. Raises
    `JsonError`.
    """
    if value[0] in "[{":
        value = _TOKEN.sub(_quote_word, value)
    return jsontext.parse(value, unique=True)


def _quote_word(match: re.Match[str]) -> str:
    word = match[0]
    if word[0] == '"' or word in ("true", "false", "null"):
        return word
    if _NOT_PLAIN.fullmatch(word):
        raise JsonError(f"{word!r} needs a YAML parser")
    return f'"{word}"'


class _Scanner(Scanner):
    """YAML with limited nesting of brackets, since each level costs time for every token."""

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803  # ruamel's
        if len(self.flow_context) >= _MOST_LEVELS:
            problem = f"more than {_MOST_LEVELS} brackets are nested in each other"
            raise ScannerError(None, None, problem, self.reader.get_mark())
        super().fetch_flow_collection_start(TokenClass, to_push)


class _Constructor(SafeConstructor):
    """JSON's types only: numbers keep their spelling, dates stay text."""

    def construct_document(self, node: Node) -> Any:
        sizes: dict[int, int] = {}
        if _size(node, sizes) > max(_MOST_ALIASED, len(sizes)):
            problem = f"its aliases stand for more than {_MOST_ALIASED:,} values"
            raise ConstructorError(None, None, problem, node.start_mark)
        return super().construct_document(node)

    def number(self, node: ScalarNode) -> Json:
        literal = str(node.value)
        if word := _OF_WORDS.get(literal.lower().removeprefix("+")):
            return jsontext.parse(word)
        if _JSON_NUMBER.fullmatch(literal):
            return jsontext.parse(literal)
        if literal.lstrip("+-").startswith("."):
            literal = literal.replace(".", "0.", 1)
        plain = _BARE_POINT.sub(".0", literal.replace("_", "").removeprefix("+"))
        if _JSON_NUMBER.fullmatch(plain):
            return jsontext.parse(plain)
        try:
            return jsontext.parse(str(int(plain, 0)))
        except ValueError:
            problem = f"{node.value!r} is a number that JSON cannot represent"
            raise ConstructorError(None, None, problem, node.start_mark) from None

    def text(self, node: ScalarNode) -> str:
        return str(node.value)

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> Any:  # noqa: FBT001, FBT002  # ruamel's
        for key, _ in node.value:
            if key.tag not in _KEY_TAGS:
                problem = f'the key {key.value!r} must be text: write "{key.value}"'
                raise ConstructorError(None, None, problem, key.start_mark)
        return super().construct_mapping(node, deep)


def _size(node: Node, sizes: dict[int, int]) -> int:
    """How many values a node stands for, counting aliases as often as they repeat; for one that
    contains itself, more than the limit.
    """
    if id(node) not in sizes:
        sizes[id(node)] = _ENDLESS
        inner: list[Node] = []
        if isinstance(node, MappingNode):
            inner = [side for pair in node.value for side in pair]
        elif isinstance(node, SequenceNode):
            inner = node.value
        sizes[id(node)] = 1 + sum(_size(child, sizes) for child in inner)
    return sizes[id(node)]


for _tag in ("int", "float"):
    _Constructor.add_constructor(f"tag:yaml.org,2002:{_tag}", _Constructor.number)
for _tag in ("timestamp", "binary"):
    _Constructor.add_constructor(f"tag:yaml.org,2002:{_tag}", _Constructor.text)
for _tag in ("set", "omap", "pairs"):
    _Constructor.add_constructor(f"tag:yaml.org,2002:{_tag}", _Constructor.construct_undefined)
_KEY_TAGS = {f"tag:yaml.org,2002:{tag}" for tag in ("str", "timestamp", "binary", "merge")}


def _parser() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _Scanner
    yaml.Constructor = _Constructor
    yaml.composer.warn_double_anchors = False  # YAML allows them; the later one wins
    return yaml


def _read_yaml(text: str, line: int) -> JsonObject:
    if len(text) > _LONGEST:
        raise TranscriptError(
            line,
            f"this YAML has {len(text):,} characters, expected at most {_LONGEST:,}: "
            "write long values as JSON on one line, or link to a file that holds them",
            code="invalid-yaml",
        )
    try:
        value: Any = _parser().load(text)
        jsontext.dump(value)  # raises what JSON cannot hold
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = line + mark.line if mark else line
        raise TranscriptError(
            at, f"this YAML cannot be read: {_in_plain_words(error.problem)}", code="invalid-yaml"
        ) from None
    except RecursionError:
        raise TranscriptError(
            line, "this YAML cannot be read: nested too deeply", code="invalid-yaml"
        ) from None
    except (YAMLError, ValueError, TypeError) as error:
        raise TranscriptError(
            line, f"this YAML cannot be read: {' '.join(str(error).split())}", code="invalid-yaml"
        ) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TranscriptError(
            line, f"expected `key: value` lines, read {value!r:.60}", code="invalid-yaml"
        )
    return value


def _in_plain_words(problem: str | None) -> str:
    """The parser's message, with the remedy if it is known."""
    said = problem or "it is not YAML"
    remedy = next((words for start, words in _REMEDIES.items() if said.startswith(start)), "")
    return f"{said} ({remedy})" if remedy else said


def write(fields: JsonObject) -> str:
    """The YAML text of an object, ending in a newline; empty for an empty object."""
    return "".join(line + "\n" for line in _entries(fields, ""))


def _entries(fields: JsonObject, margin: str) -> list[str]:
    lines = []
    for key, value in fields.items():
        start = _key(key)
        lines += _item(
            f"{margin}{start}" + (":" if start[0] != "?" else f"\n{margin}:"), value, margin
        )
    return lines


def _item(start: str, value: Json, margin: str) -> list[str]:
    inline = _inline(value)
    if len(start) + len(inline) < WIDTH or not isinstance(value, dict | list) or not value:
        return [f"{start} {inline}"]
    if isinstance(value, dict):
        return [start, *_entries(value, margin + "  ")]
    lines = [start]
    for item in value:
        lines += _list_item(item, margin + "  ")
    return lines


def _list_item(item: Json, margin: str) -> list[str]:
    inline = _inline(item)
    if len(margin) + len(inline) + 2 < WIDTH or not isinstance(item, dict) or not item:
        return [f"{margin}- {inline}"]
    first, *rest = _entries(item, margin + "  ")
    return [f"{margin}- {first.lstrip()}", *rest]


def _key(key: str) -> str:
    """The key before its colon; a long one is marked as such, since YAML searches only 1024
    characters for the colon.
    """
    text = _plain(key) or jsontext.quote(key)
    return text if len(text) < _LONG_KEY else f"? {text}"


def _plain(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and not _NOT_PLAIN.fullmatch(text) else ""


def _inline(value: Json) -> str:
    match value:
        case str():
            return _plain(value) or jsontext.quote(value)
        case dict():
            return (
                "{"
                + ", ".join(f"{_key(key)}: {_inline(item)}" for key, item in value.items())
                + "}"
            )
        case list():
            return "[" + ", ".join(_inline(item) for item in value) + "]"
        case _:
            literal = jsontext.dump_visible(value)
            return _WORDS.get(literal, literal)
