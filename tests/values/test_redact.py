"""No credential survives; all else does. The keys here are put together, so that no scanner takes
them for real ones.
"""

import copy
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.values import jsontext
from rechat.values.jsontext import Json
from rechat.values.redact import ANSWER_HEADERS
from rechat.values.redact import REQUEST_HEADERS
from rechat.values.redact import allowed_headers
from rechat.values.redact import redact
from rechat.values.redact import redact_query
from rechat.values.redact import redact_url

R40 = "a1B2c3D4e5" * 4
# What is hard on keys and values: credentials, parts of them and what stands around them.
FRAGMENTS = [
    f"sk-{R40}", f"eyJ{R40}.eyJ{R40}.{R40}", f"Bearer {R40}", "sk-", "sk-learn", "eyJ", "Bearer ",
    "password=", "-", "_", ".", "=", " ", "\n", "\\n", "%3D", "a", R40, "[redacted ", "[redacted jwt]", "]",
]  # fmt: skip
hard_texts = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join) | st.text()
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | hard_texts | st.just(jsontext.Number("1.50")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["a", "tools", "type", "headers", "properties", "API_KEY", "domain_secrets"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


def test_values_are_redacted_wherever_they_are() -> None:
    value = {"a": [f"key sk-{R40}", 1, None], "b": {"c": "fine"}}
    assert redact(value) == {"a": ["key [redacted openai-key]", 1, None], "b": {"c": "fine"}}
    assert value["a"][0] == f"key sk-{R40}"  # type: ignore[index]


def test_values_under_secret_names_are_redacted_whole() -> None:
    tool = {"type": "mcp", "authorization": "abc", "headers": {"X-Any": "secret"}}
    assert redact({"tools": [tool], "API_KEY": "abc", "domain_secrets": [{"value": "x"}]}) == {
        "tools": [
            {
                "type": "mcp",
                "authorization": "[redacted authorization]",
                "headers": {"X-Any": "[redacted header]"},
            }
        ],
        "API_KEY": "[redacted API_KEY]",
        "domain_secrets": [{"value": "[redacted domain_secrets]"}],
    }


@pytest.mark.parametrize(
    "key",
    [
        "authorization", "Authorization", "api_key", "apikey", "apiKey", "api-key", "X-API-Key",
        "client_secret", "access_token", "refresh_token", "secret_access_key", "domain_secret",
        "domain_secrets", "authorization_token",
    ],
)  # fmt: skip
def test_a_string_under_a_secret_name_is_replaced(key: str) -> None:
    assert redact([{key: "hunter2"}]) == [{key: f"[redacted {key}]"}]
    assert redact({key: ""}) == {key: ""}
    assert redact({key: None}) == {key: None}


@pytest.mark.parametrize("tool", [{"type": "function"}, {"type": "mcp"}, {}])
def test_the_headers_of_a_tool_are_secret(tool: dict[str, str]) -> None:
    value = {"tools": [{**tool, "headers": {"A": "x", "B": ["y", ""], "C": 1}, "name": "n"}]}
    headers = {"A": "[redacted header]", "B": ["[redacted header]", ""], "C": 1}
    assert redact(value) == {"tools": [{**tool, "headers": headers, "name": "n"}]}


@pytest.mark.parametrize(
    "value",
    [
        {"headers": {"A": "x"}},
        {"tools": {"headers": {"A": "x"}}},
        {"tools": [{"parameters": {"headers": {"A": "x"}}}]},
    ],
)
def test_other_headers_stay(value: Json) -> None:
    assert redact(value) is value


def test_the_address_of_a_remote_tool_loses_its_secrets() -> None:
    tool = {"type": "mcp", "server_url": "https://me:pw@host/mcp?api_key=x&a=1"}
    expected = {"type": "mcp", "server_url": "https://host/mcp?api_key=redacted&a=1"}
    assert redact({"tools": [tool]}) == {"tools": [expected]}
    clean = {"server_url": "https://host/mcp?a=1"}
    assert redact(clean) is clean


def test_a_schema_that_describes_a_key_stays() -> None:
    names = ("api_key", "authorization", "headers", "domain_secrets", "client_secret")
    properties = {name: {"type": "string", "description": "the key"} for name in names}
    schema = {
        "type": "object",
        "properties": properties,
        "required": ["api_key"],
        "dependentRequired": {"api_key": ["region"]},
    }
    value = {"tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}]}
    assert redact(value) is value


def test_a_key_within_an_object_of_a_secret_name_is_found() -> None:
    value = {"client_secret": {"value": f"ek_{R40}", "expires_at": 1}}
    assert redact(value) == {
        "client_secret": {"value": "[redacted client-secret]", "expires_at": 1}
    }


def test_a_credential_in_a_key_is_replaced_and_the_keys_keep_their_order() -> None:
    value = {"a": 1, f"sk-{R40}": "text", "b": {f"gsk_{R40}": 1}}
    redacted = redact(value)
    assert redacted == {"a": 1, "[redacted openai-key]": "text", "b": {"[redacted groq-key]": 1}}
    assert isinstance(redacted, dict)
    assert list(redacted) == ["a", "[redacted openai-key]", "b"]


def test_two_credentials_as_keys_stay_two_keys() -> None:
    value = {f"sk-{R40}": 1, f"sk-{R40[::-1]}": 2}
    assert redact(value) == {"[redacted openai-key]": 1, "[redacted openai-key] 2": 2}


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64," + "AAAA/" + "AIza" + "b" * 40,
        "data:audio/wav;codecs=1;base64," + "+AIza" + "b" * 40 + "==",
        "A" * 256 + "/AIza" + "b" * 40 + "=",
    ],
)
def test_bytes_are_left_alone(text: str) -> None:
    assert redact([text]) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64,AAAA and a key: ",
        "data:text/plain,",
        "A" * 256 + " ",
        "A" * 200 + "/",
    ],
)
def test_a_text_that_only_begins_like_bytes_is_not(text: str) -> None:
    assert redact([f"{text}AIza" + "b" * 40]) == [f"{text}[redacted google-key]"]


