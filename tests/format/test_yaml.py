"""YAML reads as a person expects it, and what we write comes back to the letter."""

import json
import re

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from strategies import json_values
from strategies import objects

from rechat.format import yaml
from rechat.values import jsontext
from rechat.values.errors import TranscriptError
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject


@given(objects)
@settings(deadline=None, max_examples=150)
@example({"a": jsontext.parse("-0"), "b": jsontext.parse("1E5"), "c": jsontext.parse("1e400")})
@example({"a": "- [ ]" * 30, "b": ["x" * 60, {"c": ["y" * 60, {"d: e": "z" * 99}]}]})
@example({"a": {}, "b": [], "c": [[], {}, [[]]], "": "", "no": "no", "1": "1", "~": "~"})
@example(
    {"a": ["as above, so below", "{", "a: b", "a #b", "&a", "*a", "!a", "|", ">", "%", "@", "`"]}
)
@example({"a": "\x7f\x85\u2028\ufeff\ud800\r\n\t", "\x85": 1, "a\nb": {"\ud800": None}})
@example({"<<": {"a": 1}, "=": 1})
@example({"a": {"b" * 200: "c"}, "k" * 1100: 1})
def test_an_object_comes_back_as_it_was_written(value: JsonObject) -> None:
    text = yaml.write(value)
    text.encode("utf-8")
    assert jsontext.dump(yaml.read(text, 1)) == jsontext.dump(value)
    assert jsontext.dump(yaml._read_yaml(text, 1)) == jsontext.dump(value)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_][a-z0-9_.-]{0,8}", fullmatch=True), json_values, max_size=4
    )
)
@settings(deadline=None, max_examples=100)
def test_a_line_means_the_same_to_us_and_to_a_yaml_parser(value: JsonObject) -> None:
    for key, item in value.items():
        text = f"{key}: {yaml._inline(item)}\n"
        quick = yaml._read_lines(text)
        assert quick is None or jsontext.dump(quick) == jsontext.dump(yaml._read_yaml(text, 1))


_SCALARS = ("1e3", "0.10", "-0", "007", "0x1F", "0o17", "1_000", ".5", "+1", "1.", "~", "null", "Null", "true", "True", "yes", "No", "on", "y", "1:20", "12:30:45", "2026-11-23", "2026-11-23T10:00:00Z", "a b", "a  b", "a#b", "a #b", "a: b", "a:b", "http://a.b:80/c", "-", "- a", "*", "[a, b]", "[a b]", "[1,2]", "{a: 1}", "{a:1}", '{"a":1}', '["a b", c d]', "[no, yes]", "[1e3, 1.50]", '"a\\u00e9"', "'a'", "''", "!x a", ".inf", ".nan", "[a, ]", "[true,]", "a,b", "_", "/", "a]", "{}", "[]", "[[a], {b: [c]}]", "\"a\" b", "[-1, - 1]", "[a:b]", "{a: b:c}", "[a@b.c]", "[+1]", "{1: 2}", "{true: 1}", "{a}", "[a/b (c)]", "x (y)", "x y z", "as above", "gpt-4o", "٣")  # fmt: skip


@pytest.mark.parametrize("scalar", _SCALARS)
def test_what_is_read_quickly_is_what_a_yaml_parser_reads(scalar: str) -> None:
    text = f"a: {scalar}\n"
    quick = yaml._read_lines(text)
    assert quick is None or jsontext.dump(quick) == jsontext.dump(yaml._read_yaml(text, 1))


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("y", "y"),
        ("1:20", "1:20"),
        ("12:30:45", "12:30:45"),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
        ("gpt-4o-mini", "gpt-4o-mini"),
        ("openai/gpt-5 # the big one", "openai/gpt-5"),
        ("'it''s'", "it's"),
        ('"a\\tb"', "a\tb"),
        ("1e3", 1000.0),
        ("1E3", 1000.0),
        ("-1.5e-7", -1.5e-7),
        ("0.20", 0.2),
        (".5", 0.5),
        ("-.5", -0.5),
        ("+1", 1),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0o17", 15),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("[a, 1, null, no]", ["a", 1, None, "no"]),
        ("{b: {c: [d]}}", {"b": {"c": ["d"]}}),
        ("|\n  two\n  lines", "two\nlines\n"),
        (">-\n  one\n  line", "one line"),
        ("!!binary aGk=", "aGk="),
    ],
)  # fmt: skip
def test_a_value_means_what_a_person_expects(scalar: str, value: Json) -> None:
    read = yaml.read(f"a: {scalar}\n", 1)["a"]
    assert type(read) is type(value) or isinstance(read, float)
    assert jsontext.same(read, value)


