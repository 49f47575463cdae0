"""JSON read and written without losing its spelling.

Providers print numbers in ways that `float` does not preserve (`0.0000156`, `-1.9e-7`, `1.50`), and
a replay must reproduce them. So a number whose Python spelling differs from its literal becomes a
`Number`, which remembers the literal.

msgspec reads what it can, `json` the rest: lone surrogates, integers of thousands of digits, `-0`.
Compared on the same texts, msgspec keeps large integers and gives the literal of every other
number, which orjson does not; of a duplicate key all three take the last.
"""

import json
import math
import re
from dataclasses import dataclass
from json.encoder import encode_basestring  # the C function behind json.dumps
from typing import Any, Self

import msgspec

from rechat.values.known import Known

# Lists and dicts are invariant for type checkers, so their contents are not spelled out.
type Json = bool | int | float | str | list[Any] | dict[str, Any] | None
type JsonObject = dict[str, Any]


class JsonError(ValueError):
    """A text is not JSON; the message says where and why."""


class Number(float):
    """A number that remembers its literal; equal to the float of the same value. Servers also send
    `NaN`, which is equal to itself here.
    """

    __slots__ = ("literal",)
    literal: str

    def __new__(cls, literal: str) -> Self:  # noqa: D102  # the class says it
        self = super().__new__(cls, literal)
        self.literal = literal
        return self

    def __eq__(self, other: object) -> bool:
        if math.isnan(self):
            return isinstance(other, float) and math.isnan(other)
        return float(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash("NaN") if math.isnan(self) else super().__hash__()

    def __reduce__(self) -> tuple[type["Number"], tuple[str]]:
        return Number, (self.literal,)


def _float(literal: str) -> float:
    value = float(literal)
    return value if repr(value) == literal else Number(literal)


def _int(literal: str) -> int | float:
    # Only "-0" differs from its int; and Python converts no more than 4,300 digits.
    if literal == "-0":
        return Number(literal)
    try:
        return int(literal)
    except ValueError:
        return Number(literal)


def _no_constant(name: str) -> float:
    raise JsonError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Json]]) -> JsonObject:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise JsonError("a key stands twice in an object")
    return value


_FAST = msgspec.json.Decoder(float_hook=_float)
_REFUSED = (msgspec.MsgspecError, ValueError, RecursionError)
# "-0" but for "-0.5" and "x-0": an integer that msgspec reads as 0.
_MINUS_ZERO = r"-0(?<![^\[:,\s]-0)(?![\d.eE])"
_IN_TEXT, _IN_BYTES = re.compile(_MINUS_ZERO), re.compile(_MINUS_ZERO.encode())
_DECODER = json.JSONDecoder(parse_float=_float, parse_int=_int, parse_constant=Number)
_UNIQUE_DECODER = json.JSONDecoder(
    parse_float=_float, parse_int=_int, parse_constant=_no_constant, object_pairs_hook=_unique
)


def parse(text: str | bytes, *, unique: bool = False) -> Json:
    """The value of a JSON text; bytes must be UTF-8. `NaN` and `Infinity`, which JSON lacks and
    Python's servers write, are numbers. Raises `JsonError`, and for `unique` also if an object has
    a key twice or such a number.
    """
    if not unique and not _has_minus_zero(text):
        try:  # not `suppress`, which costs as much as a short text
            return _FAST.decode(text)  # type: ignore[no-any-return]
        except _REFUSED:
            pass  # `json` reads it, or says what is wrong
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value: Json = (_UNIQUE_DECODER if unique else _DECODER).decode(text)
    except RecursionError:
        raise JsonError("nested too deeply") from None
    except ValueError as error:
        raise JsonError(str(error)) from None
    return value


def _has_minus_zero(text: str | bytes) -> bool:
    # `in` first, which is much faster than a search.
    if isinstance(text, bytes):
        return b"-0" in text and _IN_BYTES.search(text) is not None
    return "-0" in text and _IN_TEXT.search(text) is not None


_SPACE = re.compile(r"[ \t\n\r]*")


def parse_several(text: str) -> list[Json]:
    """The consecutive values in a text. Raises `JsonError`."""
    found: list[Json] = []
    at = _SPACE.match(text).end()  # type: ignore[union-attr]  # it matches any text
    while at < len(text):
        try:
            value, end = _DECODER.raw_decode(text, at)
        except RecursionError:
            raise JsonError("nested too deeply") from None
        except ValueError as error:
            raise JsonError(str(error)) from None
        found.append(value)
        at = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # as above
    return found


def parse_object(text: str | bytes) -> JsonObject:
    """The object of a JSON text. Raises `JsonError` for anything else."""
    value = parse(text)
    if not isinstance(value, dict):
        raise JsonError(f"expected a JSON object, not {kind_of(value)}")
    return value


def kind_of(value: Json) -> str:
    """The JSON word for a value's type, for messages: `a string`, `a list`, `null`, …"""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case dict():
            return "an object"


