"""Where the server listens."""

from dataclasses import dataclass

from rechat.proxy.interception.local_mode import widened
from rechat.proxy.interception.modes import bound
from rechat.proxy.interception.modes import is_private
from rechat.proxy.interception.process_group import ProcessGroup


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen: one address, more ports for upstreams of their own, and mitmproxy's modes
    beside it. `origins` are those of web pages that may ask; `trusted` is a file of the
    certificates that upstreams may have. It `polls` if edits are to be looked for, and
    `asks_each` if a request that is saved goes to every upstream of its route. Those `for_tests`
    make no certificate before a client wants it. The `local` mode catches the programs of a `group`
    if there is one.
    """

    host: str = "localhost"
    port: int = 8910
    more_ports: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    coalesces: bool = True
    origins: tuple[str, ...] = ()
    trusted: str = ""
    polls: bool = False
    asks_each: bool = False
    for_tests: bool = False
    group: ProcessGroup | None = None

    def specs(self) -> list[str]:
        """The modes in mitmproxy's words, each with its address. Raises `UsageError` for what is
        none.
        """
        ports = (self.port, *self.more_ports)
        own = [f"regular@{self.host}:{port}" for port in ports]
        return own + [bound(widened(mode), self.host) for mode in self.modes]

    @property
    def is_private(self) -> bool:
        """Whether only programs of this machine can ask."""
        return is_private(self.specs())
