"""mitmproxy's layer that finds out what a connection speaks, where the server may be the first to
say something, as those of MySQL, SMTP and SSH are: mitmproxy waits for the client, which waits for
the server.

So it is asked what a connection is for before anybody has said a word, and again once the client
has been silent for a while. If that cannot be told yet, the server is listened to as well. Should
the client be the first all the same, that connection is closed unused: no upstream hears of a
request that is answered here.
"""

from mitmproxy.connection import Server
from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.modes import DestinationKnown
from mitmproxy.proxy.layers.modes import ReverseProxy
from mitmproxy.proxy.layers.modes import Socks5Proxy
from mitmproxy.proxy.layers.modes import TransparentProxy
from mitmproxy.proxy.tunnel import TunnelLayer

# Clients that speak first do so at once.
_SILENCE = 0.2


class FirstWord(layer.NextLayer):
    """mitmproxy's layer that finds out what a connection speaks. Whoever is asked may have it wait
    for the client (`waits`) and, when it `has_waited`, listen to the server (`listens`).
    """

    waits = False
    has_waited = False
    listens = False
    _silence: commands.RequestWakeup | None = None
    _opening: commands.OpenConnection | None = None
    _is_given_up = False

    @property
    def is_silent(self) -> bool:
        """Whether nobody has said anything so far."""
        return not any(isinstance(event, events.DataReceived) for event in self.events)

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, events.Start):
            self.events.append(event)
            yield from self._begin()
        elif isinstance(event, events.Wakeup):
            yield from self._after_a_while()
        elif isinstance(event, events.OpenConnectionCompleted):
            return  # if it has failed, there is the client to wait for
        elif self._is_of_the_server(event):
            yield from self._hear_the_server(event)
        else:
            yield from self._give_up_the_server()
            yield from super()._handle_event(event)

    def _begin(self) -> layer.CommandGenerator[None]:
        if self.context.client.transport_protocol == "tcp":
            yield from self._ask()
        if self.waits and not self.layer:
            self._silence = commands.RequestWakeup(_SILENCE)
            yield self._silence

    def _after_a_while(self) -> layer.CommandGenerator[None]:
        self.has_waited = True
        if not self.is_silent:
            return
        yield from self._ask()
        if self.listens and not self.layer:
            self._opening = commands.OpenConnection(Server(address=self.context.server.address))
            # For the layers outside it waits as always; here the client is heard meanwhile.
            self._opening.blocking = self  # type: ignore[assignment]
            yield self._opening

    def _hear_the_server(self, event: events.Event) -> layer.CommandGenerator[None]:
        assert self._opening
        if self._is_given_up:
            return
        if isinstance(event, events.DataReceived):
            self.context.server = self._opening.connection
            self._opening = None
            yield from super()._handle_event(event)
        else:
            yield commands.CloseConnection(self.context.client)

    def _give_up_the_server(self) -> layer.CommandGenerator[None]:
        if self._opening and not self._is_given_up:
            self._is_given_up = True
            yield commands.CloseConnection(self._opening.connection)

    def _ask(self) -> layer.CommandGenerator[None]:
        yield from super()._ask()  # type: ignore[no-untyped-call]
        if self.layer:
            self.handle_event = self._handle_event = self._handle = self._go_on  # type: ignore[method-assign]

    def _go_on(self, event: events.Event) -> layer.CommandGenerator[None]:
        """Keep what was only for us from the layer that was found."""
        assert self.layer
        is_ours = isinstance(event, events.Wakeup) and event.command is self._silence
        is_opened = isinstance(event, events.CommandCompleted) and event.command is self._opening
        if not (is_ours or is_opened or self._is_of_the_server(event)):
            yield from self.layer.handle_event(event)

    def _is_of_the_server(self, event: events.Event) -> bool:
        """Whether it happened on the connection on which the server is listened to."""
        return (
            self._opening is not None
            and isinstance(event, events.ConnectionEvent)
            and event.connection is self._opening.connection
        )


class _KnownDestination(DestinationKnown):
    """mitmproxy's layer of a mode in which the destination is known before the client speaks."""

    def finish_start(self) -> layer.CommandGenerator[str | None]:
        """Begin with what comes in a tunnel."""
        listen_to_both(self.child_layer)
        return (yield from super().finish_start())


class _Transparent(_KnownDestination, TransparentProxy):
    pass


class _Socks5(_KnownDestination, Socks5Proxy):
    pass


class _Reverse(_KnownDestination, ReverseProxy):
    pass


_MODES: dict[type, type[layer.Layer]] = {
    ReverseProxy: _Reverse,
    Socks5Proxy: _Socks5,
    TransparentProxy: _Transparent,
}


def listen_to_both(found: layer.Layer | None) -> None:
    """Have a layer that has not started yet be a `FirstWord`, or become one inside if it is that of
    a mode, or of a tunnel through another proxy; others stay.
    """
    while isinstance(found, TunnelLayer):
        found = found.child_layer
    if type(found) is layer.NextLayer:
        found.__class__ = FirstWord
    elif found and type(found) in _MODES:
        found.__class__ = _MODES[type(found)]
