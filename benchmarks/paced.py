"""How late the events of paced streams arrive: many streams at once, each event due at a time."""

import asyncio
import statistics
import time
from dataclasses import dataclass

from benchmarks import questions


@dataclass(frozen=True, slots=True)
class Lateness:
    """Milliseconds after the time that an event was due; and how many events came."""

    p50: float
    p99: float
    events: int


async def _stream(port: int, rate: float, late: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = questions.body(0, stream=True)
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    started = time.perf_counter()
    writer.write(head.encode() + body)
    seen, tail = 0, b""
    while True:
        data = await reader.read(65535)
        now = time.perf_counter() - started
        for _ in range((tail + data).count(b"data: ") - tail.count(b"data: ")):
            seen += 1
            late.append((now - seen / rate) * 1000)
        tail = (tail + data)[-20:]
        if b"[DONE]" in tail or not data:
            break
    writer.close()


async def _all(port: int, streams: int, rate: float) -> list[float]:
    late: list[float] = []
    tasks = []
    for number in range(streams):
        tasks.append(asyncio.create_task(_stream(port, rate, late)))
        if number % 10 == 9:
            await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
    return late


def measure(port: int, streams: int, rate: float) -> Lateness:
    """Streams of `rate` events a second, the first of them due after one interval; one stream
    before them, so that no server is measured while it starts.
    """
    asyncio.run(_all(port, 1, rate))
    late = asyncio.run(_all(port, streams, rate))
    return Lateness(statistics.median(late), statistics.quantiles(late, n=100)[98], len(late))
