import pytest

from rechat.values.addresses.base_url import BaseUrl
from rechat.values.addresses.base_url import leading_url
from rechat.values.addresses.base_url import meant_url


@pytest.mark.parametrize(
    ("text", "url", "rest"),
    [
        ("https://a.example/v1/:m", BaseUrl("https", "a.example", 443, "/v1"), ":m"),
        ("http://a:8000:9000:m*2", BaseUrl("http", "a", 8000), ":9000:m*2"),
        ("http://a:8000*2", BaseUrl("http", "a", 8000), "*2"),
        ("http://a:70b", BaseUrl("http", "a", 80), ":70b"),
        ("http://[::1]:81", BaseUrl("http", "::1", 81), ""),
        ("HTTP://Host:81/V1", BaseUrl("http", "Host", 81, "/V1"), ""),
        ("http://a/v1?x", BaseUrl("http", "a", 80, "/v1"), "?x"),
    ],
)
def test_a_url_ends_where_the_words_behind_it_begin(text: str, url: BaseUrl, rest: str) -> None:
    assert leading_url(text) == (url, rest)


@pytest.mark.parametrize("text", ["", "a", "ftp://a", "http://", "http:///v1", "http://[::1"])
def test_a_text_without_a_url_has_none(text: str) -> None:
    assert leading_url(text) is None


@pytest.mark.parametrize("port", ["0", "65536", "9" * 5000])
def test_a_port_is_a_port(port: str) -> None:
    with pytest.raises(ValueError, match="65535"):
        leading_url(f"http://a:{port}/v1")


def test_an_address_in_brackets_is_one() -> None:
    with pytest.raises(ValueError, match=":::::"):
        leading_url("http://[:::::]/v1")


def test_an_address_is_written_as_it_was_read() -> None:
    assert str(BaseUrl("http", "::1", 81, "/v1")) == "http://[::1]:81/v1"
    assert BaseUrl("https", "a", 443, "/v1").origin == "https://a"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("localhost:11434/v1", "http://localhost:11434/v1"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("ollama:11434", "http://ollama:11434"),
        ("192.168.0.7/v1", "http://192.168.0.7/v1"),
        ("api.openai.com/v1", "https://api.openai.com/v1"),
        ("htp://localhost/v1", "http://localhost/v1"),
        ("http:/localhost:8000", "http://localhost:8000"),
        ("https//api.openai.com/v1", "https://api.openai.com/v1"),
        (' "http://localhost:8000" ', "http://localhost:8000"),
        ("api.openai.com/v1:gpt-5", "https://api.openai.com/v1:gpt-5"),
        ("transcripts", ""),
        ("transcripts/", ""),
        ("chat.md", ""),
        ("gpt-5", ""),
        ("http://", ""),
        ("", ""),
        ("ftp", ""),
    ],
)
def test_an_address_without_a_proper_scheme_is_recognised(text: str, meant: str) -> None:
    assert meant_url(text) == meant
