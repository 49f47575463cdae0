"""Who speaks first on a connection, played with mitmproxy's own commands and events."""

from collections.abc import Callable

import pytest
from clients import client_of
from mitmproxy import options
from mitmproxy.connection import ConnectionState
from mitmproxy.connection import Server
from mitmproxy.proxy import commands
from mitmproxy.proxy import context
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers import TCPLayer
from mitmproxy.proxy.layers.modes import HttpProxy
from mitmproxy.proxy.layers.modes import Socks5Proxy
from mitmproxy.proxy.layers.modes import TransparentProxy
from mitmproxy.proxy.tunnel import TunnelLayer

from rechat.proxy.layers.first_word import FirstWord
from rechat.proxy.layers.first_word import listen_to_both

HELLO = b"220 hello"
AT = ("192.0.2.1", 25)


class Play:
    """A layer of `transparent`, and what it wants next; hooks are answered by `decide`."""

    def __init__(self, decide: Callable[[FirstWord], None]) -> None:
        found = context.Context(client_of("transparent", AT), options.Options())
        found.options.add_option("connection_strategy", str, "lazy", "")
        found.client.state = ConnectionState.OPEN
        found.server = Server(address=AT)
        self.context = found
        self._decide = decide
        self._layer = TransparentProxy(found)
        listen_to_both(self._layer)
        self.said = self.tell(events.Start())

    def tell(self, event: events.Event) -> list[commands.Command]:
        """Let something happen, and give back what is to be done about it."""
        wanted: list[commands.Command] = []
        for command in list(self._layer.handle_event(event)):
            if isinstance(command, layer.NextLayerHook):
                assert isinstance(command.data, FirstWord)
                self._decide(command.data)
                wanted += self.tell(events.HookCompleted(command))
            else:
                wanted.append(command)
        return wanted

    def wake(self) -> list[commands.Command]:
        """The time of the client is over."""
        [alarm] = self.said
        assert isinstance(alarm, commands.RequestWakeup)
        return self.tell(events.Wakeup(alarm))

    def listen(self) -> commands.OpenConnection:
        """The server is listened to."""
        [opening] = self.wake()
        assert isinstance(opening, commands.OpenConnection)
        return opening

    def open(self, opening: commands.OpenConnection) -> list[commands.Command]:
        """The server is there."""
        opening.connection.state = ConnectionState.OPEN
        opening.connection.timestamp_start = 1.0
        return self.tell(events.OpenConnectionCompleted(opening, None))


def untouched(asked: FirstWord) -> None:
    asked.layer = TCPLayer(asked.context, ignore=True)


def listening(asked: FirstWord) -> None:
    """Wait, then listen, and take the first word for one of somebody else's protocol."""
    asked.waits = asked.listens = True
    if not asked.is_silent:
        untouched(asked)


def never(asked: FirstWord) -> None:
    """Decide nothing."""


def test_what_is_clear_before_a_word_connects_at_once() -> None:
    play = Play(untouched)
    [opening] = play.said
    assert isinstance(opening, commands.OpenConnection)
    assert opening.connection is play.context.server


def test_what_is_not_clear_waits_for_the_client_alone() -> None:
    assert Play(never).said == []


def test_a_server_is_heard_after_a_silence() -> None:
    play = Play(listening)
    opening = play.listen()
    assert play.open(opening) == []
    [said] = play.tell(events.DataReceived(opening.connection, HELLO))
    assert isinstance(said, commands.SendData)
    assert (said.connection, said.data) == (play.context.client, HELLO)
    [answered] = play.tell(events.DataReceived(play.context.client, b"EHLO"))
    assert isinstance(answered, commands.SendData)
    assert (answered.connection, answered.data) == (opening.connection, b"EHLO")


