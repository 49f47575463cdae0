"""Credentials that are told by a word."""

import base64

import pytest

from rechat.values.secrets.context import in_context

PASSWORD = "Sup3r" + "S3cret"


def found(text: str) -> list[tuple[str, str]]:
    """Each once: two words may tell the same."""
    places = {(each.start, each.end): each.kind for each in in_context(text, text.lower())}
    return [(kind, text[start:end]) for (start, end), kind in sorted(places.items())]


@pytest.mark.parametrize(
    "before",
    [
        "password=", "password: ", 'password="', "'password': '", '\\"password\\": \\"', "PASSWD=",
        "DB_PASSWORD := ", "pwd => '", "Password=", "secret: ", "PGPASSWORD='", "SMTP_PASS=", "pass: ",
        "my password is ", "| password | ", "<password>", '<wsse:Password Type="x">', "'DB_PASSWORD', '",
        "process.env.DB_PASSWORD || '", "name: DB_PASSWORD\n  value: ", '"name": "PASSWORD", "value": "',
        'key="DbPassword" value="', "password: |\n  ", "ENV DB_PASSWORD ", "WITH PASSWORD '", "passphrase: ",
        "IDENTIFIED BY '", "IDENTIFIED WITH plugin BY '", "auth=('me', '", "HTTPBasicAuth('me', '", "psk=\"",
        'variable "db_password" {\n  default = "', "REDIS_AUTH=", "SSHPASS=",
        'let password: &str = "', 'val password: String = "', 'public string Password { get; set; } = "', "password        = '",
        'ds.setPassword("', 'storePassword "', 'remotepass = ', 'new mysqli("h", "me", "', 'getConnection(url, "me", "',
        'NetworkCredential("me", "', "DBI->connect('dbi:Pg:db', 'me', '", 'Credentials("R", "h", "me", "', 'password = b"',
    ],
)  # fmt: skip
def test_a_password_is_found_after_its_name(before: str) -> None:
    assert found(f"{before}{PASSWORD}\n") == [("password", PASSWORD)]


@pytest.mark.parametrize("before", ['{"auth": "', '{\\"auth\\":\\"'])
def test_the_credentials_that_docker_keeps_are_found(before: str) -> None:
    token = base64.b64encode(b"me:pw-for-a-registry").decode()
    assert found(f'{before}{token}"') == [("basic-auth", token)]
    assert found(f'{before}required1234"') == []


@pytest.mark.parametrize(
    "text",
    [
        "mysql --password {} db", "x --password '{}'", "curl -u admin:{} https://x",
        'curl --user "me:{}" x', "machine github.com login me password {}",
        "machine a.b\n  login me\n  password {}\n",
    ],
)  # fmt: skip
def test_a_password_on_a_command_line_or_in_a_netrc_is_found(text: str) -> None:
    assert found(text.format(PASSWORD)) == [("password", PASSWORD)]


@pytest.mark.parametrize(
    "text",
    [
        "docker run -u 1000:1000 x", "run -u app:staff x", "the --password option takes",
        "a machine can login and password managers help", "sudo -u postgres psql",
        "cmd -u $USER1:$PASS1word",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_user_with_a_password_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "password: correct", "password = user.password", "password=get_password1(x1)",
        "PWD=/tmp/a1b2c3x", "PASS: tests/test_3x5y7.py::test_a1", "identified by 'name' as one",
        "forgot the password? see page2x3", "| password | string | yes |", "password reset for 2x3yz4",
        "password: <Sup3rS3cret>", "password=${PASSWORD1}", "secrets: 123456789", "password: hunter2", "bypass = x1y2z3w4",
        "public string Password { get; set; }", "setPassword(password1x)", "getConnection(url, user, pass1word)",
    ],
)  # fmt: skip
def test_what_only_stands_after_the_name_is_no_password(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "url",
    [
        "postgres://app:{}@db/x", "mongodb+srv://a.b:{}@c", "redis://:{}@cache:6379/0", "http://x:{}@y",
    ],
)  # fmt: skip
def test_the_password_of_a_url_is_found(url: str) -> None:
    assert found(url.format("hunter2")) == [("password", "hunter2")]


