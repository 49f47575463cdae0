"""mitmproxy's modes as rechat starts them: each bound to one address, and told in a line."""

from collections.abc import Sequence

from mitmproxy.net import local_ip
from mitmproxy.proxy import mode_specs
from mitmproxy.proxy.mode_servers import ServerInstance
from mitmproxy.proxy.mode_servers import WireGuardServerInstance

from rechat.proxy.access import is_loopback
from rechat.values import UsageError

_LOOPBACK = "127.0.0.1"


def bound(spec: str, host: str) -> str:
    """A mode that listens at `host` unless it names an address itself: mitmproxy would listen at
    all. Raises `UsageError` for what is no mode.
    """
    mode = _parse(spec)
    port = mode.listen_port()
    if mode.custom_listen_host is not None or port is None:
        return spec
    name = f"{mode.type_name}:{mode.data}" if mode.data else mode.type_name
    # Sockets of UDP take no names.
    is_named = mode.transport_protocol != "tcp" and host == "localhost"
    return f"{name}@{_LOOPBACK if is_named else host}:{port}"


def is_private(specs: Sequence[str]) -> bool:
    """Whether only programs of this machine can reach the listeners of these modes."""
    modes = map(_parse, specs)
    return all(is_loopback(mode.listen_host()) for mode in modes if mode.listen_port() is not None)


def described(server: ServerInstance[mode_specs.ProxyMode]) -> str:
    """What is told of a mode that is up: in the first line where it listens; for WireGuard, the
    file that its client needs follows as it is.
    """
    mode = server.mode
    name = f"{mode.type_name}:{mode.data}" if mode.data else mode.type_name
    places = dict.fromkeys(f"{address[0]}:{address[1]}" for address in server.listen_addrs)
    where = f"{name} at {', '.join(places)}" if places else name
    if not isinstance(server, WireGuardServerInstance):
        return where
    return f"{where}, for clients with this configuration:\n{_for_clients(server)}"


def _for_clients(server: WireGuardServerInstance) -> str:
    """Its end is where we listen, or an address of ours that others can reach if that is all."""
    host, port, *_ = server.listen_addrs[0]
    reachable = (local_ip.get_local_ip() if host == "0.0.0.0" else None) or host  # noqa: S104
    before, end, _ = (server.client_conf() or "").rpartition("Endpoint = ")
    return f"{before}{end}{reachable}:{port}"


def _parse(spec: str) -> mode_specs.ProxyMode:
    try:
        return mode_specs.ProxyMode.parse(spec)
    except ValueError as error:
        raise UsageError(f"--mode {spec}: {error}") from None