@pytest.mark.parametrize("literal", ["1e3", "0.20", "1.50", "-0", "1E5"])
def test_a_number_keeps_its_spelling(literal: str) -> None:
    for text in (f"a: {literal}\n", f"a:\n  - {literal}\n"):
        assert literal in jsontext.dump(yaml.read(text, 1))


def test_yaml_by_hand_may_be_nested_and_have_comments() -> None:
    text = """\
# the model
model: gpt-4o  # the cheap one

tools:
  - type: function
    function:
      name: get_weather
      parameters:
        type: object
        required: [city]
stop: ["\\n", END]
"""
    assert yaml.read(text, 1) == {
        "model": "gpt-4o",
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "parameters": {"type": "object", "required": ["city"]},
                },
            }
        ],
        "stop": ["\n", "END"],
    }


# Nine values, nine times nine values, and so on: 9 to the power of 20 values in a few lines.
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join(9 * [f'*a{level - 1}'])}]\n" for level in range(1, 20)
)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "\n\n# a\n"])
def test_no_lines_are_an_empty_object(text: str) -> None:
    assert yaml.read(text, 1) == {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1\nc: 2\n", 12, "this YAML cannot be read: "),
        ("a: 1\na: 2\n", 11, "found duplicate key"),
        ("a:\n  b: 1\n  b: 2\n", 12, "found duplicate key"),
        ("a: {b: 1, b: 2}\n", 10, "found duplicate key"),
        ("a: 1\n\tb: 2\n", 11, "cannot start any token"),
        ("a: *x\n", 10, "undefined alias"),
        ("a: 1\nb: !thing 2\n", 11, "!thing"),
        ("a: 'b\n", 11, "unexpected end of stream"),
        ("- a\n- b\n", 10, r"expected `key: value` lines, read \['a', 'b'\]"),
        ("just words\n", 10, "expected `key: value` lines, read 'just words'"),
        ("1: a\n", 10, r'the key .1. must be text: write "1"'),
        ("a: 1\nb:\n  - {2: c}\n", 12, r'the key .2. must be text: write "2"'),
        ("a: \x00\n", 10, "special characters are not allowed"),
        ("a: 1\n---\nb: 2\n", 11, "this YAML cannot be read"),
        ("a: " + "[" * 5000 + "\n", 10, "more than 500 brackets are nested in each other"),
        ("a: 1\nb: {" + "{" * 5000 + "\n", 11, "more than 500 brackets are nested in each other"),
        ("a: !!set {b, c}\n", 10, "set"),
        ("a: &b [*b]\n", 10, "its aliases stand for more than 100,000 values"),
        (LAUGHS, 10, "its aliases stand for more than 100,000 values"),
    ],
)  # fmt: skip
def test_an_error_names_its_line_and_what_was_read(text: str, line: int, message: str) -> None:
    with pytest.raises(TranscriptError, match=message) as caught:
        yaml.read(text, 10)
    assert caught.value.line == line


def test_aliases_repeat_what_they_stand_for() -> None:
    assert yaml.read("a: &x {b: [1, 2]}\nc: [*x, *x]\n", 1) == {
        "a": {"b": [1, 2]},
        "c": [{"b": [1, 2]}, {"b": [1, 2]}],
    }


def test_lists_may_be_long() -> None:
    listed = "".join(f"- {number}\n" for number in range(3000))
    assert len(yaml.read(f"a:\n{listed}", 1)["a"]) == 3000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"model": "gpt-4o", "temperature": 0.2}, "model: gpt-4o\ntemperature: 0.2\n"),
        ({"a": "no", "b": "1:20", "c": "2026-11-23", "d": "1e3"}, 'a: "no"\nb: "1:20"\nc: "2026-11-23"\nd: "1e3"\n'),
        ({"a": {"b": [1, "c d", None]}}, "a: {b: [1, c d, null]}\n"),
        ({"a b": "", "no": True}, 'a b: ""\n"no": true\n'),
        ({"a": "é\n"}, 'a: "é\\n"\n'),
        ({"a": ["x" * 60, "y" * 60]}, f"a:\n  - {'x' * 60}\n  - {'y' * 60}\n"),
        ({"a": [{"b": "x" * 60, "c": "y" * 60}]}, f"a:\n  - b: {'x' * 60}\n    c: {'y' * 60}\n"),
        ({}, ""),
    ],
)  # fmt: skip
def test_an_object_is_written_for_reading(value: JsonObject, text: str) -> None:
    assert yaml.write(value) == text


