"""Modes are bound to one address, and told in a line."""

import pytest

from rechat.proxy.interception.modes import bound
from rechat.proxy.interception.modes import is_private
from rechat.values.errors import UsageError


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("socks5", "socks5@localhost:1080"),
        ("transparent@8081", "transparent@localhost:8081"),
        ("reverse:http://a:1", "reverse:http://a:1@localhost:8080"),
        ("reverse:https://a", "reverse:https://a@127.0.0.1:8080"),
        ("upstream:http://a:1@8082", "upstream:http://a:1@localhost:8082"),
        ("wireguard", "wireguard@127.0.0.1:51820"),
        ("regular@0.0.0.0:81", "regular@0.0.0.0:81"),
        ("regular@:81", "regular@:81"),
        ("local:python", "local:python"),
    ],
)
def test_a_mode_listens_at_the_host_unless_it_names_another(spec: str, expected: str) -> None:
    assert bound(spec, "localhost") == expected


def test_another_host_counts_for_all() -> None:
    assert bound("wireguard", "192.0.2.1") == "wireguard@192.0.2.1:51820"


@pytest.mark.parametrize("spec", ["nothing", "regular@x", "upstream:"])
def test_what_is_no_mode_is_told(spec: str) -> None:
    with pytest.raises(UsageError, match="--mode"):
        bound(spec, "localhost")


def test_one_wider_listener_is_enough_to_be_reached_by_others() -> None:
    assert is_private(["regular@localhost:1", "socks5@127.0.0.1:2", "local:curl"])
    assert not is_private(["regular@localhost:1", "socks5@0.0.0.0:2"])
    assert not is_private(["regular@:1"])
