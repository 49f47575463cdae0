"""What recording adds to the arrival of each chunk: from the upstream's write to the client's read.

The upstream and the client are in this process, so they share a clock; rechat has a process of its
own. The same is measured without rechat in between.
"""

import http.client
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from process import Rechat
from upstream import Stream
from upstream import Upstream

WORDS = " ".join(f"word{number}" for number in range(20))


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds to the first chunk, and to the later ones: the median and the 95th percentile."""

    first: tuple[float, float]
    later: tuple[float, float]
    is_held_back: bool


def _delays(url: str, upstream: Upstream, count: int) -> Delay:
    first, later = [], []
    is_held_back = False
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    for number in range(count):
        message = {"role": "user", "content": f"{url} {number} {WORDS}"}
        body = json.dumps({"model": "m", "stream": True, "messages": [message]})
        connection.request("POST", "/v1/chat/completions", body)
        response = connection.getresponse()
        arrived = []
        while piece := response.read1():
            arrived += [time.perf_counter()] * piece.count(b"data: ")
        sent = upstream.requests[-1].sent_at
        is_held_back |= any(a > s for a, s in zip(arrived, sent[1:], strict=False))
        gaps = [(a - s) * 1000 for a, s in zip(arrived, sent, strict=False)]
        first.append(gaps[0])
        later += gaps[1:]
    connection.close()
    return Delay(_row(first), _row(later), is_held_back)


def _row(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), statistics.quantiles(values, n=20)[-1]


def measure(count: int) -> dict[str, Delay]:
    """So many streams, without rechat and through `rechat record`."""
    with Upstream() as upstream, tempfile.TemporaryDirectory() as folder:
        upstream.reply(Stream(delay=0.005))
        with Rechat("record", "-q", upstream.url, folder=Path(folder)) as rechat:
            return {
                "direct": _delays(upstream.url, upstream, count),
                "rechat record": _delays(rechat.url, upstream, count),
            }