@given(
    st.dictionaries(
        st.from_regex(r"[b-m_][a-z0-9_.-]{2,8}", fullmatch=True),
        st.recursive(
            st.one_of(st.integers(), st.text("abc: -#", max_size=90)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(("alpha", "beta", "gamma")), inner, max_size=3),
            ),
        ),
        max_size=3,
    )
)
@settings(deadline=None, max_examples=100)
def test_what_was_written_in_several_lines_needs_no_yaml_parser(value: JsonObject) -> None:
    text = yaml.write(value)
    quick = yaml._read_lines(text)
    assert quick == value
    assert quick == yaml._read_yaml(text, 1)


@pytest.mark.parametrize(
    "text",
    [
        "a:\n",
        "a:\nb: 1\n",
        "a:\n- 1\n",
        "a:\n   b: 1\n",
        "a:\n  b: 1\n c: 2\n",
        "a: 1\n  b: 2\n",
        "a:\n  - 1\n  b: 2\n",
        "a:\n  b: 1\n  - 2\n",
        "a:\n  - b: 1\n      c: 2\n",
        "a:\n  - b: 1\n   c: 2\n",
        "a:\n  - - 1\n",
        "a:\n  b: 1\n  b: 2\n",
        "a:\n  - b:\n",
        "  a: 1\n",
        "- a\n",
        "".join(f"{'  ' * depth}a:\n" for depth in range(60)) + "  " * 60 + "a: 1\n",
    ],
)
def test_lines_that_are_not_written_so_are_left_to_a_yaml_parser(text: str) -> None:
    assert yaml._read_lines(text) is None


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ("a: 1\nb: c: d", 2, "`: ` in it needs quotes"),
        ("a:1\nb: 2", 2, "a space after its `:`"),
        ("a:\n\tb: 1", 2, "spaces, not a tab"),
        ("a: @x", 1, "begins with it needs quotes"),
        ("a: *x", 1, "begins with `*` needs quotes"),
        ("a: !x y", 1, "begins with `!` needs quotes"),
        ("a: 'x", 1, "close the quote"),
        ("a: [1, 2", 1, "close the bracket"),
        ('a: "x" y', 1, "ends with its quote"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(text: str, line: int, remedy: str) -> None:
    with pytest.raises(TranscriptError, match=re.escape(remedy)) as caught:
        yaml.read(text, 1)
    assert caught.value.line == line


def test_a_value_of_a_megabyte_is_read_and_written() -> None:
    value: JsonObject = {
        "a": "x" * 1_000_000,
        "b": ["y z"] * 10_000,
        "c": json.loads('{"d":"\\n"}'),
    }
    assert yaml.read(yaml.write({"a": value["a"], "c": value["c"]}), 1) == {
        "a": value["a"],
        "c": value["c"],
    }
    inline = yaml.write({"b": "-" * 1_000_000})
    assert yaml.read(inline, 1) == {"b": "-" * 1_000_000}


def test_yaml_that_would_take_minutes_is_an_error_that_says_what_to_do() -> None:
    text = "a: |\n  " + "b" * 1_000_000
    message = "1,000,007 characters, expected at most 1,000,000: write long values as JSON on one"
    with pytest.raises(TranscriptError, match=message) as raised:
        yaml.read(text, 3)
    assert (raised.value.line, raised.value.code) == (3, "invalid-yaml")


@pytest.mark.timeout(60)
def test_merges_of_merges_are_counted() -> None:
    lines = [f"n{at}: &n{at} {{<<: [{', '.join([f'*n{at - 1}'] * 9)}]}}" for at in range(1, 30)]
    with pytest.raises(TranscriptError, match="aliases stand for more than 100,000 values"):
        yaml.read("\n".join(["n0: &n0 {a: 1}", *lines]), 3)


def test_numbers_that_are_words_in_json_are_yamls_own() -> None:
    text = '{"a":NaN,"b":[-Infinity,1e400,{"c":Infinity}],"d":"NaN","e":"-Infinity","f":".nan"}'
    written = yaml.write(jsontext.parse_object(text))
    assert written == ('a: .nan\nb: [-.inf, 1e400, {c: .inf}]\nd: NaN\ne: "-Infinity"\nf: ".nan"\n')
    assert jsontext.dump(yaml.read(written, 1)) == text
    assert yaml.read("a: [-Infinity, NaN]\n", 1) == {"a": ["-Infinity", "NaN"]}
