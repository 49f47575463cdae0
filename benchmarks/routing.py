"""What a gateway before one upstream adds to the time to the first token: from the client's request
to the first event that it reads. The gateways and the upstream itself are asked in turns.
"""

import http.client
import json
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.servers import Running

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from upstream import Upstream

__all__ = ["First", "Upstream", "measure"]

DIRECT = "the upstream itself"
# Connections and caches are there after so many.
_FIRST = 10


@dataclass(frozen=True, slots=True)
class First:
    """Milliseconds to the first token: the median and the 95th percentile; `added` to what the
    upstream takes, `cpu` those of CPU time for the whole of an answer, and `told`, what the gateway
    says of itself (None if it says nothing).
    """

    p50: float
    p95: float
    added: float
    cpu: float
    told: float | None


def measure(upstream: str, gateways: Mapping[str, Running], count: int) -> dict[str, First]:
    """So many streams of each gateway, and of the upstream itself, which is the first."""
    connections = {DIRECT: _connection(upstream)}
    connections |= {name: _connection(gateway.url) for name, gateway in gateways.items()}
    took: dict[str, list[float]] = {name: [] for name in connections}
    told: dict[str, list[float]] = {name: [] for name in connections}
    for number in range(-_FIRST, count):
        if number == 0:
            before = {name: gateway.cpu for name, gateway in gateways.items()}
        for name, connection in connections.items():
            milliseconds, said = _ask(connection, f"{name} {number}")
            if number >= 0:
                took[name].append(milliseconds)
                told[name] += [float(said)] if said else []
    for connection in connections.values():
        connection.close()
    direct = statistics.median(took[DIRECT])
    return {
        name: First(
            statistics.median(found),
            statistics.quantiles(found, n=20)[-1],
            statistics.median(found) - direct,
            (gateways[name].cpu - before[name]) * 1000 / count if name in gateways else 0.0,
            statistics.median(told[name]) if told[name] else None,
        )
        for name, found in took.items()
    }


def _connection(url: str) -> http.client.HTTPConnection:
    address = urlsplit(url)
    return http.client.HTTPConnection(address.hostname or "", address.port)


def _ask(connection: http.client.HTTPConnection, words: str) -> tuple[float, str | None]:
    message = {"role": "user", "content": words}
    body = json.dumps({"model": "m", "stream": True, "messages": [message]})
    headers = {"content-type": "application/json", "authorization": "Bearer key"}
    started = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", body, headers)
    response = connection.getresponse()
    response.readline()
    milliseconds = (time.perf_counter() - started) * 1000
    response.read()
    assert response.status == http.HTTPStatus.OK, response.status
    return milliseconds, response.headers["x-litellm-overhead-duration-ms"]
