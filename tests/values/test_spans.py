"""Bodies as values: the same as parsed and redacted whole, and what came before is the same object."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import in_ascii

from rechat.values import jsontext
from rechat.values import spans
from rechat.values.jsontext import JsonError
from rechat.values.known import Known
from rechat.values.redact import redact
from rechat.values.redact import redact_also
from rechat.values.spans import read_body

KEY = "sk-ant-api03-" + "aB3dE5fG7h" * 9
LISTS = ("messages", "input", "contents", "system", "tools")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from([KEY, "-0", '"', "\ud800", "name"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "headers", "api_key", "type", "input"]) | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The spans that are parsed."""
    found: list[bytes] = []
    parse = jsontext.parse

    def counted(text: str | bytes, **options: bool) -> jsontext.Json:
        assert isinstance(text, bytes)
        found.append(text)
        return parse(text, **options)

    monkeypatch.setattr(jsontext, "parse", counted)
    return found


@pytest.fixture
def own_rule() -> Iterator[None]:
    """What is called a ticket is secret, after all was read that is read before."""
    yield
    redact_also({})


def turns(count: int, story: str) -> dict[str, Any]:
    """A conversation that no other test has."""
    said = [{"role": "user", "content": f"turn {number} of {story}"} for number in range(count)]
    return {"model": "m", "tools": [{"name": story}], "messages": said}


def body(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@given(st.dictionaries(st.sampled_from(LISTS) | st.text(), VALUES, max_size=4), st.booleans())
def test_a_body_is_what_it_is_parsed_and_redacted_whole(value: Any, is_ascii: bool) -> None:
    text = jsontext.dump(value)
    content = (in_ascii(text) if is_ascii else text).encode()
    whole = redact(jsontext.parse_object(content))
    for _ in range(2):
        read = read_body(content)
        assert read == whole
        assert jsontext.dump(read) == jsontext.dump(whole)
        assert jsontext.canonical(read) == jsontext.canonical(whole)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"1", b'{"messages": [', b'{"messages": [1,]}', b'{"messages": [{"a" 1}]}'),
        *(
            b'{"messages": ["\xff"]}',
            b'{"a": 01}',
            b'{"messages": []} x',
            b'{"tools": [{"a": tru}]}',
        ),
        b'{"messages": [' + b"[" * 100_000,
    ],
)
def test_what_is_wrong_with_a_body_is_told_as_of_the_whole(content: bytes) -> None:
    with pytest.raises(JsonError) as expected:
        jsontext.parse_object(content)
    with pytest.raises(JsonError) as found:
        read_body(content)
    assert str(found.value) == str(expected.value)


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    assert read_body(b'{"messages": [1], "messages": [{"role": "user"}]}') == {
        "messages": [{"role": "user"}]
    }


def test_the_next_turn_parses_only_what_is_new(parsed: list[bytes]) -> None:
    first = read_body(body(turns(60, "a test")))
    assert len(parsed) == 62  # the messages, a tool and the model
    parsed.clear()
    second = read_body(body(turns(61, "a test")))
    assert sorted(parsed) == [b'"m"', body(turns(61, "a test")["messages"][-1])]
    assert all(map(lambda a, b: a is b, first["messages"], second["messages"]))
    assert first["tools"][0] is second["tools"][0]


def test_new_words_do_not_make_it_forget_the_old_ones(parsed: list[bytes]) -> None:
    for number in range(300):
        read_body(body(turns(30, "another")))
        read_body(body({"messages": [{"content": f"{number}" + "x" * 200_000}]}))
    assert parsed.count(body(turns(30, "another")["messages"][0])) == 1


@pytest.mark.parametrize("odd", ["x" * 3_000_000, [[]] * 20_000, [{"a": {}}] * 10_000])
def test_a_flood_takes_no_more_room(odd: Any) -> None:
    for number in range(40):
        read_body(body({"messages": [{"content": odd, "n": number}]}))
    kept = [*spans._message._young.values(), *spans._message._old.values()]
    assert sum(map(spans._weight, kept)) <= spans._ROOM


@pytest.mark.parametrize("name", LISTS)
def test_a_secret_is_redacted_each_time(name: str) -> None:
    for _ in range(2):
        read = read_body(body({name: [{"content": f"use {KEY}", "n": name}]}))
        assert KEY not in str(read)
        assert isinstance(read[name][0], Known)


