"""Credentials that are runs of the characters of tokens."""

import pytest

from rechat.values.secrets.runs import in_runs

R40 = "a1B2c3D4e5" * 4
KEY = "gsk" + "_" + R40
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY"


def found(text: str) -> list[tuple[str, str]]:
    data = text.encode("latin-1", "replace")
    return [(each.kind, text[each.start : each.end]) for each in in_runs(text, data)]


@pytest.mark.parametrize(
    "before",
    [
        "", " ", "=", "\\n", "\\t", "\\u003d", "\\u0026", "\x1b[31m", "\x1b[0m", "密钥", "é", "key_", "-", "/",
        ".", "%3D", "%20", "$", "~", "\\\\n",
    ],
)  # fmt: skip
def test_a_credential_begins_after_any_mark_or_escape(before: str) -> None:
    assert ("groq-key", KEY) in found(f"{before}{KEY} and")


@pytest.mark.parametrize("before", ["a", "7", "desk"])
def test_no_credential_begins_within_a_word(before: str) -> None:
    assert found(f"{before}{KEY}") == []


@pytest.mark.parametrize(
    "before",
    [
        "API_KEY=", "api_key: ", '"apiKey": "', "'token' => '", 'token\\": \\"', "x-api-key:", "?sig=",
        "&key=", "&code=", "The API key is ", "API key: ", "| API key | `", "set -x API_TOKEN ", "setx API_TOKEN \"",
        "'API_KEY', '", "API_TOKEN || '", "- name: API_KEY\n  value: ", '"name":"API_KEY","value":"',
        'name="csrf-token" content="', "<key>APIKey</key>\n<string>", "APP_KEY=base64:", "AccountKey=", "config['secret'] = '", "--api-key=", "DD_API_KEY := ",
    ],
)  # fmt: skip
def test_a_value_that_looks_random_is_one_after_the_name_of_one(before: str) -> None:
    assert found(f"{before}{R40}") == [("secret", R40)]


@pytest.mark.parametrize(
    "before",
    [
        "id=",
        "commit: ",
        '"key": "',
        "sig=",
        "",
        "sha256=",
        "'a_token', '",
        '"name": "count", "value": "',
    ],
)
def test_a_value_that_looks_random_is_none_after_another_name(before: str) -> None:
    assert found(f"{before}{R40}") == []


def test_the_padding_of_base64_belongs_to_a_value() -> None:
    assert found(f"AccountKey={R40}==;") == [("secret", f"{R40}==")]


def test_what_follows_an_equals_sign_within_a_value_belongs_to_it() -> None:
    assert found(f"API_KEY={R40}={R40}=&x=1") == [("secret", f"{R40}={R40}=")]
    assert found(f"API_KEY: v1={R40}") == [("secret", R40)]
    assert found(f"id=v1={R40}") == []


def test_the_name_of_a_value_may_stand_behind_it() -> None:
    assert found(f'"value": "{R40}", "name": "API_KEY"') == [("secret", R40)]
    assert found(f'"value": "{R40}", "name": "count"') == []


@pytest.mark.parametrize(
    "before",
    [
        "use the token ", "Use the token '", "my API key is ", "the api key ", "set the access token to ",
        "OPENAI key: ", "with token `", "The secret key was ", "Our Secret ", "token: ",
    ],
)  # fmt: skip
def test_a_token_is_found_after_the_word_of_a_sentence(before: str) -> None:
    for token in ("8f3a9c2e71b04d56a1f0", "Zx81kQp0aLm22Vt9"):
        assert found(f"{before}{token} for it") == [("secret", token)]


@pytest.mark.parametrize(
    "before",
    [
        "app.secret_key = b'", 'public string ApiKey { get; set; } = "', '<string name="api_key">', '["X-Api-Key", "',
        '"Host", "x", "X-Api-Key", "', '("token", "',
    ],
)  # fmt: skip
def test_a_token_is_found_after_its_name_in_a_program(before: str) -> None:
    assert found(f"{before}{R40}'") == [("secret", R40)]


def test_a_hash_is_a_secret_by_its_name_alone() -> None:
    for value in ("0123456789abcdef" * 4, "01a2073d-d5d4-7972-ae41-2a3946fa3655"):
        assert found(f"API_TOKEN={value}") == [("secret", value)]
        assert found(f"commit {value}") == []


def test_a_long_token_is_found_in_a_path() -> None:
    token = f"ops_eyJ{R40 * 8}"
    assert found(f"/v1/things/{token}/x")[0][1].startswith(token)
    assert found(f"/v1/things/a1B2c3D4e5F6g7H8/{token}") == []


def test_a_signature_at_the_start_of_a_form_is_found() -> None:
    assert found(f"api_sig={R40}&x=1") == [("secret", R40)]
    assert found(f"sig={R40}&se=1") == [("secret", R40)]
    assert found(f"sig={R40}") == []


def test_an_encrypted_token_is_found() -> None:
    token = f"eyJ{R40}..a1B2c3D4e5f6.{R40}.a1B2c3D4e5f6g7h8"
    assert found(token) == [("jwt", token)]


def test_a_call_in_a_program_is_no_value() -> None:
    assert found("token = binascii.b2a_hex(x)") == []


def test_the_secret_of_an_aws_key_is_found_beside_its_id() -> None:
    key = "AKIA" + "A1B2C3D4E5F6G7H8"
    assert found(f"{key},{SECRET}") == [("aws-key", key), ("aws-secret", SECRET)]
    assert found(f"id,{SECRET}") == []


def test_the_code_of_a_url_is_read() -> None:
    assert found(f"?q=api_key%3D{R40}&x=1") == [("secret", f"api_key%3D{R40}")]
    assert found("?q=postgres%3A%2F%2Fa%3Ahunter2%40b") == [
        ("password", "postgres%3A%2F%2Fa%3Ahunter2%40b")
    ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "a", "1", "a1", "-", "_", ".", "%", "%3D", "%25", "aA", "Aa", "a_", "A-", "eyJ", "eyJ.", "a1B2.",
        "key=a1b2c3d4e5f6g7h8 ", "a1b2c3d4e5f6g7h8=", "key=", "\\n", "[1m", "AKIA", "0a" * 16 + "-", "0a" * 16 + ".", "Q~",
    ],
)  # fmt: skip
def test_a_megabyte_of_runs_is_read_in_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + f" {KEY}"
    assert found(text)[-1] == ("groq-key", KEY)
