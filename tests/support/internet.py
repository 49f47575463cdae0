"""An internet of the test's own: hosts with names and certificates, and a proxy that leads there.

with Internet(tmp_path, "api.example", "other.example") as internet:
    ...  # HTTPS_PROXY=internet.proxy, trusting internet.authority, finds both
    assert internet["api.example"].requests
"""

import socket
import threading
from contextlib import ExitStack
from contextlib import suppress
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.x509 import DNSName
from listening import Listening
from mitmproxy.certs import CertStore
from upstream import Upstream

_PLAIN = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


class Authority:
    """A private authority for certificates; `file` is its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = CertStore.from_store(folder, "private", 2048)
        self.file = folder / "private-ca-cert.pem"

    def certify(self, name: str, *others: str) -> tuple[Path, Path]:
        """The files of a certificate for a host (and others), and of its key."""
        entry = self._store.get_cert(name, [DNSName(each) for each in (name, *others)])
        cert, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        cert.write_bytes(entry.cert.to_pem())
        key.write_bytes(entry.privatekey.private_bytes(*_PLAIN))
        return cert, key


class Internet(Listening):
    """Hosts that answer as models do, on port 443 of their names, behind a proxy that only knows
    `CONNECT`. `asked` is whom it was asked for.
    """

    def __init__(self, folder: Path, *names: str) -> None:
        super().__init__()
        self.authority = Authority(folder)
        self.hosts = {name: Upstream(tls=self.authority.certify(name)) for name in names}
        self.asked: list[str] = []
        self._open = ExitStack()

    def __getitem__(self, name: str) -> Upstream:
        return self.hosts[name]

    @property
    def proxy(self) -> str:
        """The URL of the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        for host in self.hosts.values():
            self._open.enter_context(host)
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._open.close()

    def serve(self, connection: socket.socket) -> None:
        threading.Thread(target=self._connect, args=(connection,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            target = client.recv(65535).decode().split(" ")[1]
            self.asked.append(target)
            host = self.hosts.get(target.removesuffix(":443"))
            if not host:
                client.sendall(b"HTTP/1.1 502 No such host\r\n\r\n")
                return
            at = ("127.0.0.1", int(host.url.removesuffix("/v1").rpartition(":")[2]))
            with socket.create_connection(at) as server:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join()


def _copy(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65535):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)
