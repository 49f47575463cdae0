"""Which names are those of credentials, and which values look like one."""

import pytest

from rechat.values.secrets.names import NAMES
from rechat.values.secrets.names import is_parameter
from rechat.values.secrets.names import looks_random
from rechat.values.secrets.names import tells


@pytest.mark.parametrize(
    "name",
    [
        "api_key", "apiKey", "API-KEY", "X-Api-Key", "OPENAI_API_KEY", "DD_APP_KEY", "access_token",
        "auth-token", "clientSecret", "AWS_SECRET_ACCESS_KEY", "SecretAccessKey", "AccountKey",
        "Ocp-Apim-Subscription-Key", "password", "DB_PASSWORD", "PGPASSWORD", "MISTRAL_KEY",
        "TWILIO_AUTH_TOKEN", "private.key", "JSESSIONID", "credentials", "Authorization",
        "api_sig", "oauth_signature", "FROBNICATOR_KEY", "SEGMENT_WRITE_KEY", "ingest_key",
    ],
)  # fmt: skip
def test_the_name_of_a_credential_tells(name: str) -> None:
    assert tells(name)


@pytest.mark.parametrize(
    "name",
    [
        "key", "id", "session_id", "prompt_cache_key", "cache-key", "public_key", "primary_key",
        "max_tokens", "next_page_token", "pageToken", "continuation_token", "sha", "commit", "url",
        "signature", "encrypted_content", "tool_call_id", "secrets_path", "tokenizer", "keyboard",
        "unexpected token", "design", "PROMPT_CACHE_KEY", "DB_PRIMARY_KEY", "frobnicator_key",
        "IDEMPOTENCY_KEY", "SSH_PUBLIC_KEY", "_KEY", "Frobnicator_KEY", "use cache_key",
    ],
)  # fmt: skip
def test_other_names_tell_nothing(name: str) -> None:
    assert not tells(name)


def test_names_are_in_lower_case() -> None:
    assert {name.lower() for name in NAMES} == NAMES


def test_parameters_are_known_in_any_case() -> None:
    assert is_parameter("Sig")
    assert is_parameter("key")
    assert not is_parameter("q")


@pytest.mark.parametrize(
    "value",
    [
        "a1B2c3D4e5a1B2c3D4e5",
        "9f86d081884c7d659a2feaa0c55ad015",
        "/a1B2c3D4e5/F6g7H8i9J0k1L2m3N4o5",
    ],
)
def test_random_values_look_random(value: str) -> None:
    assert looks_random(value)


@pytest.mark.parametrize(
    "value",
    [
        "", "a1B2c3D4", "get_the_token_2", "process.env.API_KEY", "1234567890123456", "/usr/lib/x86_64",
        "aaaaaaaaaaaaaaaa1", "~/.config/app/token2", "$OPENAI_API_KEY_NUMBER_2", "changeme-please-now",
    ],
)  # fmt: skip
def test_other_values_do_not(value: str) -> None:
    assert not looks_random(value)