@pytest.mark.parametrize("word", ["password", "***", "xxxx", "${PASSWORD}", "<password>", "%s"])
def test_a_stand_in_is_no_password(word: str) -> None:
    assert found(f"postgres://user:{word}@host/db") == []


def test_the_key_in_the_address_of_an_error_tracker_is_found() -> None:
    key = "0123456789abcdef" * 2
    assert found(f"https://{key}@o1.ingest.sentry.io/2") == [("url-key", key)]


@pytest.mark.parametrize("scheme", ["Token ", "token ", "ApiKey ", "Key ", "Discogs token=", ""])
def test_the_token_of_any_scheme_is_found(scheme: str) -> None:
    token = "a1B2c3D4e5" * 4
    assert found(f"Authorization: {scheme}{token}") == [("authorization", token)]


def test_a_key_with_any_characters_is_found_in_quotes() -> None:
    key = "django-insecure--TJJ8Sp(83YVw=Yl5Ee#qDgL"
    assert ("password", key) in found(f"SECRET_KEY = '{key}'")
    assert ("password", key) in found(f'app.config["SECRET_KEY"] = "{key}"')
    assert found("SECRET_KEY = 'a-placeholder-for-development'") == []


def test_the_words_of_a_wallet_are_found() -> None:
    words = " ".join(["abandon", "able", "about", "absent"] * 3)
    assert found(f"the mnemonic is {words}") == [("seed-phrase", words)]
    assert (
        found("a mnemonic is a way to keep words in mind for a long time by means of verse") == []
    )


def test_basic_is_followed_by_a_user_and_a_password() -> None:
    token = base64.b64encode(b"me:pw").decode()
    assert found(f"Authorization: Basic {token}") == [("basic-auth", token)]
    assert found("Basic knowledge1 of Basic c29tZXRoaW5n") == []


def test_the_values_of_cookies_are_found_and_their_attributes_are_not() -> None:
    text = "Set-Cookie: sid=a1b2c3d4e5; Path=/x1y2z3q4; theme=darkest; HttpOnly"
    assert found(text) == [("cookie", "a1b2c3d4e5")]
    quoted = """curl -H 'Cookie: a=a1b2c3d4; b=x9y8z7w6' "cookie: none" """
    assert found(quoted) == [("cookie", "a1b2c3d4"), ("cookie", "x9y8z7w6")]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "password=", "password:", "passw", "pwd", "secret", "secret='", "://", "://a", "://:", "://a:b",
        "cookie:", "cookie: ", "cookie: a=", "cookie: a=b;", "basic ", "basic a", "bearer ", "bearer a",
        "BEGIN PRIVATE KEY", "secret" + " " * 3 + "=" + " " * 3, "://a:b@", "Cookie: a=" + "b" * 50,
    ],
)  # fmt: skip
def test_a_megabyte_of_words_is_read_in_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + f" postgres://a:{PASSWORD}@b"
    assert ("password", PASSWORD) in found(text)


HEX = "6629fae49393a05397450978507c4ef1"


@pytest.mark.parametrize(
    "url",
    [
        "postgres://me:{}@db.example.com/app", "redis://:{}@localhost:6379/0", "a mysql://r:{}@10.0.0.1, ok",
        '"amqps://me:{}@mq/vhost"', "mongodb://me:{}@h:1/?x=y", "https://me:{}@git.example.com/@me/x.git",
    ],
)  # fmt: skip
@pytest.mark.parametrize("password", ["Xa/7kq9Zp", "p/a/b", "x/9?k", "hunt@er2x9", "/7kq9Zp"])
def test_the_password_of_a_url_is_found_whatever_is_in_it(url: str, password: str) -> None:
    text = url.format(password)
    assert found(text)[0] == ("password", password)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/users/@me", "http://host:8080/a?b=c@d.e", "https://x.example:443/@scope/pkg@1",
        "http://host:port/@vite/client", "https://medium.com/@me", "http://[::1]:80/@me",
        "https://host:${PORT}/users/@me", "see http://a.b/c: mail me@example.com", "https://host/a:b@c.d",
        "http://127.0.0.1:5173?token=a@b",
    ],
)  # fmt: skip
def test_a_url_without_a_password_stays(url: str) -> None:
    assert found(url) == []


