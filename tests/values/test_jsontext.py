"""JSON comes back as it was spelled."""

import copy
import json
import math
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from shared import SHARED
from strategies import in_ascii
from strategies import json_values
from strategies import number_literals
from strategies import objects
from strategies import texts

from rechat.values import jsontext
from rechat.values.jsontext import COMPACT
from rechat.values.jsontext import INDENTED
from rechat.values.jsontext import SPACED
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonError
from rechat.values.jsontext import Number
from rechat.values.jsontext import Style

CORPUS = SHARED / "corpus"
BODIES = sorted(CORPUS.glob("*.json"))

LITERALS = ["0", "-0", "-0.0", "1.0", "1.50", "0.0000156", "1.56e-05", "-1.9e-7", "1E5", "1e+3", "1e400", "-1e400", "12345678901234567890", "0.1"]  # fmt: skip


@pytest.mark.parametrize("literal", LITERALS)
def test_a_number_keeps_its_spelling(literal: str) -> None:
    assert jsontext.dump(jsontext.parse(literal)) == literal
    assert jsontext.dump(jsontext.parse(f'{{"a":[{literal}]}}')) == f'{{"a":[{literal}]}}'


@given(number_literals)
def test_any_number_keeps_its_spelling(literal: str) -> None:
    assert jsontext.dump(jsontext.parse(literal)) == literal


@pytest.mark.parametrize("literal", ["0.0000156", "-0", "1E5"])
def test_a_number_equals_its_value_and_survives_copies(literal: str) -> None:
    number = jsontext.parse(literal)
    assert isinstance(number, Number)
    assert number == float(literal)
    assert hash(number) == hash(float(literal))
    for copied in (copy.deepcopy(number), pickle.loads(pickle.dumps(number))):
        assert jsontext.dump(copied) == literal


# What JSON is made of, and what looks like it.
PIECES = (
    *("[", "]", "{", "}", ",", ":", '"', '"a":', '"b"', " ", "\n", "\t", "\x0c", "\x00"),
    *("1", "0", "-", "-0", "-0.0", ".", "e", "E5", "+", "12345678901234567890", "1e999", "[-0]"),
    *("true", "null", "tru", "NaN", "Infinity", "\\", "\\n", "\\u00e9", "\\ud83d", "\\ude00"),
    *("\\udc00\\ud800", "\ud800", "é", "😀", "\u2028", "/", "\\/", "\ufeff"),
)


# What only the lenient of them reads.
_WORD = re.compile("-?(NaN|Infinity) is not JSON")


def _read(text: str | bytes, *, unique: bool) -> str:
    """What is read, and the error; to find keys that stand twice, `json` reads."""
    try:
        return jsontext.dump(jsontext.parse(text, unique=unique))
    except JsonError as error:
        return str(error)


@settings(max_examples=2000)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example('["\\ud83d\\u0041"]')
@example('{"a":-0,"b":[-0]}')
@example('["x-0", 1-0]')
def test_two_readers_read_the_same(text: str) -> None:
    for given_text in (text, text.encode("utf-8", "surrogatepass")):
        slow = _read(given_text, unique=True)
        if slow != "a key stands twice in an object" and not _WORD.match(slow):
            assert _read(given_text, unique=False) == slow


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    assert jsontext.parse('{"a":1,"b":2,"a":3}') == {"a": 3, "b": 2}


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_the_words_that_python_writes_for_numbers_come_back(word: str) -> None:
    text = f'{{"a":[{word},1e400]}}'
    value, again = jsontext.parse(text), jsontext.parse(text)
    assert jsontext.dump(value) == text
    assert value == again
    assert not value != again  # noqa: SIM202  # the operator has a method of its own
    assert jsontext.same(value, again)
    assert jsontext.canonical(value) == jsontext.canonical(again)
    assert not jsontext.same(jsontext.parse(word), jsontext.parse("1e400"))
    assert not jsontext.same(jsontext.parse(word), None)
    with pytest.raises(JsonError, match=f"{word} is not JSON"):
        jsontext.parse(word, unique=True)


def test_nan_is_one_key_and_never_equal_to_another_number() -> None:
    nan = jsontext.parse("NaN")
    assert len({nan, jsontext.parse("NaN")}) == 1
    assert nan != 1.0


def test_a_plain_number_is_an_int_or_a_float() -> None:
    assert type(jsontext.parse("12")) is int
    assert type(jsontext.parse("1.5")) is float


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[1,]", "line 1 column"),
        ("1 2", "Extra data"),
        ("NAN", "Expecting value"),
        ("[-NaN]", "Expecting value"),
        ("inf", "Expecting value"),
        ('"a\nb"', "Invalid control character"),
        (b'"\xff"', "utf-8"),
        (b"\xef\xbb\xbf{}", "Expecting value"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused_with_a_reason(text: str | bytes, message: str) -> None:
    with pytest.raises(JsonError, match=message):
        jsontext.parse(text)


def test_bytes_are_read_as_utf8() -> None:
    assert jsontext.parse('{"ü": "𝒳"}'.encode()) == {"ü": "𝒳"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("null", "null"),
        ("true", "a boolean"),
        ("1", "a number"),
        ("1.50", "a number"),
        ('"a"', "a string"),
        ("[]", "a list"),
    ],
)
def test_only_an_object_is_an_object(text: str, kind: str) -> None:
    assert jsontext.parse_object("{}") == {}
    with pytest.raises(JsonError, match=f"expected a JSON object, not {kind}"):
        jsontext.parse_object(text)


def test_an_object_is_called_an_object() -> None:
    assert jsontext.kind_of({}) == "an object"


