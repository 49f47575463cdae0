"""Where the server listens, in mitmproxy's words."""

import pytest

from rechat.proxy.server.listen import Listen
from rechat.values import UsageError


def test_each_port_is_one_of_the_same_host() -> None:
    assert Listen("localhost", 8910).specs() == ["regular@localhost:8910"]
    assert Listen("::1", 0, (81, 82)).specs() == [
        "regular@::1:0",
        "regular@::1:81",
        "regular@::1:82",
    ]


def test_a_mode_without_an_address_is_bound_to_the_host() -> None:
    assert Listen("192.0.2.1", 0, modes=("socks5@1080",)).specs()[1] == "socks5@192.0.2.1:1080"


def test_a_mode_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="nonsense"):
        Listen(modes=("nonsense",)).specs()


@pytest.mark.parametrize(
    ("listen", "is_private"),
    [
        (Listen("localhost"), True),
        (Listen("0.0.0.0"), False),
        (Listen("localhost", modes=("socks5@0.0.0.0:1080",)), False),
    ],
)
def test_it_is_private_while_only_this_machine_can_ask(*, listen: Listen, is_private: bool) -> None:
    assert listen.is_private is is_private
