"""Credentials in the files that are made for them."""

import base64
import json

import pytest

from rechat.values.secrets import redact_text

PASSWORD = "Sup3r" + "S3cret"
TOKEN = "a1B2c3D4e5" * 5
BASIC = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
DOCKER = base64.b64encode(json.dumps({"auths": {"ghcr.io": {"auth": BASIC}}}).encode()).decode()
KEY = base64.b64encode(f"-----BEGIN RSA PRIVATE KEY-----\n{TOKEN}".encode()).decode()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("db.example.com:5432:app:me:{}", PASSWORD),
        ("*:*:*:postgres:{}\nlocalhost:5432:*:app:x", PASSWORD),
        ("machine h\n\tlogin me\n\tpassword {}", PASSWORD),
        ("default login me password {}", PASSWORD),
        ("machine h password {} login me", PASSWORD),
        ("machine h login me account x password {}", PASSWORD),
        ("[client]\nuser = root\npassword = \"{}\"", PASSWORD),
        ("//r.example.com/:_auth={}", BASIC),
        ("//r.example.com/:_password={}", BASIC),
        ("//r.example.com/:_authToken={}", TOKEN),
        ("npmAuthIdent: {}", BASIC),
        ("[pypi]\nusername = me\npassword = {}", PASSWORD),
        ('{"auths": {"ghcr.io": {"auth": "{}"}}}', BASIC),
        ("  .dockerconfigjson: {}", DOCKER),
        ("    client-key-data: {}", KEY),
        ("{}", KEY),
        ("https://me:{}@github.com", PASSWORD),
        ("kind: Secret\ndata:\n  user: YWRtaW4=\n  pg: {}\n", BASIC),
        ("data:\n  pg: {}\nkind: Secret\n", BASIC),
        ("kind: Secret\nstringData:\n  pg: {}\n", "plain words of it"[:5] + "-of-it"),
        ('{"apiVersion":"v1","data":{"pg":"{}"},"kind":"Secret"}', BASIC),
        ("me:{}", "$apr1$ThyWt23m$POkJEpT55gyfDQTdhO1Mgf"),
        ("me:{}", "$2y$05$" + TOKEN),
        ("root:{}:19000:0:99999:7:::", "$6$f22Whutmed$" + TOKEN),
        ("me:{}", "{SHA}ZDif4Vk4GOnA1qKsdKn9Sg32RwA="),
        ("{}", "pbkdf2_sha256$870000$c7WndeOKkUms$" + TOKEN),
        ("{}", "SCRAM-SHA-256$4096:bE8cZuTJnmsuTXlSr6XgJX==$" + TOKEN),
        ('{"kty":"EC","x":"abc","d":"{}"}', TOKEN),
        ("Private-Lines: 1\n{}\nPrivate-MAC: x", TOKEN),
        (".example.com\tTRUE\t/\tTRUE\t1799999999\tsid\t{}", TOKEN),
        ("define('NONCE_SALT',       '{}');", "F0vPGtB2FmZ7pQ#CQNuKcd_Cz8qShhPuHq0^OmxZ6wgv8gYM#YGPHwPoRBIx_9r1"),
        ('{"username":"me","key":"{}"}', "0123456789abcdef" * 2),
        ('{"cookies":[{"name":"sid","value":"{}","path":"/"}]}', PASSWORD),
        ('{"cookies": [\n  {\n "value": "{}",\n "name": "a"}]}', PASSWORD),
        ('{"name": "a", "value": "{}", "domain": "x.example"}', PASSWORD),
        ('{"headers": [{"name": "Authorization", "value": "{}"}]}', PASSWORD),
        ('{"headers": [{"name": "Cookie", "value": "a={}"}]}', PASSWORD),
        ('[{"Key": "X-Api-Key", "Value": "{}"}]', TOKEN),
        ('{"env": [{"value": "{}", "name": "DB_PASSWORD"}]}', PASSWORD),
        ('{"Name": "/app/db/password", "Type": "x", "Value": "{}"}', PASSWORD),
        ('[{"ParameterKey": "DBPassword", "ParameterValue": "{}"}]', PASSWORD),
        ("$ANSIBLE_VAULT;1.1;AES256\n{}\n62313365396662343061393464336163", "3132333435363738393031323334353637383930"),
        ("x: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231336539666234306139\n  {}", "3132333435363738393031323334353637383930"),
        ('Fernet(b"{}")', TOKEN[:43] + "="),
        ("    Key Content            : {}", PASSWORD),
        ("password 51:b:{}", "0123456789ABCDEF" * 8),
        ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----", TOKEN),
        ("     1\t-----BEGIN PRIVATE KEY-----\n     2\t{}\n", TOKEN),
        ("+-----BEGIN PRIVATE KEY-----\n+{}\n", TOKEN),
        ('"me" "{}"', "md5" + "0123456789abcdef" * 2),
        ("jdbc:oracle:thin:me/{}@//db:1521/x", PASSWORD),
    ],
)  # fmt: skip
def test_the_secret_of_a_file_is_redacted(text: str, secret: str) -> None:
    planted = text.replace("{}", secret)
    redacted = redact_text(planted)
    assert secret not in redacted
    assert "[redacted " in redacted
    assert redact_text(redacted) is redacted
    argument = json.dumps({"content": planted})
    assert json.dumps(secret)[1:-1] not in redact_text(argument)


@pytest.mark.parametrize(
    "text",
    [
        "src/a.py:1234:56:error: x1y2z3 is bad", "12:30:45:INFO:mod1x2:call3y4", "10.0.0.5:5432 is up",
        "kind: ConfigMap\ndata:\n  a: b1x2y3z4\n", "kind: Secret is used for data: it is encoded",
        "machine learning and login forms with password fields", "$1$ and $2b prices, $6.50 and more",
        "default login page and password1x rules", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI" + TOKEN,
        '{"cookies": [{"name": "theme", "value": "darkest"}]}', '{"name": "Accept", "value": "text/html1"}',
        '{"cookies": {"type": "array"}, "value": "a1b2c3d4"}', "$ANSIBLE_VAULT is the header of a vault", "thin:a/b1c2d3@h",
        '{"name": "Authorization", "value": "Bearer <token>"}', '{"key": "token", "value": "the next word"}',
        '{"kty":"EC","crv":"P-256","x":"' + TOKEN + '"}', "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + TOKEN,
    ],
)  # fmt: skip
def test_other_lines_stay(text: str) -> None:
    assert redact_text(text) is text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "kind: Secret\n", "kind: Secret\ndata:\n a: b\n", '"kty"', "a:5432:b:c:", "machine a ", "$1$",
        '"value": "abcdef",', '{"name": "a", "value": "abcdef"},', '"cookies": [', '"cookies": [{"value": "abcdefg1"},',
        "$ANSIBLE_VAULT;1\n" + "a" * 20 + "\n", 'Fernet(b"' + "a" * 43, "Key Content   ", "password 51:b:",
        "---- BEGIN SSH2 PRIVATE KEY ----ab-", "-----BEGIN PRIVATE KEY-----\n1\t" + "a" * 16,
    ],
)  # fmt: skip
def test_many_beginnings_are_read_in_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece)) + f" sshpass -p {PASSWORD} x"
    assert PASSWORD not in redact_text(text)
