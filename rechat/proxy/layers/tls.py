"""mitmproxy's TLS layer with fewer steps for the requests that were answered before."""

from contextlib import suppress

from mitmproxy.proxy import commands
from mitmproxy.proxy import events
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.tls import ClientTLSLayer
from OpenSSL import SSL

from rechat.proxy.layers.hit_layer import HitLayer

_BUFFER = 65535
# A record of TLS: its kind, a version, the length of what follows; no more than 16 KB and a bit.
_HEADER = 5
_DATA_RECORD = b"\x17"


class HitTLSLayer(ClientTLSLayer):
    """mitmproxy's TLS layer with fewer steps. A request that fits into one record, as most do, is
    one read of OpenSSL, and not a second one to learn that there is no more; and if it was asked
    before, its answer leaves here.
    """

    # How many bytes the last record still lacks; None if that cannot be told.
    _missing: int | None = 0

    def receive_data(self, data: bytes) -> layer.CommandGenerator[None]:
        """Give what the client said to the layer inside."""
        if self._missing != 0 or not is_record(data):
            self._missing = missing_after(self._missing, data)
            yield from super().receive_data(data)
            return
        self.tls.bio_write(data)
        try:
            said = self.tls.recv(len(data))
        except SSL.Error:
            # No data of the client's: an alert, a new key. It is all in OpenSSL's hands already.
            yield from super().receive_data(b"")
            return
        child = self.child_layer
        inside = child.layer if isinstance(child, layer.NextLayer) else child
        answer = inside.at_once(said) if type(inside) is HitLayer else None
        if answer is None:
            yield from self.event_to_child(events.DataReceived(self.conn, said))
        else:
            yield from self.send_data(answer)

    def tls_interact(self) -> layer.CommandGenerator[None]:
        """Send what OpenSSL has ready; less than was asked for is all of it."""
        with suppress(SSL.WantReadError):
            while True:
                data = self.tls.bio_read(_BUFFER)
                yield commands.SendData(self.conn, data)
                if len(data) < _BUFFER:
                    break


def is_record(data: bytes) -> bool:
    """Whether this is one whole record of data (RFC 8446, section 5.1)."""
    return data[:1] == _DATA_RECORD and len(data) == _HEADER + int.from_bytes(data[3:_HEADER])


def missing_after(missing: int | None, data: bytes) -> int | None:
    """How many bytes the last record lacks after more data; None if its length is not known."""
    if missing is None:
        return None
    end = missing
    while end < len(data):
        if len(data) - end < _HEADER:
            return None
        end += _HEADER + int.from_bytes(data[end + 3 : end + _HEADER])
    return end - len(data)
