"""Credentials in JSON that what stands beside them tells."""

from typing import Any

import pytest

from rechat.values.redact import redact
from rechat.values.secrets.objects import fields_told_by_others

PASSWORD = "Sup3r" + "S3cret"
TOKEN = "a1B2c3D4e5" * 4
BASIC = "bWU6cHctZm9yLWEtcmVnaXN0cnk="


@pytest.mark.parametrize("is_input", [False, True])
@pytest.mark.parametrize(
    "value",
    [
        {"env": {"DB_PASSWORD": PASSWORD}}, {"command": ["mysql", "-uroot", f"-p{PASSWORD}"]},
        {"command": ["sshpass", "-p", PASSWORD, "ssh"]}, {"command": ["curl", "-u", f"me:{PASSWORD}"]},
        {"args": ["--password", PASSWORD]}, {"args": ["--api-key", TOKEN]}, {"pass": PASSWORD},
        {"env": [{"name": "DB_PASSWORD", "value": PASSWORD}]}, {"value": TOKEN, "name": "API_KEY"},
        {"kind": "Secret", "data": {"pg": BASIC}}, {"kind": "Secret", "stringData": {"pg": PASSWORD}},
        {"kty": "EC", "x": "abc", "d": TOKEN}, {"auths": {"ghcr.io": {"auth": BASIC}}},
        {"db": {"password": PASSWORD}}, {"Env": [f"DB_PASSWORD={PASSWORD}", "A=b"]},
        {"username": "me", "key": "0123456789abcdef" * 2},
        {"cookies": [{"name": "sid", "value": PASSWORD, "path": "/"}]}, {"name": "a", "value": TOKEN, "domain": "x"},
        {"headers": [{"name": "Authorization", "value": f"Bearer {PASSWORD}"}]}, {"Key": "X-Api-Key", "Value": TOKEN},
        {"headers": [{"name": "Cookie", "value": f"a={PASSWORD}; b={TOKEN}"}]}, {"name": "X-Auth-Token", "content": TOKEN},
        {"headers": [{"name": "Set-Cookie", "value": f"a={PASSWORD}; Path=/"}]}, {"KEY": "DB_PASSWORD", "VALUE": PASSWORD},
        {"header": "Authorization", "value": PASSWORD}, {"field": "x-api-key", "value": TOKEN},
        {"headers": [["Authorization", TOKEN], ["Accept", "*/*"]]}, {"rawHeaders": ["Host", "x", "X-Api-Key", TOKEN]},
        {"Name": "/app/db/password", "Type": "SecureString", "Value": PASSWORD},
        {"ParameterKey": "DBPassword", "ParameterValue": PASSWORD}, {"username": "me", "password": "rain" + "coat"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_told_by_its_neighbours_is_redacted(value: dict[str, Any], is_input: bool) -> None:
    asked = {"type": "tool_use", "name": "run", "input": value} if is_input else value
    redacted = redact(asked)
    for secret in (PASSWORD, TOKEN, BASIC, "0123456789abcdef", "raincoat"):
        assert secret not in str(redacted)
    assert redact(redacted) is redacted


@pytest.mark.parametrize(
    "value",
    [
        {"name": "count", "value": TOKEN}, {"kind": "ConfigMap", "data": {"a": TOKEN}}, ["-p", "8080:80"],
        {"logprobs": [{"token": "3D2a", "logprob": -0.1}]}, {"kind": "value", "value": 1}, ["mkdir", "-p", "a1b2"],
        {"type": "tool_use", "name": "f", "input": {"password": "correct horse"}}, {"auth": "required1234"},
        {"pad_token": "a1b2c3", "kind": None}, {"key": "API_KEY", "value": "YOUR_API_KEY"},
        {"cookies": [{"name": "theme", "value": "dark"}]}, {"name": "Accept", "value": "*/*"},
        {"cookies": {"type": "array", "items": {"type": "object"}}}, {"name": "Authorization", "value": "Bearer ${TOKEN}"},
        [["Accept", "text/html"]], ["token", "tokens", "tokenizer"],
        {"type": "tool_use", "name": "f", "input": {"username": "me", "password": "required"}},
        {"name": "Cookie", "value": "theme=dark; Path=/x1y2z3q4"},
    ],
    ids=str,
)  # fmt: skip
def test_other_fields_stay(value: Any) -> None:
    assert redact(value) is value


def test_most_objects_tell_nothing() -> None:
    assert fields_told_by_others({"role": "user", "content": "x"}) == frozenset()
