"""The ids of calls as numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.dialects import dialect_of
from rechat.dialects.shared import Frame
from rechat.matching.numbering import Numbering
from rechat.matching.numbering import numbered
from rechat.matching.scheme import Scheme
from rechat.values import jsontext
from rechat.values.conversation import Call
from rechat.values.conversation import Message
from rechat.values.errors import BodyError
from rechat.values.http import HttpRequest
from rechat.values.jsontext import JsonObject
from rechat.values.redact import redact


@pytest.mark.parametrize(
    ("first", "second", "results", "numbers"),
    [
        ("x", "y", ["y", "x"], ["2", "1"]),
        ("call_1", "call_2", ["call_1", "call_2"], ["1", "2"]),
        ("", "", ["", ""], ["1", "2"]),
        ("", "", ["mine", "yours"], ["1", "2"]),
    ],
)
def test_results_belong_to_their_calls_whatever_these_are_called(
    first: str, second: str, results: list[str], numbers: list[str]
) -> None:
    said = Message("assistant", None, (Call("a", first, "{}"), Call("b", second, "{}")))
    found = [Message("tool", "x", (), {"tool_call_id": name}) for name in results]
    spelled = Numbering({})
    spelled((said,))
    assert [spelled((message,))[0].fields["tool_call_id"] for message in found] == numbers
    assert [
        message.fields["tool_call_id"] for message in numbered((said, *found), {})[1:]
    ] == sorted(numbers)


API_PATHS = {
    "chat": "/v1/chat/completions",
    "responses": "/v1/responses",
    "anthropic": "/v1/messages",
}
PLACES = ["id", "call_id", "tool_call_id", "tool_use_id", "name", "content"]
FIELDS = st.dictionaries(
    st.sampled_from(PLACES),
    st.text("ab1_", max_size=3) | st.dictionaries(st.just("id"), st.just("x")),
)


def told(api: str, ids: list[str], extra: JsonObject) -> JsonObject:
    """A turn with a call of a tool and its result, and fields in odd places."""
    first, second, third, odd = ids
    nested = {"id": odd, "text": f'"id": "{odd}"'}
    asked: list[JsonObject] = [{"role": "user", "content": "Ask", **extra}]
    match api:
        case "chat":
            inner = {"name": "f", "arguments": '{"id": "a"}'}
            calls = [{"id": name, "type": "function", "function": inner} for name in ids[:2]]
            return {
                "messages": [
                    *asked,
                    {"role": "assistant", "content": None, "tool_calls": calls, **extra},
                    {"role": "tool", "tool_call_id": first, "content": "x", **extra},
                    {"role": "tool", "tool_call_id": third, "content": [{"type": "o", **nested}]},
                    {"role": "user", "tool_call_id": odd, "content": "y"},
                    {"role": "assistant", "tool_call_id": odd, "content": "y"},
                ]
            }
        case "responses":
            call = {"type": "function_call", "name": "f", "arguments": "{}"}
            return {
                "input": [
                    *asked,
                    call | {"id": third, "call_id": first} | extra,
                    call | {"id": odd, "call_id": second},
                    {"type": "function_call_output", "call_id": second, "output": "x"} | extra,
                    {"type": "reasoning", "id": odd, "summary": [], **extra},
                    {"type": "item_reference", "id": odd},
                ]
            }
        case _:
            used = {"type": "tool_use", "id": first, "name": "f", "input": nested}
            plain = {"type": "tool_use", "id": second, "name": "f", "input": {"a": 1}}
            results = [
                {"type": "tool_result", "tool_use_id": name, "content": "x"} for name in ids[:3]
            ]
            return {
                "messages": [
                    {"role": "user", "content": "Ask"},
                    {"role": "assistant", "content": [used, plain, {"type": "o", **extra}]},
                    {"role": "user", "content": results},
                    {"role": "assistant", "content": [plain]},
                    {"role": "user", "content": [*results[1:2], {"type": "text", "text": "y"}]},
                ]
            }


@pytest.mark.parametrize("api", API_PATHS)
@given(
    turns=st.lists(
        st.lists(st.from_regex(r"[abc]_[0-9]{1,2}", fullmatch=True), min_size=4, max_size=4),
        min_size=2,
        max_size=4,
    ),
    extra=FIELDS,
)
def test_a_request_with_other_ids_is_read_and_keyed_as_one_that_nobody_knows(
    api: str, turns: list[list[str]], extra: JsonObject
) -> None:
    dialect = dialect_of("POST", API_PATHS[api])
    assert isinstance(dialect, Frame)
    for ids in turns:
        asked = told(api, ids, extra)
        content = jsontext.dump({"model": "m", **asked}).encode()
        http = HttpRequest("POST", API_PATHS[api], "", (), content)
        plain = redact(jsontext.parse_object(content))
        assert isinstance(plain, dict)
        try:
            expected = dialect.request_of(plain, http)
        except BodyError as error:
            with pytest.raises(BodyError, match=re.escape(str(error))):
                dialect.read_request(http)
            continue
        request = dialect.read_request(http)
        assert request == expected
        for scheme in (Scheme(None), Scheme(frozenset()), Scheme(None, normalise=("dates",))):
            assert scheme.chain(request) == scheme.chain(expected)
            assert scheme.spelled(request) == scheme.spelled(expected)


@pytest.mark.parametrize(
    ("path", "expected"), [("/v1/images/generations", {"prompt": "a"}), ("/v1/rerank", None)]
)
def test_in_which_shape_pictures_are_wanted_does_not_count(
    path: str, expected: JsonObject | None
) -> None:
    asked = {"prompt": "a", "stream": True}
    message = Message("request", None, (), {"content": asked})
    (spelled,) = numbered((message,), {"method": "POST", "path": path})
    assert spelled.fields["content"] == (expected or asked)
