"""Where clients are sent on to."""

import pytest

from rechat.proxy.upstreams.redirects import at_the_proxy
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
    ],
)
def test_a_redirect_to_the_upstream_stays_at_the_proxy(
    upstream: str, location: str, expected: str
) -> None:
    assert at_the_proxy(location, parse_upstream(upstream), "/api/v1/a") == expected


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
    assert at_the_proxy(location, parse_upstream(upstream), "/api/v1/a") == location


def test_what_the_upstream_would_get_under_another_path_is_named_in_full() -> None:
    upstream = parse_upstream(UNDER_A_PATH)
    assert at_the_proxy("/files/b", upstream, "/api/v1/a") == "https://host/files/b"


def test_a_redirect_to_the_same_address_is_left_to_the_client() -> None:
    url = "http://localhost:81/v1/a"
    assert at_the_proxy(url, parse_upstream(PLAIN), "/v1/a") == url
