"""What looks like a password, and what stands for one."""

import pytest

from rechat.values.secrets.passwords import is_basic
from rechat.values.secrets.passwords import is_joined
from rechat.values.secrets.passwords import is_password
from rechat.values.secrets.passwords import is_remembered_easily
from rechat.values.secrets.passwords import is_said
from rechat.values.secrets.passwords import is_secret
from rechat.values.secrets.passwords import is_sentence
from rechat.values.secrets.passwords import is_stand_in
from rechat.values.secrets.passwords import may_be
from rechat.values.secrets.passwords import names_a_password


@pytest.mark.parametrize("word", ["Sup3rS3cret", "a1B2c3", "x9k2!q"])
def test_letters_and_digits_are_a_password(word: str) -> None:
    assert is_password(word)
    assert not is_stand_in(word)


@pytest.mark.parametrize(
    "word", ["ksCMgRagZvOOz", "zcyj#%OCQQ", "Summer2024", "winter1!", "Admin@123"]
)
def test_letters_by_turns_signs_and_a_word_with_a_year_are_a_password(word: str) -> None:
    assert is_password(word)


@pytest.mark.parametrize("word", ["signUpHint", "getUrl", "Base64", "sha256!", "UPPER#CASE"])
def test_names_in_programs_are_none(word: str) -> None:
    assert not is_password(word)


@pytest.mark.parametrize(("word", "easy"), [("monkey99", True), ("sha256", False), ("a1", False)])
def test_a_word_with_a_number_may_be_remembered_easily(word: str, *, easy: bool) -> None:
    assert is_remembered_easily(word) is easy


@pytest.mark.parametrize("word", ["correct", "hunter2", "12345678", "/tmp/x1y2z3/a", "~/a1b2c3"])
def test_words_numbers_and_paths_are_none(word: str) -> None:
    assert not is_password(word)


@pytest.mark.parametrize(
    "word",
    ["$PASS", "<pw>", "xxxx", "***", "password", "8080:80", "2222", "-x", "/tmp/x", "[redacted"],
)
def test_what_stands_for_a_password_is_none(word: str) -> None:
    assert is_stand_in(word)


def test_the_base64_of_a_user_and_a_password_is_basic() -> None:
    assert is_basic("bWU6cHc=")
    assert is_basic("bWU6cHc")
    assert not is_basic("c29tZXRoaW5n")
    assert not is_basic("é:x")


def test_a_token_has_to_look_random_and_a_password_need_not() -> None:
    assert is_secret("DB_PASSWORD", "Sup3r" + "S3cret")
    assert not is_secret("token", "Sup3r" + "S3cret")
    assert is_secret("token", "a1B2c3D4e5" * 4)
    assert is_secret("password", "raincoat-thunder-orchard-saffron")
    assert names_a_password("db_password")
    assert not names_a_password("password_hash")


@pytest.mark.parametrize("words", ["raincoat", "raincoat-thunder-orchard-saffron"])
def test_words_may_be_a_password_where_a_text_says_so(words: str) -> None:
    assert is_said(words)
    assert may_be(words)
    assert is_joined(words) is ("-" in words)
    assert not is_password(words)


@pytest.mark.parametrize(
    "word", ["required", "invalid", "string", "Raincoat", "short", "your-own-one-here"]
)
def test_what_is_said_about_passwords_is_none(word: str) -> None:
    assert not is_said(word)


def test_a_sentence_has_three_words_and_is_not_about_passphrases() -> None:
    assert is_sentence("raincoat thunder orchard")
    assert not is_sentence("raincoat thunder")
    assert not is_sentence("enter the phrase")
