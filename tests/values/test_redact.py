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
from rechat.values.redact import redact_text
from rechat.values.redact import redact_url

R40 = "a1B2c3D4e5" * 4
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{R40}\n{R40}=\n-----END RSA PRIVATE KEY-----"

SECRETS = {
    f"sk-{R40}": "openai-key",
    "sk-" + "a" * 40: "openai-key",
    "sk-" + "a1" * 10 + "_-": "openai-key",
    f"sk-svcacct-{R40}": "openai-key",
    f"sk-proj-{R40}-_x": "openai-key",
    f"sk-or-v1-{R40}": "openai-key",
    f"sk-ant-api03-{R40}": "anthropic-key",
    f"AIza{R40[:35]}": "google-key",
    f"ghp_{R40[:36]}": "github-token",
    f"github_pat_{R40}{R40}": "github-token",
    f"gho_{R40[:36]}": "github-token",
    f"ghs_{R40[:36]}": "github-token",
    f"xoxb-{R40}": "slack-token",
    f"xoxo-1234-{R40}": "slack-token",
    "AKIA" + "A1B2C3D4E5F6G7H8": "aws-key",
    "ASIA" + "A" * 16: "aws-key",
    f"eyJ{R40}.eyJ{R40}.{R40}": "jwt",
    f"gsk_{R40}": "groq-key",
    f"hf_{R40[:34]}": "huggingface-token",
    f"xai-{R40}{R40}": "xai-key",
    f"ek_{R40}": "client-secret",
    PEM: "private-key",
    PEM.replace("\n", "\\n"): "private-key",
    PEM.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"): "private-key",
    PEM.replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n", 1): "private-key",
}

INNOCENT = [
    "sk-learn and scikit-learn are risk-free",
    "sk-learn-something-very-long-word-here",
    "sk-learn-with-TensorFlow-and-python3-in-2024",
    "sk-toggleable__label-arrow, sk-ant-colony-optimization-library",
    "xoxo-hugs-from-grandma",
    "Bearer process.env.OPENAI_API_KEY, Bearer YOUR_ACCESS_TOKEN_GOES_HERE",
    "AKIA" + "A" * 17,
    "a block opens with -----BEGIN PRIVATE KEY----- and then there are lines",
    "eyJ" + "a" * 40 + ".json",
    "eyJ" + "a" * 40 + ".eyJ" + "b" * 40,
    "Bearer of news, bearer of gifts that are longer than usual",
    "task-12345678901234567890123",
    "desk-a1b2c3d4e5f6a7b8c9d0e1f2",
    "eyJust a word. eyJ.",
    "the sha256 is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "data:image/png;base64,iVBORw0KGgoAAAsk-" + "A1" * 40,
    "hf_hub_download",
]


@pytest.mark.parametrize(("secret", "kind"), SECRETS.items(), ids=list(SECRETS.values()))
def test_a_credential_becomes_a_placeholder_of_its_kind(secret: str, kind: str) -> None:
    assert redact_text(f"before {secret} after") == f"before [redacted {kind}] after"
    assert redact_text(secret) == f"[redacted {kind}]"


@pytest.mark.parametrize("token", [R40, f"ya29.{R40}", f"{R40}==", f"sk-{R40}", "sk-" + "a" * 40])
@pytest.mark.parametrize("word", ["Bearer", "bearer"])
def test_a_bearer_token_keeps_its_word(word: str, token: str) -> None:
    said = f"Authorization: {word} "
    assert redact_text(f"'{said}{token}'") == f"'{said}[redacted bearer-token]'"


@pytest.mark.parametrize(
    "before", ["KEY=", "'", "\n", "\\n", "\\t", "?key%3D", "密钥", "key_", "-"]
)
@pytest.mark.parametrize("secret", [f"hf_{R40[:34]}", f"eyJ{R40}.eyJ{R40}.{R40}"])
def test_a_credential_is_found_after_any_mark_or_escape(before: str, secret: str) -> None:
    redacted = redact_text(before + secret)
    assert redacted.startswith(f"{before}[redacted ")
    assert R40[:10] not in redacted


def test_a_credential_is_found_after_base64_that_is_no_token() -> None:
    secret = "eyJ" + "a" * 20 + f" eyJ{R40}-sk-{R40}"
    assert redact_text(secret) == "eyJ" + "a" * 20 + f" eyJ{R40}-[redacted openai-key]"


