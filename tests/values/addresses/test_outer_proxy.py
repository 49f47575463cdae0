"""Which proxy stands before an upstream."""

import pytest

from rechat.values.addresses.outer_proxy import OuterProxies
from rechat.values.addresses.outer_proxy import OuterProxy
from rechat.values.errors import UsageError

PROXY = OuterProxy("http", "proxy.corp", 3128)


@pytest.mark.parametrize(
    ("environment", "scheme", "host"),
    [
        ({"HTTPS_PROXY": "http://proxy.corp:3128"}, "https", "api.openai.com"),
        ({"https_proxy": "proxy.corp:3128"}, "https", "api.openai.com"),
        ({"ALL_PROXY": "http://proxy.corp:3128/"}, "http", "host"),
        ({"HTTP_PROXY": "http://proxy.corp:3128", "NO_PROXY": ""}, "http", "host"),
        ({"HTTP_PROXY": "http://proxy.corp:3128", "NO_PROXY": "corp,10.0.0.1"}, "http", "host"),
    ],
)
def test_the_environment_names_it(environment: dict[str, str], scheme: str, host: str) -> None:
    assert OuterProxies(environment).of(scheme, host, 8910) == PROXY


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ({}, "host"),
        ({"HTTP_PROXY": "http://proxy.corp:3128"}, "host"),
        ({"HTTPS_PROXY": "http://proxy.corp:3128"}, "127.0.0.1"),
        ({"HTTPS_PROXY": "http://proxy.corp:3128", "NO_PROXY": "*"}, "host"),
        ({"HTTPS_PROXY": "http://proxy.corp:3128", "no_proxy": "a, .example.com"}, "x.example.com"),
        ({"HTTPS_PROXY": "http://localhost:8910"}, "host"),
    ],
)
def test_no_proxy_for_the_rest_and_never_this_one(environment: dict[str, str], host: str) -> None:
    assert OuterProxies(environment).of("https", host, 8910) is None


@pytest.mark.parametrize(
    ("named", "host", "port"),
    [
        ("*.example.com", "x.example.com", 443),
        ("example.com:8443", "x.example.com", 8443),
        ("a b,example.com", "example.com", 443),
        ("10.0.0.0/8", "10.1.2.3", 80),
        ("10.0.0.1/8:8443", "10.1.2.3", 8443),
        ("[fd00::1]:8443", "fd00::1", 8443),
        ("fd00::/8", "[fd00::1]", 443),
    ],
)
def test_an_exception_is_read_as_other_programs_read_it(named: str, host: str, port: int) -> None:
    proxies = OuterProxies({"HTTPS_PROXY": "http://proxy.corp:3128", "NO_PROXY": named})
    assert proxies.of("https", host, port=port) is None


@pytest.mark.parametrize(
    ("named", "host", "port"),
    [
        ("example.com:8443", "example.com", 443),
        ("10.0.0.0/8", "11.1.2.3", 443),
        ("10.0.0.0/8", "a10.0.0.0", 443),
        ("*.example.com", "example.org", 443),
        ("fd00::1", "fd00::2", 443),
        (".", "example.com", 443),
    ],
)
def test_what_is_beside_an_exception_has_its_proxy(named: str, host: str, port: int) -> None:
    proxies = OuterProxies({"HTTPS_PROXY": "http://proxy.corp:3128", "NO_PROXY": named})
    assert proxies.of("https", host, port=port) == PROXY


def test_a_password_is_for_the_proxy_and_decoded() -> None:
    proxies = OuterProxies({"HTTPS_PROXY": "https://me:a%40b@proxy.corp"})
    assert proxies.login(("proxy.corp", 443)) == "Basic bWU6YUBi"
    assert proxies.login(("other.corp", 443)) == ""
    assert proxies.of("https", "host", 1) == OuterProxy("https", "proxy.corp", 443, "me:a@b")


@pytest.mark.parametrize("url", ["socks5://me:secret@proxy:1080", "http://", "http://a:99999999"])
def test_what_is_no_proxy_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match="HTTPS_PROXY") as caught:
        OuterProxies({"HTTPS_PROXY": url})
    assert "secret" not in str(caught.value)


def test_a_proxy_that_cannot_be_used_is_no_error_where_no_server_is_behind_it() -> None:
    environment = {"ALL_PROXY": "socks5://proxy:1080", "NO_PROXY": "gpu1"}
    servers = [("http", "localhost", 11434), ("https", "gpu1", 443)]
    proxies = OuterProxies(environment, servers)
    assert proxies.of("http", "localhost", port=11434) is None
    [problem] = proxies.problems
    assert problem.startswith("ALL_PROXY (socks5://proxy) is not a proxy that can be used")
    with pytest.raises(UsageError, match=r"^ALL_PROXY"):
        OuterProxies(environment, [*servers, ("https", "api.openai.com", 443)])


def test_only_the_proxy_of_its_scheme_stops_a_server() -> None:
    environment = {"HTTP_PROXY": "socks5://proxy:1080", "HTTPS_PROXY": "proxy.corp:3128"}
    proxies = OuterProxies(environment, [("https", "api.openai.com", 443)])
    assert proxies.of("https", "api.openai.com") == PROXY