@dataclass(frozen=True, slots=True)
class Style:
    """The spacing of a JSON text."""

    indent: int = 0
    spaced: bool = False


COMPACT = Style()
SPACED = Style(spaced=True)
INDENTED = Style(indent=2, spaced=True)

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _string(text: str) -> str:
    quoted = str(encode_basestring(text))
    return _LONE_SURROGATE.sub(_escape, quoted) if not quoted.isascii() else quoted


def dump(value: Json, style: Style = COMPACT) -> str:
    """The JSON text of a value: number literals and key order kept, lone surrogates escaped, so
    that it encodes as UTF-8.
    """
    comma = "," if style.indent or not style.spaced else ", "
    colon = ": " if style.spaced else ":"

    def write(value: Json, margin: str) -> str:
        match value:
            case str():
                return _string(value)
            case list():
                items = (
                    _numbers(value)
                    if are_numbers(value)
                    else [write(item, margin + pad) for item in value]
                )
                return bracket("[", items, "]", margin)
            case dict():
                items = [
                    _string(key) + colon + write(item, margin + pad) for key, item in value.items()
                ]
                return bracket("{", items, "}", margin)
            case Number():
                return value.literal
            case None:
                return "null"
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case float() if math.isfinite(value):
                return repr(value)
            case _:
                return json.dumps(value)

    def bracket(opening: str, items: list[str], closing: str, margin: str) -> str:
        if not items or not style.indent:
            return opening + comma.join(items) + closing
        inner = f"{comma}\n{margin}{pad}".join(items)
        return f"{opening}\n{margin}{pad}{inner}\n{margin}{closing}"

    pad = " " * style.indent
    return write(value, "")


def same(a: Json, b: Json) -> bool:
    """Whether two values are equal in JSON: key order and number spelling do not count, but `true`
    is not `1`.
    """
    if a is b:
        return True
    # By type and without `match`: each message of a request is compared as it is read.
    kind = type(a)
    if kind is str or a is None:
        return a == b
    if isinstance(a, dict):
        return (
            isinstance(b, dict)
            and len(a) == len(b)
            and all(key in b and same(value, b[key]) for key, value in a.items())
        )
    if isinstance(a, list):
        if not isinstance(b, list) or len(a) != len(b):
            return False
        return a == b if are_numbers(a) and are_numbers(b) else all(map(same, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, Number) and isinstance(b, Number) and not _is_finite(a, b):
        return a.literal == b.literal
    return a == b


_NUMBERS = frozenset({int, float})


_NOT_FINITE = frozenset({"inf", "-inf", "nan"})


def _numbers(values: list[Json]) -> list[str]:
    """The spelling of each number."""
    spelled = list(map(repr, values))
    return spelled if _NOT_FINITE.isdisjoint(spelled) else list(map(json.dumps, values))


def are_numbers(values: list[Json]) -> bool:
    """Whether a list has nothing but numbers that are spelled as Python does: vectors have so many
    that none should be looked at alone.
    """
    return _NUMBERS.issuperset(map(type, values))


def _is_finite(*numbers: float) -> bool:
    return all(map(math.isfinite, numbers))


# What a Markdown file, its readers and YAML would change or reject when written raw.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def quote(text: str) -> str:
    """A JSON string literal that is safe in a Markdown or YAML file: readable, but no control
    characters.
    """
    return UNPRINTABLE.sub(_escape, str(encode_basestring(text)))


def dump_visible(value: Json, style: Style = SPACED) -> str:
    """`dump` for a Markdown or YAML file: like `quote`, nothing unprintable stays raw."""
    return UNPRINTABLE.sub(_escape, dump(value, style))


_SORTED = msgspec.json.Encoder(order="sorted")
_CANONICAL = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    default=msgspec.json.decode,  # of a known object
)


def canonical(value: Json) -> bytes:
    """One text for all spellings of a value, in UTF-8: keys sorted, no spaces, `1.0` as `1`. For
    keys of the index, not for reading.
    """
    try:
        return _SORTED.encode(_plain(value))
    except _REFUSED:  # a lone surrogate
        return _CANONICAL.encode(_plain(value)).encode("utf-8", "surrogatepass")


def _spelled(value: Known) -> Any:
    """The canonical text of a known object, to be embedded in that of its container."""
    plain = _plain(dict(value))
    try:
        return msgspec.Raw(_SORTED.encode(plain))
    except _REFUSED:
        return plain


def _plain(value: Json) -> Any:
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Known):
        return value.once("canonical", lambda: _spelled(value))
    if isinstance(value, dict):
        return {
            key: item if type(item) is str else _plain(item)  # most are
            for key, item in value.items()
        }
    if isinstance(value, float):
        return _plain_number(value)
    return value


def _plain_number(value: float) -> Json:
    if isinstance(value, Number) and not _is_finite(value):
        # Too large for a float; two of them need not be equal.
        return {"number": value.literal}
    return int(value) if value.is_integer() else float(value)
