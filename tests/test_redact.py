"""No credential survives; all else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat import jsontext
from rechat.redact import ANSWER_HEADERS, allowed, redact, redact_query, redact_text, redact_url

R40 = "a1B2c3D4e5" * 4
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{R40}\n{R40}=\n-----END RSA PRIVATE KEY-----"

SECRETS = {
    f"sk-{R40}": "openai-key",
    f"sk-proj-{R40}-_x": "openai-key",
    f"sk-or-v1-{R40}": "openai-key",
    f"sk-ant-api03-{R40}": "anthropic-key",
    f"AIza{R40[:35]}": "google-key",
    f"ghp_{R40[:36]}": "github-token",
    f"github_pat_{R40}{R40}": "github-token",
    f"xoxb-{R40}": "slack-token",
    "AKIA" + "A1B2C3D4E5F6G7H8": "aws-key",
    f"eyJ{R40}.eyJ{R40}.{R40}": "jwt",
    f"gsk_{R40}": "groq-key",
    f"hf_{R40[:34]}": "huggingface-token",
    f"xai-{R40}{R40}": "xai-key",
    f"ek_{R40}": "client-secret",
    PEM: "private-key",
}

INNOCENT = [
    "sk-learn and scikit-learn are risk-free",
    "sk-learn-something-very-long-word-here",
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


def test_a_bearer_token_keeps_its_word() -> None:
    assert redact_text(f"Authorization: Bearer {R40}") == "Authorization: Bearer [redacted bearer-token]"


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_text_stays(text: str) -> None:
    assert redact_text(text) == text


@given(st.text() | st.sampled_from([*SECRETS, *INNOCENT]))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact_text(redact_text(text)) == redact_text(text)


def test_two_keys_of_a_kind_are_redacted_alike() -> None:
    assert redact_text(f"sk-{R40}") == redact_text(f"sk-{R40[::-1]}")


@pytest.mark.parametrize("text", ["sk-" * 300_000, "eyJ" * 300_000, "-----BEGIN PRIVATE KEY-----" * 40_000])
def test_a_megabyte_of_beginnings_is_read_in_linear_time(text: str) -> None:
    assert redact_text(text) == text


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


def test_a_schema_that_describes_a_key_stays() -> None:
    schema = {"properties": {"api_key": {"type": "string", "description": "the key"}}}
    assert redact(schema) is schema


def test_a_value_without_secrets_is_the_same_object_and_keeps_its_numbers() -> None:
    value = jsontext.parse('{"a": [0.10, "text", {"b": null}]}')
    assert redact(value) is value
    mixed = jsontext.parse(f'{{"a": 0.10, "b": "sk-{R40}"}}')
    assert jsontext.dump(redact(mixed)) == '{"a":0.10,"b":"[redacted openai-key]"}'


def test_a_query_keeps_its_names_and_loses_its_secrets() -> None:
    query = "alt=sse&key=AIzaX&api-version=2024&sig=a%2Fb&empty=&flag"
    assert redact_query(query) == (
        "alt=sse&key=redacted&api-version=2024&sig=redacted&empty=&flag"
    )
    assert redact_query("") == ""


def test_a_url_loses_its_user_and_secrets() -> None:
    assert redact_url("https://me:pw@host/path?token=x&a=1") == "https://host/path?token=redacted&a=1"


def test_only_allowed_headers_are_kept() -> None:
    headers = [("Content-Type", "a/b"), ("Set-Cookie", "x"), ("Retry-After", "1")]
    assert allowed(headers, ANSWER_HEADERS) == (("content-type", "a/b"), ("retry-after", "1"))
