"""Credentials in sentences, in many languages."""

import json
from urllib.parse import quote
from urllib.parse import unquote

import pytest

from rechat.values.redact import redact_path
from rechat.values.secrets.text import redact_text

PASSWORD = "Sup3r" + "S3cret"
KEY = "a1B2c3D4" * 4


@pytest.mark.parametrize(
    "text",
    [
        "Das Passwort lautet: {}", "Mein Kennwort ist {}.", "Zugangspasswort: {}",
        "Das Passwort für den Server lautet {}", "WLAN-Schlüssel: {}", "Le mot de passe est {}",
        "mdp : {}", "La contraseña es {}", "clave: {}", "La password è {}", "A senha é {}",
        "Het wachtwoord is {}", "Hasło: {}", "Пароль: {}", "пароль — {}", "密码是{}", "密码：{}",
        "パスワードは {} です", "비밀번호: {}", "Lösenordet är {}", "Adgangskoden er {}", "salasana: {}",
        "Şifre: {}", "Heslo: {}", "Jelszó: {}", "Mật khẩu: {}", "סיסמה: {}", "كلمة المرور: {}",
        "รหัสผ่าน: {}", "पासवर्ड: {}", "Κωδικός πρόσβασης: {}",
        "The password for me on the staging server is {}", "I changed the password to {} today",
        "your new password will be {}", "password -> {}", "**Password:** `{}`",
        "<td>Password</td><td>{}</td>", "credentials: me / {}", "Zugangsdaten: me / {}",
        "login: me\npw: {}", "recovery code: {}",
    ],
)  # fmt: skip
def test_a_password_is_found_in_a_sentence_and_in_its_json(text: str) -> None:
    said, expected = text.format(PASSWORD), text.format("[redacted password]").removesuffix(".")
    assert redact_text(said).startswith(expected)
    for escape in (True, False):
        spelled = json.dumps(json.dumps({"said": said}, ensure_ascii=escape))
        assert PASSWORD not in redact_text(spelled)


@pytest.mark.parametrize(
    "text",
    [
        "The API key for Mistral is {}", "Der API-Schlüssel lautet {}", "Ma clé API est {}",
        "Mi clave de API es {}", "La chiave API è {}", "API密钥：{}", "APIキーは{}です", "Ключ API: {}",
    ],
)  # fmt: skip
def test_a_key_is_found_in_a_sentence(text: str) -> None:
    assert KEY not in redact_text(text.format(KEY))


@pytest.mark.parametrize("word", ["monkey99", "Summer2024!", "winter@123"])
def test_what_people_remember_is_found_where_a_sentence_says_that_it_is_one(word: str) -> None:
    assert redact_text(f"My password is {word} now") == "My password is [redacted password] now"


WORD = "raincoat"
WORDS = "raincoat-thunder-orchard-saffron"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('The password is "{}".', WORD), ("the password is `{}`", WORD), ("I set the password to '{}'", WORD),
        ('log in with password "{}"', WORD), ("password = '{}'", WORD), ('db_password = "{}"', WORD),
        ("'password' => '{}',", WORD), ('export PGPASSWORD="{}"', WORD),
        ("define('DB_PASSWORD', '{}');", WORD), ('os.getenv("DB_PASSWORD", "{}")', WORD), ("auth: {password: '{}'}", WORD),
        ("password: {}", WORDS), ("The password is {}", WORDS), ("spring.datasource.password={}", WORDS),
        ("auth: {pass: '{}'}", WORDS), ("host=github.com\nusername=me\npassword={}\n", WORD),
        ("[client]\nuser = root\npassword = {}", WORD), ("  POSTGRES_PASSWORD: {}\n", WORD), ('psk="{}"', WORD),
        ('passphrase: "{}"', "raincoat thunder orchard"), ('My passphrase is "{}"', "raincoat thunder orchard"),
        ("BORG_PASSPHRASE='{}'", "raincoat thunder orchard"), ('psk="{}"', "raincoat thunder orchard"),
        ("WITH PASSWORD '{}';", WORD), ("IDENTIFIED BY '{}';", WORD), ("requests.get(u, auth=('me', '{}'))", WORD),
        ("machine a.example.com login me password {}", WORD), ("localhost:5432:app:me:{}", WORDS),
        ("| user | password |\n|---|---|\n| me | {} |", WORDS),
    ],
)  # fmt: skip
def test_words_are_a_password_where_a_text_says_so(text: str, said: str) -> None:
    expected = text.replace("{}", "[redacted password]").removesuffix(".")
    assert redact_text(text.replace("{}", said)).startswith(expected)
    assert said not in redact_text(json.dumps({"said": text.replace("{}", said)}))


@pytest.mark.parametrize(
    "text",
    [
        'password: "string"', "password is 'wrong'", "'password': 'required'", '"password": "hidden"', "password: raincoat",
        "'password': 'Passwort'", '"passphrase": "Enter the passphrase of the key"', "password == 'raincoat'",
        "['user', 'password', 'remember']", '{"name": "DB_PASSWORD", "title": "x"}', "password=raincoat", "PASSWORD: text",
        '"password": "your-own-one-here"', "password: form-control-large", "password = 'mysecretword'", "pwd: my-app",
        '{"user": "me", "password": "raincoat"}', '{"passphrase": "raincoat thunder orchard"}', "password_hint = 'raincoat'", "a passphrase of three words", "password(raincoat)",
    ],
)  # fmt: skip
def test_words_about_passwords_stay(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.parametrize("text", ["my password is {}", "credentials: me / {}"])
def test_a_sentence_in_the_path_of_a_url_ends_with_its_part(text: str) -> None:
    redacted = unquote(redact_path(quote(f"/v1/things/{text.format('Summer2024!')}/x")))
    assert redacted == f"/v1/things/{text.format('[redacted password]')}/x"


@pytest.mark.parametrize(
    "text",
    [
        "The password is stored as base64 in the table.", "Das Passwort ist sha256 und gesalzen.",
        "enclave: a1b2c3d4", "Passwort vergessen: Seite2",
        "The password for the server is in the vault.", "login: https://a1.example.com/b2",
        "the password is getPassword1(user)", "La clave es la constancia, dice 24 veces.",
        "login/callback/a1b2c3d4", "密码学是一门学科 v2.0.1",
    ],
)  # fmt: skip
def test_ordinary_sentences_stay(text: str) -> None:
    assert redact_text(text) == text


def test_places_are_right_where_letters_are_escaped() -> None:
    text = "\\u00fc\\u00fc ü \\u00e9: Der API-Schl\\u00fcssel lautet " + KEY + " \\u2014 \\u00fc"
    assert redact_text(text) == text.replace(KEY, "[redacted secret]")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "password for a b c ", "clave de la api ", "пароль для ", "密码是", "\\u00fc", "login: a/",
        'password = "abcdefgh" ', 'password "abcdefgh', 'passphrase is "abc def ghi', "password=abc-abc-abc-",
        "username=a\npassword=abcdef\n", "POSTGRES_PASSWORD: abcdef",
    ],
)  # fmt: skip
def test_a_megabyte_of_it_is_read_in_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + " my password is " + PASSWORD
    assert redact_text(text).endswith("[redacted password]")