def test_the_headers_of_a_tool_are_secret_and_of_a_message_are_not() -> None:
    item = {"headers": {"x-mine": "word"}}
    read = read_body(body({"messages": [item], "tools": [item]}))
    assert read["messages"] == [item]
    assert read["tools"] == [{"headers": {"x-mine": "[redacted header]"}}]


@pytest.mark.usefixtures("own_rule")
def test_other_rules_for_secrets_count_for_what_was_read_before() -> None:
    asked = body({"messages": [{"content": "ticket TICKET-1234 of mine"}]})
    assert "TICKET-1234" in str(read_body(asked))
    redact_also({"ticket": r"TICKET-\d+"})
    assert "TICKET-1234" not in str(read_body(asked))


IDS = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True) | st.text(max_size=4) | st.just(KEY)
NAMES = ["id", "call_id", "tool_call_id", "tool_use_id", "text", '"id', "headers", "input", "type"]
WITH_IDS = st.recursive(
    IDS | st.integers() | st.sampled_from(['{"id":"a"}', '"id": "a"', "call_0_of_rechat", "mcp"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(NAMES), WITH_IDS), st.lists(IDS, min_size=1, max_size=9))
def test_a_message_with_other_ids_is_what_it_is_parsed_whole(message: Any, ids: list[str]) -> None:
    for turn in range(3):
        content = body({"messages": [_with_other_ids(message, ids[turn:] or ids)]})
        whole = redact(jsontext.parse_object(content))
        read = read_body(content)
        assert jsontext.dump(read) == jsontext.dump(whole)
        assert jsontext.canonical(read) == jsontext.canonical(whole)


def _with_other_ids(value: Any, ids: list[str]) -> Any:
    """The value with the ids in turn under each key that may have one."""
    found = iter(ids * 50)

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: next(found, item) if "id" in key and isinstance(item, str) else changed(item)
            for key, item in value.items()
        }

    return changed(value)


def call(name: str, story: str) -> dict[str, Any]:
    return {"role": "assistant", "content": story, "tool_calls": [{"id": name, "type": "function"}]}


def test_a_message_with_a_new_id_is_not_parsed_again(parsed: list[bytes]) -> None:
    for number in range(9):
        read = read_body(body({"messages": [call(f"call_{number}", "new ids")]}))
        assert read["messages"] == [call(f"call_{number}", "new ids")]
    assert len(parsed) == 1


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": "a", "id": "b", "text": "twice"}',
        b'{"id": "a", "\\u0069d": "b", "text": "twice"}',
        b'{"id": "a", "text": "call_0_of_rechat"}',
        b'{"\\"id": "a", "id": "b", "text": "quoted"}',
        b'{"text": "\\"id\\": \\"a\\"", "id": "b"}',
        b'{"type": "mcp", "headers": {"id": "a"}, "id": "b"}',
    ],
)
def test_only_values_under_the_keys_of_ids_are_cut_out(content: bytes) -> None:
    for new in (b"a", b"c", b"d"):
        span = content.replace(b'"a"', b'"%b"' % new)
        whole = redact(jsontext.parse_object(b'{"messages": [%b]}' % span))
        assert read_body(b'{"messages": [%b]}' % span) == whole


def test_a_secret_that_is_an_id_is_redacted_where_another_id_was_known() -> None:
    read_body(body({"messages": [call("call_1", "secret ids")]}))
    assert len(KEY) > 64
    for key in (KEY, "AKIA" + "QWERTYUIOP234567"):
        assert key not in str(read_body(body({"messages": [call(key, "secret ids")]})))


@pytest.mark.usefixtures("own_rule")
def test_an_own_rule_counts_for_ids_that_were_known_before() -> None:
    read_body(body({"messages": [call("call_1", "own rule")]}))
    redact_also({"ticket": "ticket_[0-9]+"})
    read = read_body(body({"messages": [call("ticket_77", "own rule")]}))
    assert "ticket_77" not in str(read)


def test_a_flood_of_new_ids_takes_no_more_room() -> None:
    for number in range(40):
        odd: Any = [{"a": {}}] * 10_000
        read_body(body({"messages": [{"id": f"call_{number}", "n": number % 20, "content": odd}]}))
    kept = [*spans._message._young.values(), *spans._message._old.values()]
    assert sum(map(spans._weight, kept)) <= spans._ROOM
    frames = [*spans._frame._young.values(), *spans._frame._old.values()]
    assert sum(map(spans._weight_of_frame, frames)) <= spans._ROOM