def test_a_client_that_is_first_after_all_gets_a_connection_of_its_own() -> None:
    play = Play(listening)
    listened = play.listen()
    play.open(listened)
    closing, opening = play.tell(events.DataReceived(play.context.client, b"GET"))
    assert isinstance(closing, commands.CloseConnection)
    assert closing.connection is listened.connection
    assert isinstance(opening, commands.OpenConnection)
    assert opening.connection is play.context.server is not listened.connection
    assert play.tell(events.ConnectionClosed(listened.connection)) == []


def test_a_client_does_not_wait_until_the_server_is_reached() -> None:
    play = Play(listening)
    listened = play.listen()
    _, opening = play.tell(events.DataReceived(play.context.client, b"GET"))
    assert isinstance(opening, commands.OpenConnection)
    assert play.tell(events.OpenConnectionCompleted(listened, "cancelled")) == []


def test_a_server_that_is_not_reached_leaves_the_client_its_time() -> None:
    play = Play(listening)
    assert play.tell(events.OpenConnectionCompleted(play.listen(), "refused")) == []
    *_, opening = play.tell(events.DataReceived(play.context.client, b"GET"))
    assert isinstance(opening, commands.OpenConnection)


def test_a_server_that_goes_without_a_word_takes_the_client_along() -> None:
    play = Play(listening)
    opening = play.listen()
    play.open(opening)
    [closing] = play.tell(events.ConnectionClosed(opening.connection))
    assert isinstance(closing, commands.CloseConnection)
    assert closing.connection is play.context.client


def test_a_client_that_has_said_a_part_does_not_lose_its_connection_with_the_other() -> None:
    def in_two_parts(asked: FirstWord) -> None:
        asked.waits = asked.listens = True
        if asked.data_client() == b"GET":  # type: ignore[no-untyped-call]
            untouched(asked)

    play = Play(in_two_parts)
    listened = play.listen()
    play.open(listened)
    [closing] = play.tell(events.DataReceived(play.context.client, b"G"))
    assert isinstance(closing, commands.CloseConnection)
    assert play.tell(events.DataReceived(listened.connection, HELLO)) == []
    assert play.tell(events.ConnectionClosed(listened.connection)) == []
    [opening] = play.tell(events.DataReceived(play.context.client, b"ET"))
    assert isinstance(opening, commands.OpenConnection)


def test_an_alarm_that_rings_too_late_disturbs_nobody() -> None:
    play = Play(listening)
    [alarm] = play.said
    assert isinstance(alarm, commands.RequestWakeup)
    assert play.tell(events.DataReceived(play.context.client, b"GET"))
    assert play.tell(events.Wakeup(alarm)) == []


def test_a_client_that_has_begun_is_not_silent() -> None:
    def unclear(asked: FirstWord) -> None:
        asked.waits = asked.listens = True

    play = Play(unclear)
    assert play.tell(events.DataReceived(play.context.client, b"\x16")) == []
    assert play.wake() == []


def test_who_leaves_without_a_word_is_let_go() -> None:
    play = Play(listening)
    play.open(play.listen())
    server, client = play.tell(events.ConnectionClosed(play.context.client))
    assert isinstance(server, commands.CloseConnection)
    assert isinstance(client, commands.CloseConnection)
    assert client.connection is play.context.client


@pytest.mark.parametrize(
    ("kind", "is_changed"), [(TransparentProxy, True), (Socks5Proxy, True), (HttpProxy, False)]
)
def test_modes_with_a_known_destination_are_changed(
    *, kind: type[layer.Layer], is_changed: bool
) -> None:
    found = kind(context.Context(client_of(), options.Options()))
    listen_to_both(found)
    assert (type(found) is not kind) is is_changed
    assert isinstance(found, kind)


def test_a_layer_inside_a_tunnel_is_changed_and_there_may_be_none() -> None:
    found = context.Context(client_of(), options.Options())
    tunnel = TunnelLayer(found, found.client, found.client)
    listen_to_both(None)
    assert not isinstance(tunnel.child_layer, FirstWord)
    listen_to_both(tunnel)
    assert isinstance(tunnel.child_layer, FirstWord)
