"""Ports that other programs have are told before anything is done."""

import socket

import pytest

from rechat.proxy.interception.ports import check_free
from rechat.values import UsageError


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_port_that_another_program_has_is_told(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=rf"^port {port} is in use: "):
            check_free(host, (0, port))


def test_a_free_port_stays_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    check_free("127.0.0.1", (port,))
    with socket.create_server(("127.0.0.1", port)):
        pass


@pytest.mark.parametrize("host", ["no such name", "203.0.113.1", "a" * 300])
def test_what_is_no_address_of_this_machine_is_left_to_the_server(host: str) -> None:
    check_free(host, (1234,))
