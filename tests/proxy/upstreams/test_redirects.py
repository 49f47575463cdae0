"""Where clients are sent on to."""

import pytest

from rechat.proxy.upstreams.redirects import Redirects
from rechat.proxy.upstreams.upstream import parse_upstream

PLAIN = "http://localhost:81"
UNDER_A_PATH = "https://host/api/v1"


@pytest.mark.parametrize(
    ("upstream", "location", "expected"),
    [
        (PLAIN, "/v1/files/b?a=b#c", "/v1/files/b?a=b#c"),
        (PLAIN, "b", "b"),
        (PLAIN, "?page=2", "?page=2"),
        (PLAIN, "", ""),
        (PLAIN, "http://localhost:81/v1/b?c", "/v1/b?c"),
        (PLAIN, "http://127.0.0.1:81", "/"),
        (PLAIN, "//LOCALHOST:81/v1/b", "/v1/b"),
        (UNDER_A_PATH, "https://host:443/api/v1/b", "/api/v1/b"),
        (UNDER_A_PATH, "/api/v1/b", "/api/v1/b"),
        (UNDER_A_PATH, "../v1/b?c#d", "/api/v1/b?c#d"),
        (UNDER_A_PATH, "x/../../b", "/api/b"),
        (PLAIN, "../../../../b", "/b"),
        (PLAIN, "..", "/api/"),
        (PLAIN, "b?to=../c", "b?to=../c"),
        (PLAIN, "..b/c", "..b/c"),
    ],
)
def test_a_redirect_to_the_upstream_stays_at_the_proxy(
    upstream: str, location: str, expected: str
) -> None:
    assert Redirects().at_the_proxy(location, parse_upstream(upstream), "/api/v1/a") == expected


@pytest.mark.parametrize(
    ("upstream", "location"),
    [
        (PLAIN, "https://files.example.org/x?y#z"),
        (PLAIN, "//files.example.org/x"),
        (PLAIN, "https://localhost:81/v1/b"),
        (PLAIN, "http://localhost:82/v1/b"),
        (PLAIN, "http://[::1"),
        (PLAIN, "http://localhost:99999999/"),
        (PLAIN, "mailto:me@example.org"),
        (UNDER_A_PATH, "http://host/api/v1/b"),
    ],
)
def test_a_redirect_to_others_is_left_as_it_is(upstream: str, location: str) -> None:
    assert Redirects().at_the_proxy(location, parse_upstream(upstream), "/api/v1/a") == location


def test_a_redirect_out_of_the_path_of_the_upstream_stays_at_the_proxy() -> None:
    upstream, redirects = parse_upstream(UNDER_A_PATH), Redirects()
    assert redirects.path_there(upstream, "/files/b") == "/api/v1/files/b"
    assert redirects.at_the_proxy("/files/b?c#d", upstream, "/api/v1/a") == "/files/b?c#d"
    assert redirects.path_there(upstream, "/files/b") == "/files/b"
    assert redirects.path_there(upstream, "/files/c") == "/api/v1/files/c"
    assert redirects.path_there(parse_upstream(PLAIN + "/v1"), "/files/b") == "/v1/files/b"


def test_what_a_redirect_out_of_the_path_leads_to_may_lead_on_by_a_name() -> None:
    upstream, redirects = parse_upstream(UNDER_A_PATH), Redirects()
    redirects.at_the_proxy("/files/b", upstream, "/api/v1/a")
    assert redirects.at_the_proxy("c", upstream, "/files/b") == "/files/c"
    assert redirects.path_there(upstream, "/files/c") == "/files/c"


def test_so_many_redirects_are_remembered() -> None:
    upstream, redirects = parse_upstream(UNDER_A_PATH), Redirects()
    for number in range(10_001):
        redirects.at_the_proxy(f"/files/{number}", upstream, "/api/v1/a")
    assert redirects.path_there(upstream, "/files/0") == "/api/v1/files/0"
    assert redirects.path_there(upstream, "/files/1") == "/files/1"


def test_a_redirect_to_the_same_address_is_left_to_the_client() -> None:
    url = "http://localhost:81/v1/a"
    assert Redirects().at_the_proxy(url, parse_upstream(PLAIN), "/v1/a") == url