def test_a_private_key_that_was_cut_off_is_a_credential() -> None:
    begun = PEM[: PEM.index("=")]
    assert redact_text(f"$ head key\n{begun}\n$ ls") == "$ head key\n[redacted private-key]\n$ ls"


def test_a_beginning_in_a_text_takes_nothing_of_the_block_after_it() -> None:
    once = redact_text(f"-----BEGIN PRIVATE KEY----- opens {PEM} or so {PEM[-30:]}")
    assert once == f"-----BEGIN PRIVATE KEY----- opens [redacted private-key] or so {PEM[-30:]}"
    assert redact_text(once) is once


def test_texts_between_credentials_stay() -> None:
    text = f"{PEM} and {PEM}, sk-{R40} or gsk_{R40}!"
    assert redact_text(text) == (
        "[redacted private-key] and [redacted private-key], "
        "[redacted openai-key] or [redacted groq-key]!"
    )


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_text_stays(text: str) -> None:
    assert redact_text(text) == text


# What is hard on the patterns: credentials, parts of them and what stands around them.
FRAGMENTS = [
    *SECRETS, *INNOCENT, PEM[:40], PEM[-40:], "sk-", "eyJ", "Bearer ", "AKIA", "xox", "-", "_", ".",
    "=", " ", "\n", "\\n", "%3D", "/", "a", R40, "[redacted ", "[redacted jwt]", "]", "A" * 256,
    "data:image/png;base64,",
]  # fmt: skip
hard_texts = st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join) | st.text()
words = st.text(string.ascii_lowercase, min_size=1, max_size=19)
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


@given(hard_texts)
def test_redacting_a_text_twice_changes_nothing_more(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) is once


@given(words, st.lists(words | words.map(str.title), min_size=1), st.sampled_from("-_. "))
def test_ordinary_words_stay_whatever_joins_them(first: str, others: list[str], mark: str) -> None:
    for opening in ("", "sk-", "sk-ant-", "Bearer "):
        text = f"{opening}{first}{mark}{mark.join(others)}"
        assert redact_text(text) is text


@given(words)
def test_a_text_around_a_credential_stays(word: str) -> None:
    assert redact_text(f"{word} sk-{R40}, {word}") == f"{word} [redacted openai-key], {word}"


@pytest.mark.parametrize("prefix", ["sk-", "sk-ant-", "gsk_", "xoxb-", "Bearer "])
def test_two_keys_of_a_kind_are_redacted_alike(prefix: str) -> None:
    assert redact_text(f"{prefix}{R40}") == redact_text(f"{prefix}{R40[::-1]}")


@pytest.mark.parametrize(
    "piece",
    [
        "sk-", "sk-learn-", "eyJ", "eyJ-", "eyJ0123456789-", ".eyJ", "Bearer ", "Bearer word.", "AKIA",
        "ghp_", "github_pat_", "xoxb", "-", "A ", "A", "密钥", "word and another, ",
        "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n", "PRIVATE KEY",
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "-----BEGIN PRIVATE KEY-----", "Bearer ", "x sk-"])
def test_a_megabyte_of_beginnings_is_read_in_linear_time(start: str, piece: str) -> None:
    text = start + piece * (1_000_000 // len(piece)) + f" gsk_{R40}"
    assert redact_text(text).endswith(" [redacted groq-key]")


@pytest.mark.parametrize("piece", ["sk-", "sk-learn-", "eyJ", "-----BEGIN PRIVATE KEY-----", "é "])
def test_a_megabyte_without_credentials_stays(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert redact_text(text) is text


def test_a_megabyte_of_credentials_is_redacted() -> None:
    assert redact_text(f"{PEM} sk-{R40}\n" * 6_000) == (
        "[redacted private-key] [redacted openai-key]\n" * 6_000
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


def test_keys_stay() -> None:
    value = {f"sk-{R40}": "text"}
    assert redact(value) is value


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
@pytest.mark.parametrize("name", ["authorization", "x-api-key", "cookie", "set-cookie", "location"])
def test_no_list_allows_a_header_that_carries_secrets(names: frozenset[str], name: str) -> None:
    assert name not in names