@pytest.mark.parametrize("quote", ["", '"', '\\"'])
def test_signatures_of_requests_are_found(quote: str) -> None:
    aws = f"AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host;range, Signature={quote}{HEX}{quote}"
    assert found(f"Authorization: {aws}") == [("password", HEX)]
    oauth = f"oauth_nonce={quote}a{quote}, oauth_signature={quote}tnnArxj06cWHq44gCs1O%3D{quote}"
    assert found(oauth) == [("password", "tnnArxj06cWHq44gCs1O%3D")]
    digest = (
        f"Digest username={quote}me{quote}, nonce={quote}x{quote}, response={quote}{HEX}{quote}"
    )
    assert found(f"Authorization: {digest}") == [("digest", HEX)]


@pytest.mark.parametrize(
    "text",
    [
        f"response={HEX}", "nonce and response=get_the_response()", "signature=inspect.signature(call)",
        f'"signature": "{HEX}"', "signature = None", "def f(signature=DEFAULT_SIGNATURE_OF_ALL): ...",
    ],
)  # fmt: skip
def test_other_responses_and_signatures_stay(text: str) -> None:
    assert found(text) == []


def test_the_value_that_a_secret_has_now_is_found() -> None:
    for value in ("8f3a9c2e71b04d56a1f0", "Zx81kQp0aLm22Vt9"):
        assert found(f"Done. New value: {value}") == [("secret", value)]
    assert found("Rotate the password.\nNew value: `Xy7kq9Zp`") == [("secret", "Xy7kq9Zp")]
    assert found(f"the token changed, **Old value:** {HEX}") == [("secret", HEX)]


@pytest.mark.parametrize(
    "text",
    [
        f"HEAD moved. Old value: {HEX}", "New value: 3f786850e387550fdab836ed7e6dc881de23001b", "new value: 42",
        "New value: 01a2073d-d5d4-7972-ae41-2a3946fa3655", "new_value = compute_new_value(old_value)",
        "Current value: v1.2.3b4", "the new value is returned", "old value: eu-west-1a, new value: eu-west-1b",
    ],
)  # fmt: skip
def test_other_new_values_stay(text: str) -> None:
    assert found(text) == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "://a:b/", "://a:/@", "://a:b@c", f"response={HEX} ", "signature=", "signature=" + "a" * 16, "new value",
        "new value: ", "new value: Xy7kq9Zp", "@", ":@", "a:bcdefg1@", "curl a:b1cdefg@ ",
    ],
)  # fmt: skip
def test_more_words_are_read_in_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + f" postgres://a:{PASSWORD}@b"
    assert any(text.endswith(f"{secret}@b") for _, secret in found(text))


@pytest.mark.parametrize(
    "before",
    ["DROPBOX_APP_KEY=", "my Dropbox API key is ", 'dropbox = {"key": "', "Dropbox(app_secret='"],
)
def test_the_short_keys_of_dropbox_are_found_after_its_name(before: str) -> None:
    value = "k3xq9zr" + "7m2wv1tb"
    assert found(f"{before}{value}") == [("password", value)]
    assert found(f"Dropbox keeps {value}") == []
    assert found(f"{before}documentations1") == []


def test_a_token_with_an_equals_sign_within_is_found_whole() -> None:
    token = "k3xq9zr7m2=" + "wv1tbk3xq9zr7m2=="
    assert found(f"Bearer {token}") == [("bearer-token", token)]