@given(values)
def test_redacting_a_value_twice_changes_nothing_more(value: Json) -> None:
    once = redact(value)
    assert redact(once) is once


@given(values)
def test_a_value_is_never_changed_in_place(value: Json) -> None:
    before = copy.deepcopy(value)
    redacted = redact(value)
    assert jsontext.dump(value) == jsontext.dump(before)
    assert (redacted is value) == (jsontext.dump(redacted) == jsontext.dump(value))


def test_only_the_changed_part_of_a_value_is_new() -> None:
    same = {"b": ["text"]}
    redacted = redact([same, f"sk-{R40}"])
    assert isinstance(redacted, list)
    assert redacted[0] is same


def test_a_value_without_secrets_is_the_same_object_and_keeps_its_numbers() -> None:
    value = jsontext.parse('{"a": [0.10, "text", {"b": null}]}')
    assert redact(value) is value
    mixed = jsontext.parse(f'{{"a": 0.10, "b": "sk-{R40}"}}')
    assert jsontext.dump(redact(mixed)) == '{"a":0.10,"b":"[redacted openai-key]"}'


def test_a_query_keeps_its_names_and_loses_its_secrets() -> None:
    query = "alt=sse&key=AIzaX&api-version=2024&sig=a%2Fb&empty=&flag"
    assert redact_query(query) == ("alt=sse&key=redacted&api-version=2024&sig=redacted&empty=&flag")
    assert redact_query("") == ""


@pytest.mark.parametrize(
    "name",
    [
        "key", "api_key", "api-key", "access_token", "token", "sig", "se", "sp", "signature",
        "client_secret", "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token",
        "X-Goog-Signature", "X-Goog-Credential", "KEY", "api%5Fkey", "%6Bey",
    ],
)  # fmt: skip
def test_a_parameter_that_is_a_credential_is_replaced(name: str) -> None:
    assert redact_query(f"a=1&{name}=x=y%20z&b") == f"a=1&{name}=redacted&b"


@given(st.text())
def test_redacting_an_address_twice_changes_nothing_more(text: str) -> None:
    assert redact_query(redact_query(text)) == redact_query(text)
    url = f"https://me:pw@host/p?key={text}"
    assert redact_url(redact_url(url)) == redact_url(url)


@given(st.text(string.ascii_lowercase + "%=+;/?é", max_size=6).map("x".__add__))
def test_other_parameters_stay_to_the_byte(text: str) -> None:
    assert redact_query(f"{text}&&={text}") == f"{text}&&={text}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://me:pw@host/path?token=x&a=1", "https://host/path?token=redacted&a=1"),
        ("https://me@host", "https://host"),
        ("https://me:p@ss@host:1/x", "https://host:1/x"),
        ("//me:pw@host/", "//host/"),
        ("https://host/@me//you@there?q=a@b", "https://host/@me//you@there?q=a@b"),
        ("https://host/?key=x#part", "https://host/?key=redacted#part"),
        ("/v1/models?key=x", "/v1/models?key=redacted"),
        ("https://host/?", "https://host/?"),
        ("", ""),
    ],
)
def test_a_url_loses_its_user_and_secrets(url: str, expected: str) -> None:
    assert redact_url(url) == expected


def test_only_allowed_headers_are_kept() -> None:
    headers = [("Content-Type", "a/b"), ("Set-Cookie", "x"), ("Retry-After", "1")]
    assert allowed_headers(headers, ANSWER_HEADERS) == (
        ("content-type", "a/b"),
        ("retry-after", "1"),
    )
    asked = [("Authorization", "x"), ("OpenAI-Beta", "b"), ("Cookie", "c"), ("OpenAI-Beta", "a")]
    assert allowed_headers(iter(asked), REQUEST_HEADERS) == (
        ("openai-beta", "b"),
        ("openai-beta", "a"),
    )


@pytest.mark.parametrize("names", [ANSWER_HEADERS, REQUEST_HEADERS])
@pytest.mark.parametrize(
    "name", ["authorization", "x-api-key", "cookie", "set-cookie", "x-request-id"]
)
def test_no_list_allows_a_header_that_carries_secrets(names: frozenset[str], name: str) -> None:
    assert name not in names


def test_an_address_to_go_on_to_is_kept_without_its_credentials() -> None:
    location = "https://me:secret@files.example.org/a?sig=abc&page=2"
    expected = "https://files.example.org/a?sig=redacted&page=2"
    assert allowed_headers([("Location", location)], ANSWER_HEADERS) == (("location", expected),)


def test_words_under_the_name_of_a_password_stay_in_the_arguments_of_a_call() -> None:
    call = {
        "name": "unlock",
        "arguments": '{"password": "mellon", "passphrase": "speak friend and"}',
    }
    assert redact({"function": call}) == {"function": call}
