"""What recording adds to the arrival of each chunk: from the upstream's write to the client's read.

    python benchmarks/record.py [REQUESTS]

Both run in this process, so they share a clock; rechat runs in a process of its own. The same is
measured without rechat in between. Times are milliseconds.
"""

import http.client
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from process import Rechat
from upstream import Stream, Upstream

WORDS = " ".join(f"word{number}" for number in range(20))


def delays(url: str, upstream: Upstream, count: int) -> tuple[list[float], list[float]]:
    """For the first chunk and for all others: milliseconds between sending and arrival."""
    first, later = [], []
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
        gaps = [(a - s) * 1000 for a, s in zip(arrived, sent, strict=False)]
        first.append(gaps[0])
        later += gaps[1:]
    connection.close()
    return first, later


def row(name: str, values: list[float]) -> str:
    """A line of the table: median and 95th percentile."""
    p95 = statistics.quantiles(values, n=20)[-1]
    return f"| {name} | {statistics.median(values):.2f} | {p95:.2f} |"


def main() -> None:
    """Measure and print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("| from the upstream's write to the client's read, ms | p50 | p95 |\n|---|--:|--:|")
    with Upstream() as upstream, tempfile.TemporaryDirectory() as folder:
        upstream.reply(Stream(delay=0.005))
        with Rechat("record", "-q", upstream.url, folder=Path(folder)) as rechat:
            for name, url in (("direct", upstream.url), ("rechat record", rechat.url)):
                first, later = delays(url, upstream, count)
                print(row(f"{name}, first chunk", first))
                print(row(f"{name}, later chunks", later))


main()
