"""The text of a body in the charset that its type names."""

import pytest

from rechat.dialects.shared.bodies.charsets import text_of

TEXT = {
    "gbk": "你好",
    "gb18030": "你好",
    "big5": "你好",
    "shift_jis": "こんにちは",
    "euc-jp": "こんにちは",
}
TEXT |= {"euc-kr": "안녕", "windows-1251": "Привет", "koi8-r": "Привет", "iso-8859-2": "čeština"}
TEXT |= {"latin-1": "café", "utf-16": "é", "utf-32": "é", "iso-2022-jp": "é", "x-sjis": "こ"}


@pytest.mark.parametrize("charset", TEXT)
def test_a_text_is_read_in_the_charset_of_its_type(charset: str) -> None:
    text = TEXT[charset]
    encoded = "utf-8" if charset == "iso-2022-jp" else charset.removeprefix("x-")
    for kind in (f"text/plain; charset={charset}", f'a/b;Charset = "{charset.upper()}"; x=y'):
        assert text_of(text.encode(encoded), kind) == text


@pytest.mark.parametrize("charset", ["gbk", "latin-1", "none", "utf-16-x", ""])
def test_utf_8_is_utf_8_whatever_its_type_says(charset: str) -> None:
    assert text_of("你好".encode(), f"text/plain; charset={charset}") == "你好"


@pytest.mark.parametrize("charset", ["", "none", "rot13", "unicode_escape", "idna", "gbk", "hex"])
def test_a_text_that_is_in_no_charset_is_none(charset: str) -> None:
    with pytest.raises(UnicodeDecodeError):
        text_of(b"\xff\xff", f"text/plain; charset={charset}")
