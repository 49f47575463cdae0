"""Which hosts are read, which pass, and which are refused."""

import pytest

from rechat.proxy.upstreams.hosts import Hosts
from rechat.proxy.upstreams.hosts import Reading
from rechat.proxy.upstreams.hosts import is_model_api
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.values.errors import UsageError

A = (parse_upstream("http://a:81/v1"),)


def test_an_upstream_is_known_by_host_and_port() -> None:
    hosts = Hosts([parse_upstream("http://Localhost:81/v1")])
    assert hosts.knows("localhost", 81)
    assert hosts.knows("127.0.0.1", 81)
    assert hosts.knows("::1", 81)
    assert not hosts.knows("localhost", 82)
    assert not hosts.knows("127.0.0.2", 81)
    assert not hosts.knows("localhost.example.com", 81)


def test_an_address_may_be_known_without_being_an_upstream() -> None:
    hosts = Hosts(A)
    hosts.know("B", 82)
    assert hosts.knows("b", 82)


def test_what_is_no_upstream_and_no_public_api_is_for_others() -> None:
    hosts = Hosts(A)
    assert hosts.takes("a", 81)
    assert hosts.takes("api.anthropic.com", 443)
    assert not hosts.takes("api.anthropic.com", 8443)
    assert not hosts.takes("a", 80)
    assert hosts.passes("a", 80)
    assert not hosts.passes("a", 81)


@pytest.mark.parametrize(
    "host",
    ["API.openai.com", "api.openai.com.", "eu.api.openai.com", "mine.openai.azure.com"],
)
def test_a_public_api_is_one_on_the_port_of_https_only(host: str) -> None:
    assert is_model_api(host, 443)
    assert not is_model_api(host, 80)


@pytest.mark.parametrize("host", ["api.openai.com.evil.example", "evilapi.openai.com", "azure.com"])
def test_another_name_is_another_host(host: str) -> None:
    assert not is_model_api(host, 443)


def test_hosts_can_be_added() -> None:
    hosts = Hosts(A, Reading(("*.corp.example", "gpu:8000", "[::2]:81")))
    assert hosts.knows("llm.corp.example", 443)
    assert hosts.knows("LLM.corp.example", 8080)
    assert hosts.takes("gpu", 8000)
    assert hosts.takes("::2", 81)
    assert hosts.passes("gpu", 8001)
    assert hosts.passes("corp.example", 443)


@pytest.mark.parametrize("spec", ["", "https://a", "a:b", "a:0", "a:65536", "a/b"])
def test_what_is_no_host_cannot_be_added(spec: str) -> None:
    with pytest.raises(UsageError, match="--also"):
        Hosts(A, Reading((spec,)))


def test_only_upstreams_may_be_read() -> None:
    hosts = Hosts(A, Reading(("b",), only_upstreams=True))
    assert hosts.passes("api.openai.com", 443)
    assert hosts.takes("a", 81)
    assert hosts.takes("b", 443)


def test_offline_others_pass_and_no_api_is_reached_by_another_port() -> None:
    hosts = Hosts((), is_offline=True)
    assert hosts.passes("b", 81)
    assert not hosts.blocks("api.openai.com", 443)  # it is read
    assert hosts.blocks("api.openai.com", 80)
    assert hosts.blocks("api.openai.com.", 8443)


def test_offline_an_api_that_is_not_read_is_blocked() -> None:
    hosts = Hosts(A, Reading(only_upstreams=True), is_offline=True)
    assert hosts.blocks("api.openai.com", 443)


def test_others_are_refused_if_that_is_asked_for() -> None:
    hosts = Hosts(A, Reading(refuses_others=True), is_offline=True)
    assert hosts.blocks("example.com", 443)
    assert not hosts.blocks("a", 81)
    assert not hosts.blocks("10.0.0.1", 53), "programs look names up"


def test_what_is_read_may_be_for_the_upstreams_instead() -> None:
    hosts = Hosts(A, Reading(("gpu:8000",), redirects=True))
    for host, port in (("a", 81), ("api.openai.com", 443), ("gpu", 8000)):
        assert hosts.redirects(host, port)
        assert hosts.knows(host, port)
    for host, port in (("a", 80), ("api.openai.com", 80), ("gpu", 8001), ("other.example", 443)):
        assert not hosts.redirects(host, port)
        assert hosts.passes(host, port)
    assert not Hosts(A).redirects("api.openai.com", 443)
    only = Hosts(A, Reading(only_upstreams=True, redirects=True))
    assert not only.redirects("api.openai.com", 443)


@pytest.mark.parametrize(
    ("also", "only_upstreams", "ports", "is_read_at_25"),
    [
        ((), False, {81, 443}, False),
        ((), True, {81}, False),
        (("gpu:8000",), True, {81, 8000}, False),
        (("gpu:25",), True, {81, 25}, True),
        (("gpu",), True, {81}, True),
    ],
)
def test_it_is_known_at_which_ports_something_is_read(
    *, also: tuple[str, ...], only_upstreams: bool, ports: set[int], is_read_at_25: bool
) -> None:
    hosts = Hosts(A, Reading(also, only_upstreams))
    assert hosts.ports == ports
    assert hosts.may_read_at(81)
    assert hosts.may_read_at(25) is is_read_at_25
