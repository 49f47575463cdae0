"""Who is let in."""

import pytest

from rechat.values.http import HttpRequest
from rechat.web.guard import Guard

HOST = ("host", "localhost:8910")
TOKEN = ("x-rechat-token", "secret")


def request(*headers: tuple[str, str], query: str = "") -> HttpRequest:
    return HttpRequest("GET", "/", query, (HOST, *headers))


@pytest.mark.parametrize(
    "headers",
    [
        (TOKEN,),
        (TOKEN, ("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8910")),
        (TOKEN, ("sec-fetch-site", "none")),
    ],
)
def test_who_knows_the_token_is_let_in(headers: tuple[tuple[str, str], ...]) -> None:
    assert Guard("secret", is_open=True).lets_in(request(*headers))


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("x-rechat-token", "other"),),
        (("x-rechat-token", "sécret"),),
        (TOKEN, ("sec-fetch-site", "cross-site")),
        (TOKEN, ("sec-fetch-site", "same-site")),
        (TOKEN, ("origin", "http://localhost:3000")),
        (TOKEN, ("origin", "null")),
        (TOKEN, ("origin", "https://evil.test")),
    ],
)
def test_others_are_not(headers: tuple[tuple[str, str], ...]) -> None:
    assert not Guard("secret", is_open=True).lets_in(request(*headers))


def test_the_page_is_open_on_this_machine_only() -> None:
    assert Guard("secret", is_open=True).opens_page(request())
    wide = Guard("secret", is_open=False)
    assert not wide.opens_page(request())
    assert not wide.opens_page(request(query="token=other"))
    assert wide.opens_page(request(query="token=secret"))


def test_no_other_page_may_read_the_page() -> None:
    guard = Guard("secret", is_open=True)
    assert not guard.opens_page(request(("sec-fetch-site", "same-site")))
    assert not guard.opens_page(request(("origin", "http://localhost:3000")))


def test_a_token_of_any_bytes_is_just_a_wrong_one() -> None:
    for token in ("sécret", "\udce9", "🔑"):
        assert not Guard("secret", is_open=True).lets_in(request(("x-rechat-token", token)))
        assert not Guard("secret", is_open=False).opens_page(request(query=f"token={token}"))


def test_an_origin_that_is_no_url_is_another_page() -> None:
    assert not Guard("secret", is_open=True).lets_in(request(TOKEN, ("origin", "http://[::1")))
