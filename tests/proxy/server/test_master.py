"""mitmproxy's master as a proxy needs it."""

import asyncio

import pytest
from mitmproxy.options import Options

from rechat.proxy.server.listen import Listen
from rechat.proxy.server.master import master_of
from rechat.values import UsageError


def options_of(listen: Listen) -> Options:
    """The options of a master, which is made on a loop."""
    warnings: list[str] = []

    async def made() -> Options:
        return master_of(listen, warnings.append).options

    options = asyncio.run(made())
    assert not warnings
    return options


def test_upstreams_are_connected_to_when_they_are_asked() -> None:
    options = options_of(Listen(port=0))
    assert options.connection_strategy == "lazy"
    assert options.mode == ["regular@localhost:0"]


def test_options_of_mitmproxy_are_taken() -> None:
    assert options_of(Listen(port=0, settings=("ssl_insecure=true",))).ssl_insecure


@pytest.mark.parametrize("setting", ["no_such_option=1", "ssl_insecure=perhaps"])
def test_an_option_that_is_none_is_refused(setting: str) -> None:
    with pytest.raises(UsageError):
        options_of(Listen(port=0, settings=(setting,)))