VALUE: Json = {"a": [1, {"b": None}], "ü": "é\n", "e": [], "o": {}, "t": True, "f": False}


@pytest.mark.parametrize("indent", [0, 2, 4])
@pytest.mark.parametrize("spaced", [False, True])
def test_a_style_writes_as_the_standard_library_does(indent: int, spaced: bool) -> None:
    separators = ("," if indent or not spaced else ", ", ": " if spaced else ":")
    expected = json.dumps(VALUE, indent=indent or None, separators=separators, ensure_ascii=False)
    assert jsontext.dump(VALUE, Style(indent, spaced)) == expected


@pytest.mark.parametrize("style", [COMPACT, SPACED, INDENTED])
@given(value=json_values)
@settings(deadline=None, max_examples=60)
def test_any_value_is_read_as_it_was_written(value: Json, style: Style) -> None:
    text = jsontext.dump(value, style)
    text.encode("utf-8")
    assert jsontext.dump(jsontext.parse(text), style) == text


def spellings(value: Json) -> Iterator[str]:
    """The texts of a value in each style, in UTF-8 and in ASCII."""
    for style in (COMPACT, INDENTED, SPACED):
        text = jsontext.dump(value, style)
        yield text
        yield in_ascii(text)


@pytest.mark.skipif(not BODIES, reason=f"no corpus of provider bodies in {CORPUS}")
@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_a_providers_body_is_reproduced_to_the_byte(path: Path) -> None:
    raw = path.read_bytes()
    assert raw.decode().strip() in spellings(jsontext.parse(raw))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ("1", "1.0"),
        ("1e2", "100"),
        ("[0.50, null]", "[0.5, null]"),
        ("true", "true"),
    ],
)
def test_values_are_the_same_however_they_are_spelled(a: str, b: str) -> None:
    assert jsontext.same(jsontext.parse(a), jsontext.parse(b))
    assert jsontext.canonical(jsontext.parse(a)) == jsontext.canonical(jsontext.parse(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("true", "1"),
        ("0", "false"),
        ("null", "false"),
        ("[1, 2]", "[2, 1]"),
        ("[1]", "[1, 1]"),
        ('{"a": null}', "{}"),
        ('{"a": [true]}', '{"a": [1]}'),
        ('"1"', "1"),
        ("[]", "{}"),
    ],
)
def test_values_that_differ_are_not_the_same(a: str, b: str) -> None:
    assert not jsontext.same(jsontext.parse(a), jsontext.parse(b))
    assert jsontext.canonical(jsontext.parse(a)) != jsontext.canonical(jsontext.parse(b))


@given(json_values, json_values)
@example(2**53, float(2**53))
@example(10**30, 1e30)
@example([1.5], [Number("1.50")])
def test_the_same_values_have_one_canonical_text(a: Json, b: Json) -> None:
    same = jsontext.canonical(a) == jsontext.canonical(b)
    assert same == jsontext.same(a, b)


@given(texts)
@example("\ud800 \udfff \x00 \x7f \x85 \u2028 \ufeff \uffff")
def test_a_quoted_text_is_printable_json(text: str) -> None:
    quoted = jsontext.quote(text)
    assert json.loads(quoted) == text
    assert not jsontext.UNPRINTABLE.search(quoted.replace("\\", ""))
    assert "\n" not in quoted
    quoted.encode("utf-8")


def test_a_quoted_text_stays_readable() -> None:
    assert jsontext.quote('é "𝒳"\n') == '"é \\"𝒳\\"\\n"'


@given(objects)
def test_a_visible_dump_has_nothing_unprintable(value: Json) -> None:
    text = jsontext.dump_visible(value)
    assert not jsontext.UNPRINTABLE.search(text)
    assert jsontext.same(jsontext.parse(text), value)


def test_a_long_number_is_no_infinity_to_its_reader() -> None:
    number = jsontext.parse("1e400")
    assert isinstance(number, float)
    assert math.isinf(number)
    assert jsontext.dump(number) == "1e400"


def test_an_integer_of_any_length_keeps_its_digits() -> None:
    digits = "7" * 5_000
    for literal in (digits, f"-{digits}"):
        assert jsontext.dump(jsontext.parse(literal)) == literal
    other = jsontext.parse(digits[:-1] + "8")
    assert jsontext.canonical(jsontext.parse(digits)) != jsontext.canonical(other)
    assert not jsontext.same(jsontext.parse(digits), other)
    assert jsontext.same(jsontext.parse(digits), jsontext.parse(digits))


def test_values_that_follow_each_other_are_read_one_after_the_other() -> None:
    assert jsontext.parse_several(' {"a": 1}{"b": 2}\n[3] ') == [{"a": 1}, {"b": 2}, [3]]
    assert jsontext.parse_several(" \n") == []
    for broken in ('{"a": 1}{"b"', "[" * 100_000, '{"a": 1}, {"b": 2}'):
        with pytest.raises(JsonError):
            jsontext.parse_several(broken)


def test_a_list_of_numbers_is_written_and_compared_as_any_other() -> None:
    text = "[1,-2.5,1e+22,1e-07,true,1.50,NaN]"
    value = jsontext.parse(text)
    assert jsontext.dump(value) == text
    assert jsontext.dump([1, 0.5, math.inf]) == "[1,0.5,Infinity]"
    assert jsontext.dump([1, 0.5], SPACED) == "[1, 0.5]"
    assert jsontext.dump([0.5, 10**400]) == f"[0.5,1{'0' * 400}]"
    assert jsontext.same([1, 2.0], [1.0, 2])
    assert not jsontext.same([1.0], [True])
    assert not jsontext.same([1.0], [1.0, 2.0])
