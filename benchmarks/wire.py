"""What passed between programs on this machine, by the kernel's own clock: neither of them is asked, so
neither can be wrong about it. Needs Linux, and the right to read packets (root).

As a program, `python -m benchmarks.wire PORT PATH`, it notes until it is terminated.
"""

import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import Missing

_IPV4, _TIMESTAMPS, _FILTER, _FORCED_BUFFER = 0x0800, 35, 26, 33
_MOST = 1 << 28
_HEAD = struct.Struct("<dHHI")
_STAMP = struct.Struct("@qq")


@dataclass(frozen=True, slots=True)
class Packet:
    """Bytes that passed at a time of the day, in seconds; `is_asked` if they went to the server."""

    at: float
    client: int
    is_asked: bool
    data: bytes


class Heard:
    """The packets of a server's port, there once nobody listens any more."""

    def __init__(self) -> None:
        self.packets: tuple[Packet, ...] = ()


@contextmanager
def listening(port: int, path: Path) -> Iterator[Heard]:
    """Note what passes to and from a port, up to the end of the block. Raises `Missing`."""
    command = [sys.executable, "-m", "benchmarks.wire", str(port), str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdout
        if process.stdout.readline() != b"ready\n":
            raise Missing("packets can be read only on Linux, and as root")
        heard = Heard()
        try:
            yield heard
        finally:
            time.sleep(0.1)  # the last packets
            process.send_signal(signal.SIGINT)
            process.wait()
    heard.packets = tuple(sorted(_packets(path, port), key=lambda one: one.at))


def _packets(path: Path, port: int) -> Iterator[Packet]:
    noted, at = path.read_bytes(), 0
    while at < len(noted):
        when, source, target, size = _HEAD.unpack_from(noted, at)
        at += _HEAD.size
        client = source if target == port else target
        yield Packet(when, client, target == port, noted[at : at + size])
        at += size


def _filter(port: int) -> list[tuple[int, int, int, int]]:
    """The packet filter `tcp port PORT`, so that nothing is woken by the traffic of others."""
    return [
        *((0x30, 0, 0, 23), (0x15, 0, 6, socket.IPPROTO_TCP), (0xB1, 0, 0, 14)),
        *((0x48, 0, 0, 14), (0x15, 2, 0, port), (0x48, 0, 0, 16), (0x15, 0, 1, port)),
        *((0x06, 0, 0, 1 << 18), (0x06, 0, 0, 0)),
    ]


def _listen(port: int, path: Path) -> None:
    heard = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_IPV4))
    code = b"".join(struct.pack("HBBI", *line) for line in _filter(port))
    kept = ctypes.create_string_buffer(code)
    program = struct.pack("HL", len(code) // 8, ctypes.addressof(kept))
    heard.setsockopt(socket.SOL_SOCKET, _FILTER, program)
    heard.setsockopt(socket.SOL_SOCKET, _FORCED_BUFFER, _MOST)
    heard.setsockopt(socket.SOL_SOCKET, _TIMESTAMPS, 1)
    heard.bind(("lo", _IPV4))
    print("ready", flush=True)
    noted: list[bytes] = []
    with suppress(KeyboardInterrupt):
        while True:
            packet, told, _, _ = heard.recvmsg(1 << 17, 64)
            seconds, nanoseconds = _STAMP.unpack(told[0][2])
            noted.append(_payload(packet, seconds + nanoseconds / 1e9))
    path.write_bytes(b"".join(noted))


def _payload(packet: bytes, at: float) -> bytes:
    """What TCP carries, with its ports; empty if it carries nothing."""
    ip = 14
    tcp = ip + (packet[ip] & 15) * 4
    end = ip + int.from_bytes(packet[ip + 2 : ip + 4])
    data = packet[tcp + (packet[tcp + 12] >> 4) * 4 : end]
    source, target = struct.unpack_from("!HH", packet, tcp)
    return _HEAD.pack(at, source, target, len(data)) + data if data else b""


if __name__ == "__main__":
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))  # it sleeps, but for each packet
    _listen(int(sys.argv[1]), Path(sys.argv[2]))
